"""What screening alone would make of labelled mails, without a relay: quick, and roughly right.

    python benchmarks/screening_score.py [FOLDER] [--wrong]

FOLDER holds `labels.csv` (file, label, ambassador, envelope_from, ...) and the raw mails. Every
sender counts as authenticated and as seen for the first time; near-duplicates are remembered.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from screening.authentication import Authentication, Result, Wish
from screening.case import Addressee, Case, Disposition, History, Verdict
from screening.message import Envelope, Unreadable, read
from screening.near import fingerprint, similar
from screening.screen import screen

DOMAIN = "peers.example.test"
USUAL = Path("../shared/acceptance/screening")
WANTED = ("serious", "ham")
OUTCOMES = {
    Disposition.ACCEPT: "forwarded",
    Disposition.ASK: "asked",
    Disposition.HOLD: "held",
    Disposition.DISCARD: "dropped",
    Disposition.REJECT: "refused",
    Disposition.DEFER: "deferred",
}


def first_contact(row: dict[str, str], raw: bytes) -> Case:
    """The mail as screening gets it: from an authenticated stranger."""
    message = read(raw)
    handle = row.get("ambassador") or "alex"
    masked, sender = f"peer-{handle}@{DOMAIN}", message.author.address
    return Case(
        message=message,
        envelope=Envelope(row.get("envelope_from", ""), (masked,), "mail.test", "192.0.2.1"),
        authentication=Authentication(sender, Result.PASS, True, (), Result.PASS, Wish.REJECT),
        addressee=Addressee(handle.title(), (), masked),
        domain=DOMAIN,
    )


def judged(
    row: dict[str, str], raw: bytes, seen: list[tuple[int, ...]]
) -> tuple[str, Verdict | None]:
    """What becomes of the mail; its fingerprint joins those that were seen."""
    try:
        case = first_contact(row, raw)
    except Unreadable:
        return "refused", None
    mark = fingerprint(case.message.text, b"benchmark", (case.addressee.first_name,))
    copies = sum(similar(mark, other) for other in seen)
    seen.append(mark)
    verdict = screen(replace(case, history=History(copies=copies)))
    return OUTCOMES[verdict.disposition], verdict


def tell(row: dict[str, str], outcome: str, verdict: Verdict | None) -> None:
    """A line on a mail that went wrong: forwarded and unwanted, or the other way round."""
    if verdict is not None and (row["label"] in WANTED) != (outcome == "forwarded"):
        why = ", ".join(f"{one.rule} {-one.weight:+.1f}" for one in verdict.evidence[:8])
        print(f"{outcome:10} {row['label']:20} {row['file']} {verdict.score:.2f} {why}")


def show(table: dict[str, Counter[str]]) -> None:
    used = [name for name in OUTCOMES.values() if any(row[name] for row in table.values())]
    print(f"{'':21}{'n':>5}" + "".join(f"{name:>16}" for name in used))
    for label, row in table.items():
        n = sum(row.values())
        cells = "".join(f"{row[name]:>7} {100 * row[name] / n:6.1f} %" for name in used)
        print(f"{label:21}{n:>5}{cells}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=USUAL)
    parser.add_argument("--wrong", action="store_true", help="say which went wrong, and why")
    options = parser.parse_args()
    if not (options.folder / "labels.csv").exists():
        print(f"no labelled mails in {options.folder}")
        return
    table: dict[str, Counter[str]] = defaultdict(Counter)
    seen: list[tuple[int, ...]] = []
    spent: list[float] = []
    with open(options.folder / "labels.csv", encoding="utf8", newline="") as rows:
        for row in csv.DictReader(rows):
            raw = re.sub(rb"\r?\n", b"\r\n", (options.folder / row["file"]).read_bytes())
            started = time.process_time()
            outcome, verdict = judged(row, raw, seen)
            spent.append(time.process_time() - started)
            table[row["label"]][outcome] += 1
            if options.wrong:
                tell(row, outcome, verdict)
    show(table)
    print(f"\n{1000 * sorted(spent)[len(spent) // 2]:.2f} ms of CPU for a mail, in the median")


if __name__ == "__main__":
    main()
