"""The settings that are one of a few words."""

from __future__ import annotations

from enum import StrEnum


class Policy(StrEnum):
    """What becomes of a first contact that no rule rejects."""

    OPEN = "open"  # it is forwarded
    BALANCED = "balanced"  # what is doubtful is asked back or held
    STRICT = "strict"  # it is held


class Names(StrEnum):
    """What the other side sees of a name in what mail programs write."""

    FULL = "full"
    FIRST = "first"
    HIDDEN = "hidden"


class TypedAddresses(StrEnum):
    """What becomes of an own address that someone typed into new text."""

    MASK = "mask"
    ASK = "ask"
    ALLOW = "allow"


class EmployerWarning(StrEnum):
    """When a candidate writes from what looks like an employer's address."""

    TELL = "tell"  # the message goes on, and they are told that their employer may read along
    HOLD = "hold"  # it waits until they answer
    OFF = "off"


class Transport(StrEnum):
    MAILDIR = "maildir"
    SMTP = "smtp"  # a smarthost
    MX = "mx"  # straight to the recipient's exchangers


class Tls(StrEnum):
    """TLS on the way to the next host."""

    OPPORTUNISTIC = "opportunistic"
    REQUIRED = "required"
    OFF = "off"


class ScannerFailure(StrEnum):
    """What becomes of a message while an outside scanner does not answer."""

    DEFER = "defer"
    SKIP = "skip"


class Every(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    TEXT = "text"
    JSON = "json"
