"""What docs/security.md says that tests show."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "security.md").read_text()
NAMED = re.compile(r"`([a-z_/]+)::(test_\w+)`")


def test_each_threat_names_its_tests_and_each_of_them_exists() -> None:
    table = PAGE.partition("## Threats")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        named = NAMED.findall(row.rpartition(" | ")[2])
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (TESTS / f"{file}.py").read_text(), f"{file}::{test}"
