"""Where do the links lead, and do they say so?"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from screening.case import Case, Disposition, Finding
from screening.disguise import mixed
from screening.domains import organisational
from screening.evidence import noted
from screening.markup import Link
from screening.wordlists import lists

_HOST = re.compile(r"(?:https?://|www\.)?((?:[\w-]+\.)+[a-z]{2,24})\b", re.IGNORECASE)
_SHOWN = re.compile(r"\s*(?:https?://|www\.)[^\s/@]+\.[a-z]{2,}\S*\s*", re.IGNORECASE)
_NUMERIC = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}|0x[0-9a-f]+|\d{8,10}", re.IGNORECASE)
_TRACKED = re.compile(
    r"[?&](?:utm_\w+|mc_[ce]id|_hsenc|_hsmi|hs\w*|trk|ref|vero_id|sfmc_id)=", re.I
)
_SENT = re.compile(
    r"(?:^|\.)(?:click|clicks|track|tracking|links?|email|go|trk|url\d*|t)\d*\.", re.I
)
_LINKED = re.compile(r"href|://|www\.|<input", re.IGNORECASE)
_MANY = 5


def misleading(case: Case) -> Finding | None:
    """Links whose text names another host than they lead to, or whose host mixes scripts."""
    if not _LINKED.search(case.message.html or case.message.text):
        return None
    reading = case.reading
    for link in reading.links:
        host = _host(link.target)
        if any(mixed(label) for label in _decoded(host).split(".")):
            reason = "a link leads to a host whose name imitates another"
            return Finding("links", Disposition.REJECT, reason)
        if _lies(link, host):
            grave = "credential" in reading or "password" in reading.seen.fields
            reason = "the text of a link names another host than it leads to"
            return Finding("links", Disposition.REJECT if grave else Disposition.HOLD, reason)
    if "password" in reading.seen.fields:
        return Finding("links", Disposition.REJECT, "it has a form that asks for a password")
    return None


def links(case: Case) -> tuple[Finding, ...]:
    """Code hosts for a message; shorteners, calendars and counted clicks against it."""
    reading = case.reading
    hosts = {_host(link.target) for link in reading.links} - {""}
    targets = [link.target for link in reading.links]
    checks = (
        ("code_host", any(_among(host, "code") for host in hosts), "it points to code or a paper"),
        ("shortener", any(_among(host, "short") for host in hosts), "its links are shortened"),
        ("calendar", any(_among(host, "calendar") for host in hosts), "it links to a calendar"),
        ("form_host", any(_among(host, "form") for host in hosts), "it links to a form"),
        ("chat_host", any(_among(host, "chat") for host in hosts), "it leads to a messenger"),
        ("numeric", any(_NUMERIC.fullmatch(host) for host in hosts), "it links to a bare address"),
        ("tracked", _tracked(case, targets), "it counts who opens it or clicks"),
        ("many_links", len(hosts) >= _MANY, "it has many links"),
        ("linked", bool(hosts), "it has a link"),
    )
    return tuple(noted(name, reason) for name, found, reason in checks if found)


def _tracked(case: Case, targets: list[str]) -> bool:
    counted = any(_TRACKED.search(target) for target in targets)
    return counted or case.reading.seen.pixels > 0 or any(_SENT.search(_host(t)) for t in targets)


def _lies(link: Link, host: str) -> bool:
    """Known gateways wrap every link in one of their own, and honest text then names the target."""
    if not host or _SHOWN.fullmatch(link.shown) is None or _among(host, "wrapper"):
        return False
    named = _HOST.match(link.shown.strip())
    if named is None:
        return False
    return organisational(_encoded(named[1])) != organisational(_encoded(host))


def _host(target: str) -> str:
    bare = target if "//" in target else f"//{target}" if target.lower().startswith("www.") else ""
    try:
        return (urlsplit(bare).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _encoded(host: str) -> str:
    try:
        return host.lower().encode("idna").decode()
    except UnicodeError:
        return host.lower()


def _decoded(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def _among(host: str, kind: str) -> bool:
    """Whether the host or a domain above it is in this section of hosts.txt."""
    labels = host.lower().split(".")
    known = lists("screening.rules", "hosts.txt")[kind]
    if kind == "code" and labels[0] in ("git", "gitlab", "gitea", "code", "src"):
        return True
    return any(".".join(labels[start:]) in known for start in range(len(labels) - 1))
