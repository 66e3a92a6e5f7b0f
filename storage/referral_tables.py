"""The tables of the referral record: who was there first, without saying who came."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from storage.columns import Moment, metadata

# A row for each first contact. It outlives the candidate: then the digest is all that is left.
referrals = Table(
    "referrals",
    metadata,
    Column("thread_id", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # of the candidate's address
    Column("ambassador_id", String, nullable=False),  # to whom the first mail went
    Column("contacted_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("answered_by", String),  # the name of whoever answered first
    Column("recommended_at", Moment),
    Column("recommended_by", String),  # an ambassador's id
    Column("hired_at", Moment),
    sqlite_with_rowid=False,
)
Index("ix_referrals_digest", referrals.c.digest)
Index("ix_referrals_contacted", referrals.c.contacted_at)

# How many people the company hired on a day, whoever they are.
hires = Table(
    "hires",
    metadata,
    Column("day", Moment, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("referred", Integer, nullable=False),  # as the applicant tracking system says
    Column("through", Integer, nullable=False),  # through an ambassador
)
