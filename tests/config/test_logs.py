from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Logging is the process's; put back what `configure` changed."""
    root = logging.getLogger()
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.raiseExceptions = raising
    for name in (*logs._OURS, *logs._SILENT, "mail.log"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_line_of_text_names_what_happened_and_its_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure("info", "text")
    logs.get("relay.intake").info("carried", item="x1", bytes=1204, reason="two words")
    line = capsys.readouterr().err
    assert line.endswith('Z info relay.intake: carried item=x1 bytes=1204 reason="two words"\n')


def test_a_line_of_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "json")
    logs.get("relay.intake").info("carried", item="x1", bytes=1204, event="mine")
    found = json.loads(capsys.readouterr().err)
    assert found.pop("at").endswith("Z")
    assert found == {
        "level": "info",
        "log": "relay.intake",
        "event": "carried",
        "item": "x1",
        "bytes": 1204,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_address_gets_into_the_log(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", form)
    try:
        raise ValueError("no such <Alex.Chen+x@corp.example.test>")
    except ValueError:
        logs.get("relay").exception(
            "failed for a.b@corp.example.test", who='"alex@corp.example.test"', none="a @ b"
        )
    said = capsys.readouterr().err
    assert "corp.example.test" not in said
    assert "Alex.Chen" not in said
    assert "ValueError" in said
    assert "a @ b" in said
    if form == "json":
        assert "(address)" in json.loads(said)["traceback"]


def test_what_a_parser_could_not_read_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        try:
            int("my salary is secret")
        except ValueError as cause:
            raise PermissionError(13, "Permission denied") from cause
    except PermissionError:
        logs.get("relay").exception("failed")
    said = capsys.readouterr().err
    assert "salary" not in said.replace('int("my salary is secret")', "")
    assert "ValueError" in said
    assert "Permission denied" in said


def test_nobody_can_write_a_line_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("info", "text")
    logs.get("relay").info("refused\nforged", reason="x\r\n2026-01-01 error forged\x1b[2J")
    assert capsys.readouterr().err.count("\n") == 1


def test_below_the_level_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("warning", "text")
    logs.get("relay").info("carried")
    logs.get("relay").debug("carried")
    logs.get("relay").error("failed")
    assert capsys.readouterr().err.count("\n") == 1


def test_libraries_that_repeat_mail_are_kept_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("debug", "text")
    logging.getLogger("mail.log").info("sender: alex")
    logging.getLogger("flanker.addresslib").warning("cannot parse Alex Chen")
    logging.getLogger("mailparser.utils").error("cannot decode Alex Chen")
    assert capsys.readouterr().err == ""
    logging.getLogger("mail.log").warning("unrecognised: Alex")
    assert capsys.readouterr().err == ""
    logging.getLogger("mail.log").error("Exception in handle_exception()")
    logs.get("screening.dns").debug("asked")
    assert capsys.readouterr().err.count("\n") == 2


def test_configuring_twice_writes_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.configure()
    logs.get("relay").info("carried")
    assert capsys.readouterr().err.count("\n") == 1


class _Unspeakable:
    def __str__(self) -> str:
        raise RuntimeError("no")


def test_a_field_that_cannot_be_written_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logs.get("relay").info("carried", item=_Unspeakable())
    logs.get("relay").info("went on")
    assert "went on" in capsys.readouterr().err


def test_a_full_disk_stops_nothing() -> None:
    code = "from config import logs; logs.configure(); logs.get('relay').info('carried'); print('went on')"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=full, text=True, check=False,
            env=os.environ | {"PYTHONPATH": str(Path(logs.__file__).parents[1])},
        )  # fmt: skip
    assert done.stdout == "went on\n"
