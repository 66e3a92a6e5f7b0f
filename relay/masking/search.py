"""Where a text writes a mailbox, a host or a word: plain searches, then a bounded look around.

Linear in the text for each entry that is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from relay.masking.spelling import Forms, domain_forms
from relay.masking.squeezed import Squeezed

_NAME_CHARS = re.compile(r"[A-Za-z0-9._+-]*")
_TAG = re.compile(r"[a-z0-9._=+-]{0,80}")
_LABELS = re.compile(r"(?:[a-z0-9_-]{1,63}\.){0,8}")
# What programs that lose the blanks leave in front of an address.
_LABEL = re.compile(
    r"(?<![^\W_])(?:(?:e-?mail|mail|mailto|from|von|to|an|cc|by)[._-]?|[0-9]{5,12})$", re.IGNORECASE
)
_SHORT = 5  # characters of a local part
_BROKEN = frozenset('\n\v>"(')
_LONGEST = 320  # characters of an address, RFC 5321 section 4.5.3.1


def mailbox(squeezed: Squeezed, wanted: Forms) -> Iterator[tuple[int, int]]:
    """Where the source writes the mailbox."""
    text = squeezed.text
    if not any(local in text for local in wanted.locals) and not wanted.ignore_dots:
        return
    for domain in wanted.domains:
        at = text.find(domain)
        while at >= 0:
            found = _whole(text, at, at + len(domain), wanted)
            if found and (place := _bounded(squeezed, *found, wanted)):
                yield place
            at = text.find(domain, at + 1)


def domain(squeezed: Squeezed, name: str) -> Iterator[tuple[int, int, str]]:
    """Addresses at the domain (`colleague`) and hosts in it (`host`), whatever stands before."""
    source = squeezed.source
    for form in domain_forms(name):
        at = squeezed.text.find(form)
        while at >= 0:
            start, end = squeezed.origin(at, at + len(form))
            if not source[end : end + 1].isalnum():
                start, kind = _back(source, start), "host"
                if source[max(0, start - 1) : start] == "@":
                    start, kind = _back(source, start - 1), "colleague"
                yield start, end, kind
            at = squeezed.text.find(form, at + 1)


def word(squeezed: Squeezed, needle: str) -> Iterator[tuple[int, int]]:
    """An entry, squeezed already, as a word of its own."""
    source = squeezed.source
    at = squeezed.text.find(needle)
    while at >= 0:
        start, end = squeezed.origin(at, at + len(needle))
        before, after = source[max(0, start - 1) : start], source[end : end + 1]
        if not (_joined(before, needle[0]) or _joined(needle[-1], after)):
            yield start, end
        at = squeezed.text.find(needle, at + 1)


def anywhere(squeezed: Squeezed, needle: str) -> Iterator[tuple[int, int]]:
    """An entry that no chance would write, whatever stands around it."""
    at = squeezed.text.find(needle)
    while at >= 0:
        yield squeezed.origin(at, at + len(needle))
        at = squeezed.text.find(needle, at + len(needle))


def _back(source: str, end: int) -> int:
    """Where the run of name characters that ends at `end` begins, within 80 characters."""
    run = _NAME_CHARS.match(source[max(0, end - 80) : end][::-1])
    return end - (run.end() if run else 0)


def _whole(text: str, start: int, end: int, wanted: Forms) -> tuple[int, int] | None:
    """The address whose domain ends with text[start:end]."""
    before = text[start - 1 : start]
    at = start - 1
    if before == ".":  # a host below the domain
        at = text.rfind("@", max(0, start - _LONGEST), start)
        if at < 0 or not _LABELS.fullmatch(text, at + 1, start):
            return None
        if text.startswith(wanted.domains, at + 1):  # the next word is a host of the same domain
            return None
    elif before != "@":
        return None
    begin = _local(text, at, wanted)
    return None if begin is None else (begin, end)


def _local(text: str, at: int, wanted: Forms) -> int | None:
    """Where the local part before text[at] begins, if it is the mailbox's."""
    end = at
    if text[end - 1 : end] == ")":  # a comment
        end = max(text.rfind("(", max(0, end - _LONGEST), end), 0)
    quoted = text[end - 1 : end] == '"'
    if quoted:
        end -= 1
    for local in wanted.locals:
        if text.endswith(local, 0, end):
            return _opened(text, end - len(local), quoted)
        tag = text.rfind(local + "+", max(0, end - _LONGEST), end)
        if tag >= 0 and _TAG.fullmatch(text, tag + len(local) + 1, end):
            return _opened(text, tag, quoted)
    return _dotted(text, end, wanted) if wanted.ignore_dots else None


def _opened(text: str, start: int, quoted: bool) -> int:
    return start - 1 if quoted and text[start - 1 : start] == '"' else start


def _dotted(text: str, end: int, wanted: Forms) -> int | None:
    """The same where dots mean nothing: each character is compared, dots are passed over."""
    window = text[max(0, end - _LONGEST) : end]
    plus = window.rfind("+")
    if plus >= 0 and _TAG.fullmatch(window, plus + 1):
        end -= len(window) - plus
    for local in wanted.locals:
        letters, place = local.replace(".", ""), end
        for letter in reversed(letters):
            place -= 1
            while place > 0 and text[place] == ".":
                place -= 1
            if place < 0 or text[place] != letter:
                break
        else:
            return place
    return None


def _bounded(squeezed: Squeezed, start: int, end: int, wanted: Forms) -> tuple[int, int] | None:
    """The place in the source, unless it is a part of somebody else's address."""
    first, last = squeezed.origin(start, end)
    source = squeezed.source
    before, after = source[max(0, first - 2) : first], source[last : last + 2]
    joined = before and (_letter(before[-1]) or (before[-1] in "._+-" and _letter(before[0])))
    if joined and not _begins(source, first):
        return None
    if after and not _apart(source[last - 1], after):
        return None
    # "to bias@corp" is not tobias@corp: blanks within a short name must be a broken line.
    name = source[first:last].partition("@")[0]
    if min(map(len, wanted.locals)) < _SHORT and " " in name.strip():
        return None if _BROKEN.isdisjoint(name) else (first, last)
    return first, last


def _begins(source: str, start: int) -> bool:
    """Whether an address begins here for all that stands before: `E-maildana@` or `MailDana@`."""
    if source[start - 1].islower() and source[start].isupper():
        return True
    return _LABEL.search(source, max(0, start - 12), start) is not None


def _apart(last: str, after: str) -> bool:
    """Whether a domain ends here: in `corp.test-` and `corp.testMobile`, not in `corp.testing`."""
    if after[0] == "-":
        return not _letter(after[-1])
    return not _letter(after[0]) or (last.islower() and after[0].isupper())


def _joined(one: str, two: str) -> bool:
    """Whether two neighbours belong to one word."""
    return bool(one and two) and _letter(one) and _letter(two)


def _letter(char: str) -> bool:
    """Whether it belongs to the same word as a Latin letter: scripts without blanks do not."""
    return char.isalnum() and char < "\u0590"
