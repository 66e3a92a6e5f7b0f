"""Exports of applicant tracking systems as they come: other names, dates, encodings, delimiters."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.reports.applicants import Columns, Hire, Unreadable, read


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


CASEY = "casey@mailer.test"

GREENHOUSE = """Candidate Name,Candidate ID,Email,Application Date,Hired Date,Source,Status
Casey Miller,123,casey@mailer.test,2026-01-02,2026-03-04,Referral,Hired
Robin Fox,124,robin@mailer.test,2026-01-02,,LinkedIn,Rejected
Kim Lee,125,kim@mailer.test,2026-01-02,03/05/2026,LinkedIn,Hired
"""
LEVER = """Candidate Name,Emails,Origin,Archive Reason,Archived At (GMT)
Casey Miller,"casey@mailer.test; c.miller@work.test",referred,Hired,2026-03-04 09:12:00
Robin Fox,robin@mailer.test,applied,Underqualified,2026-03-01 10:00:00
"""
PERSONIO = """Vorname;Nachname;E-Mail-Adresse;Eintrittsdatum;Kanal
Casey;Müller;casey@mailer.test;04.03.2026;Mitarbeiterempfehlung
Kim;Lee;;05.03.2026;Karriereseite
"""


def test_greenhouse():
    assert read(GREENHOUSE.encode()) == (
        Hire(day("2026-03-04"), (CASEY,), referred=True),
        Hire(day("2026-03-05"), ("kim@mailer.test",)),
    )


def test_lever_with_two_addresses_for_one_person():
    assert read(LEVER.encode()) == (
        Hire(day("2026-03-04"), (CASEY, "c.miller@work.test"), referred=True),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_personio_in_any_encoding(encoding):
    assert read(PERSONIO.encode(encoding)) == (
        Hire(day("2026-03-04"), (CASEY,), referred=True),
        Hire(day("2026-03-05"), ()),
    )


def test_columns_that_are_named():
    text = "who;when;email\ncasey@mailer.test;2026-03-04;hr@corp.test\n"
    assert read(text.encode(), Columns("Who", "WHEN")) == (Hire(day("2026-03-04"), (CASEY,)),)


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-04",
        "2026-03-04T10:00:00Z",
        "04.03.2026",
        "03/04/2026",
        "4 Mar 2026",
        "Mar 4, 2026",
        "4 March 2026",
    ],
)
def test_a_day_may_be_written_in_many_ways(date):
    assert read(f'Email,Hire date\n{CASEY},"{date}"\n'.encode())[0].day == day("2026-03-04")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: no column holds the addresses"),
        ("Name,Hired\nCasey,2026-01-01\n", "--email-column"),
        ("Email,Name\na@b.test,Casey\n", "--date-column (there: Email, Name)"),
        ("Email,Hire date\na@b.test,2026-01-01\nb@b.test,soon\n", "line 3: 'soon' is no day"),
        ("Email,Hire date\na@b.test,2026-13-01\n", "line 2"),
        ('Email,Hire date\n"' + "x" * 200_000 + '",2026-01-01\n', "after line 1: field larger"),
    ],
)
def test_what_cannot_be_taken_is_named_by_its_line(text, said):
    with pytest.raises(Unreadable, match="line") as refused:
        read(text.encode())
    assert said in str(refused.value)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(content):
    with suppress(Unreadable):
        assert all(isinstance(each, Hire) for each in read(content))


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_row_is_read_or_refused(cells):
    text = "Email,Hire date,Source\n" + ",".join(cells) + "\n"
    with suppress(Unreadable):
        assert len(read(text.encode("utf-8", "replace"))) <= len(cells) * 12
