"""Teaches the weights anew: `python -m screening.training` (or `make train`)."""

from __future__ import annotations

from pathlib import Path

from screening.training.corpus import corpus
from screening.training.examples import example, packed, taught
from screening.training.report import report
from screening.training.trial import by_language, by_tenths

_HERE = Path(__file__).resolve().parents[2]


def main() -> None:
    """Writes screening/weights.json and docs/screening.md."""
    mails = corpus()
    written = packed(*taught([example(mail) for mail in mails]))
    (_HERE / "screening" / "weights.json").write_text(written, "utf-8")
    prose = (_HERE / "screening" / "training" / "prose.md").read_text("utf-8")
    page = report(mails, by_tenths(mails), by_language(mails), prose)
    (_HERE / "docs" / "screening.md").write_text(page, "utf-8")


if __name__ == "__main__":
    main()
