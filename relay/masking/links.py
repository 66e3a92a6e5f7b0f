"""Links that a mail filter has wrapped, with its customer's mark in them, back to the original."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urlsplit

from relay.masking.ledger import Ledger

_MOST_WRAPPINGS = 5
_URL = re.compile(r"https?://[^\s<>\"'\[\]{}|^`]{4,8000}", re.IGNORECASE)
_WEB = re.compile(r"(?:https?|ftp|mailto):[^\s]", re.IGNORECASE)

# These hosts do nothing but wrap.
_SEALED = re.compile(
    r"https?://(?:[\w-]{1,63}\.){0,5}(?:safelinks\.protection\.|protection\.sophos\.com|avanan\.click"
    r"|urldefense\.|linkprotect\.cudasvc\.com|secure-web\.cisco\.com|mimecastprotect\.com"
    r"|outlook\.inky\.com/link|clicktime\.symantec\.com|clicktime\.cloud\.postoffice\.net"
    r"|url\.emailprotection\.link|protect-[a-z]{2,4}\.mimecast\.com)",
    re.IGNORECASE,
)
LOST = "[a link that only its sender's mail filter can open]"

# The original stands in this parameter of the query.
_IN_PARAMETER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("safelinks.protection.outlook.com", ("url",)),
    ("safelinks.protection.office365.us", ("url",)),
    ("statics.teams.cdn.office.net", ("url",)),
    ("linkprotect.cudasvc.com", ("a",)),
    ("google.com/url", ("q", "url")),
    ("clicktime.symantec.com", ("u",)),
    ("clicktime.cloud.postoffice.net", ("u",)),
    ("trendmicro.com", ("url",)),
    ("fireeye.com", ("u",)),
    ("fortinet.com", ("u", "url")),
    ("linklock.titanhq.com", ("url",)),
    ("link.edgepilot.com", ("u",)),
    ("atpscan.global.hornetsecurity.com", ("url",)),
    ("greathorn.com", ("url",)),
    ("emailprotection.link", ("url",)),
    ("slack-redir.net", ("url",)),
    ("facebook.com/l.php", ("u",)),
    ("linkedin.com/redir", ("url",)),
    ("linkedin.com/safety/go", ("url",)),
    ("duckduckgo.com/l/", ("uddg",)),
    ("youtube.com/redirect", ("q",)),
    ("bitdefender.com", ("url",)),
    ("zscaler", ("url", "origurl")),
    ("scanmail.trustwave.com", ("u",)),
    ("urlsand.esvalabs.com", ("u",)),
)


def unwrapped(url: str) -> str:
    """The original of a wrapped link, however often it was wrapped; any other link as it is.

    Where the wrapping shows the host alone, that is the host's own page; where it shows nothing,
    nothing is left, for the link would name the one it was made for.
    """
    for _ in range(_MOST_WRAPPINGS):
        inner = _once(url)
        if not inner or inner == url or not _WEB.match(inner):
            break
        url = inner
    return "" if _SEALED.match(url) else url


def unwrapped_in(text: str, ledger: Ledger) -> str:
    """A text with every wrapped link in it unwrapped."""
    if "://" not in text:
        return text

    def one(found: re.Match[str]) -> str:
        url = found[0]
        original = unwrapped(url)
        if not original:
            ledger.remove("a wrapped link", "it names the one it was made for")
        elif original != url:
            ledger.remove(
                "a wrapped link", "it names the one it was made for; the original is back"
            )
        return original or LOST

    return _URL.sub(one, text)


def _once(url: str) -> str:
    place = url.lower().partition("?")[0]
    reader = next((read for sign, read in _READERS if sign in place), None)
    if reader is None:
        return ""
    try:
        return reader(url)
    except (ValueError, binascii.Error, UnicodeError):
        return ""


def _parameter(names: tuple[str, ...]) -> Callable[[str], str]:
    def read(url: str) -> str:
        query = parse_qs(urlsplit(url.replace("&amp;", "&")).query, max_num_fields=50)
        return next((query[name][0] for name in names if name in query), "")

    return read


def _proofpoint(url: str) -> str:
    """Versions 1 to 3, as the maker's decoder documents them."""
    parts = urlsplit(url)
    if "/v3/" in url:
        return _third(url)
    coded = parse_qs(parts.query, max_num_fields=50).get("u", [""])[0]
    if "/v2/" in parts.path:
        coded = coded.replace("-", "%").replace("_", "/")
    return unquote(coded)


def _third(url: str) -> str:
    """`__URL__;BYTES!!...`: characters that were taken out stand in BYTES, `*` where they were."""
    start = url.find("__") + 2
    end = url.rfind("__;")
    if start < 2 or end <= start:
        return ""
    coded, rest = url[start:end], url[end + 3 :]
    packed = rest.partition("!")[0]
    taken = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode("utf-8", "replace")
    at, parts = 0, []
    pieces = re.split(r"(\*\*[A-Za-z0-9_-]|\*)", coded)
    for piece in pieces:
        if piece == "*":
            parts.append(taken[at : at + 1])
            at += 1
        elif piece.startswith("**"):
            length = _RUN_LENGTHS.index(piece[2]) + 2
            parts.append(taken[at : at + length])
            at += length
        else:
            parts.append(piece)
    original = "".join(parts)
    return re.sub(r"^(https?):/(?!/)", r"\1://", original)


_RUN_LENGTHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _mimecast(url: str) -> str:
    """Only the maker's server knows the whole original; the link itself shows its host."""
    query = parse_qs(urlsplit(url).query, max_num_fields=50)
    return query.get("url", query.get("u", [""]))[0] or _host(url)


def _host(url: str) -> str:
    """The same of others."""
    host = parse_qs(urlsplit(url).query, max_num_fields=50).get("domain", [""])[0]
    return f"https://{host}/" if re.fullmatch(r"[\w.-]{3,253}", host) else ""


def _sophos(url: str) -> str:
    coded = parse_qs(urlsplit(url).query, max_num_fields=50).get("u", [""])[0].replace(" ", "+")
    return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-8")


def _cisco(url: str) -> str:
    return unquote(url.rpartition("/")[2].partition("?")[0])


def _avanan(url: str) -> str:
    return url.partition("___")[2].partition("___")[0]


_READERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    *((sign, _parameter(names)) for sign, names in _IN_PARAMETER),
    ("urldefense.", _proofpoint),
    ("mimecast", _mimecast),
    ("outlook.inky.com", _host),
    ("protection.sophos.com", _sophos),
    ("secure-web.cisco.com", _cisco),
    ("avanan.click", _avanan),
    ("checkpoint.com/v2", _avanan),
)
