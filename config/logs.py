"""Structured logs on stderr: what happened, with ids and sizes; never an address.

`get(__name__).info("carried", item=item.id, bytes=size)`. Messages are ours and in the past tense,
what varies are fields. Writing a line never raises: a full disk must not stop the mail.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime

_OURS = ("config", "templates", "storage", "screening", "relay")
# These repeat what they could not parse, and that is a stranger's mail.
_SILENT = ("flanker", "mailparser", "icalendar", "pypdf", "quotequail", "dkim", "spf")
# RFC 5321 section 4.5.3.1 allows 64 characters before the @ and 255 after it.
_ADDRESS = re.compile(r"""[^\s@<>"'\\,;:()\[\]]{1,64}@[^\s@<>"'\\,;:()\[\]]{1,255}""")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[\w.:/+-]+")


@dataclass(frozen=True, slots=True)
class Log:
    """A stdlib logger whose lines carry named fields."""

    logger: logging.Logger

    def debug(self, event: str, /, **fields: object) -> None:
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, /, **fields: object) -> None:
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, /, **fields: object) -> None:
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, /, **fields: object) -> None:
        self._write(logging.ERROR, event, fields)

    def exception(self, event: str, /, **fields: object) -> None:
        """An error, with where the exception that is being handled came from.

        Its own text is left out unless the system wrote it: parsers repeat what they could not
        read, and that is somebody's mail.
        """
        self._write(logging.ERROR, event, fields, traced=True)

    def _write(
        self, level: int, event: str, fields: dict[str, object], traced: bool = False
    ) -> None:
        if self.logger.isEnabledFor(level):
            extra = {"fields": fields}
            self.logger.log(level, event, exc_info=traced, extra=extra, stacklevel=3)


def get(name: str) -> Log:
    """The log of one module."""
    return Log(logging.getLogger(name))


def configure(level: str = "info", format: str = "text") -> None:
    """Sends our lines from `level` on, and other people's warnings, to stderr as text or JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if format == "json" else TextLines())
    lowest = logging.getLevelNamesMapping()[level.upper()]
    logging.raiseExceptions = False  # else a handler that fails prints, which fails as well
    logging.basicConfig(handlers=[handler], level=max(lowest, logging.WARNING), force=True)
    for name in _OURS:
        logging.getLogger(name).setLevel(lowest)
    for name in _SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    # aiosmtpd names every sender and recipient at INFO, and repeats odd commands as warnings.
    logging.getLogger("mail.log").setLevel(logging.ERROR)


def masked(text: str) -> str:
    """The text with everything that looks like a mail address taken out; a belt, no promise."""
    return _ADDRESS.sub("(address)", text) if "@" in text else text


class TextLines(logging.Formatter):
    """`2026-11-22T09:30:00.000Z info relay.intake.receiver: carried item=... bytes=1204`"""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={_word(value)}" for name, value in _fields(record).items())
        event = _one_line(record.getMessage())
        line = f"{_time(record)} {record.levelname.lower()} {record.name}: {event}{fields}"
        return masked(line + "".join(f"\n    {row}" for row in self.traceback(record)))

    def traceback(self, record: logging.LogRecord) -> list[str]:
        error = record.exc_info[1] if record.exc_info else None
        return _traced(error).splitlines() if error is not None else []


class JsonLines(TextLines):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "log": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in _fields(record).items() if name not in line}
        if record.exc_info:
            line["traceback"] = "\n".join(self.traceback(record))
        return masked(json.dumps(line, ensure_ascii=False, default=str))


def _traced(error: BaseException) -> str:
    """Where an error and its causes came from, the first cause on top."""
    chain = [error]
    while cause := chain[-1].__cause__ or chain[-1].__context__:
        if cause in chain:
            break
        chain.append(cause)
    return "".join(
        "".join(traceback.format_tb(one.__traceback__)) + _said(one) + "\n"
        for one in reversed(chain)
    )


def _said(error: BaseException) -> str:
    name = type(error).__name__
    speaks = isinstance(error, OSError) or type(error).__module__.split(".")[0] in _OURS
    return f"{name}: {_one_line(str(error))}" if speaks else f"{name} (its text is not shown)"


def _fields(record: logging.LogRecord) -> dict[str, object]:
    found = getattr(record, "fields", {})
    return found if isinstance(found, dict) else {}


def _time(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _word(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _one_line(text: str) -> str:
    return _CONTROLS.sub(" ", text)
