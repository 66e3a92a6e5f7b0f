"""Ambassadors in a CSV file, as `peerpost ambassador import` takes them."""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path

from config.values import Unusable
from relay import roster

_PERSON = ("name", "display_name", "email", "role", "topics")
COLUMNS = (*_PERSON, "timezone", "country", "backup", "languages")
MOST_LINES = 10_000


def read(file: Path) -> list[roster.Wanted]:
    """Everybody in the file. Raises Unusable for what is no such file."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines, strict=True)
            unknown = set(reader.fieldnames or ()) - set(COLUMNS)
            missing = {"name", "email"} - set(reader.fieldnames or ())
            if unknown:
                raise Unusable("column", min(unknown), f"one of {', '.join(COLUMNS)}")
            if missing:
                wanted = f"a first line that names it, such as {', '.join(_PERSON)}"
                raise Unusable(f"the column {min(missing)}", None, wanted)
            rows = list(islice(reader, MOST_LINES + 1))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusable("FILE", file.name, f"a CSV file in UTF-8 ({error})") from None
    if len(rows) > MOST_LINES:
        raise Unusable("FILE", file.name, f"at most {MOST_LINES} lines")
    return [_wanted({key: (value or "").strip() for key, value in row.items()}) for row in rows]


def _wanted(row: dict[str, str]) -> roster.Wanted:
    return roster.Wanted(
        row["name"],
        row.get("display_name", ""),
        tuple(row["email"].split()),
        row.get("role", ""),
        tuple(row.get("topics", "").split()),
        row.get("timezone", "") or "UTC",
        row.get("country", ""),
        row.get("backup", ""),
        tuple(row.get("languages", "").split()),
    )
