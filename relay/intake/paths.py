"""Paths on MAIL and RCPT commands (RFC 5321 section 4.1.2): strict, linear, without routes."""

from __future__ import annotations

import re

LONGEST_PATH = 256
# What may not stand in each: a hundredth of the time that it takes to compile what may, which is
# all beyond ASCII too (RFC 6531 section 3.3).
_ATOM = r"[^\x00- \"(),.:;<>@\[\\\]\x7f]+"
_QUOTED = r'"(?:[^\x00-\x1f\"\\\x7f]|\\[ -~])*"'
_LABEL = r"[^\x00-,./:-@\[-^`{-\x7f]+"
_DOMAIN = rf"(?:{_LABEL}\.)*{_LABEL}\.?"
_MAILBOX = re.compile(rf"(?:{_ATOM}(?:\.{_ATOM})*|{_QUOTED})@(?:{_DOMAIN}|\[[0-9A-Fa-f.:IPv]+\])")
_BARE = re.compile(r"postmaster", re.IGNORECASE)


def path_of(argument: str) -> tuple[str | None, str]:
    """The address of `<address> parameters`, and the parameters; None if it is no address.

    The null reverse path is "<>". A bare address without brackets is taken, as many servers do.
    """
    argument = argument.strip()
    if argument.startswith("<"):
        path, closed, rest = _bracketed(argument)
        if not closed or rest[:1] not in ("", " "):
            return None, ""
    else:
        path, _, rest = argument.partition(" ")
    if path == "" and argument.startswith("<"):
        return "<>", rest.strip()
    known = _MAILBOX.fullmatch(path) or _BARE.fullmatch(path)
    if len(path) > LONGEST_PATH or not known or not path.isprintable():
        return None, ""
    return path, rest.strip()


def _bracketed(argument: str) -> tuple[str, bool, str]:
    """The text within the first pair of brackets; those within quotes do not count."""
    quoted = False
    for place, sign in enumerate(argument):
        if sign == '"' and argument[place - 1] != "\\":
            quoted = not quoted
        elif sign == ">" and not quoted:
            return argument[1:place], True, argument[place + 1 :]
    return argument, False, ""
