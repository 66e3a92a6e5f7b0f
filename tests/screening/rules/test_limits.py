"""Rules that look at the sender's history and the company's policy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from mails import a_case

from config.settings import Policy
from screening.case import Disposition, History
from screening.rules.blocked import blocked
from screening.rules.first_contact import first_contact
from screening.rules.volume import volume


@pytest.mark.parametrize("history", [History(last_minute=120), History(thread_last_minute=30)])
def test_a_flood_is_asked_to_wait(history: History) -> None:
    finding = volume(a_case(history=history))
    assert finding is not None
    assert finding.disposition is Disposition.DEFER


def test_the_companys_own_hosts_may_send_as_fast_as_they_like() -> None:
    history = History(last_minute=120, thread_last_minute=30)
    authentication = replace(a_case().authentication, trusted=True)
    assert volume(a_case(history=history, authentication=authentication)) is None


def test_a_busy_conversation_is_no_flood() -> None:
    assert volume(a_case(history=History(last_minute=119, thread_last_minute=29))) is None


def test_who_is_blocked_is_refused() -> None:
    finding = blocked(a_case(history=History(blocked=True)))
    assert finding is not None
    assert finding.disposition is Disposition.REJECT
    assert blocked(a_case()) is None


@pytest.mark.parametrize(
    ("policy", "held"), [(Policy.OPEN, False), (Policy.BALANCED, False), (Policy.STRICT, True)]
)
def test_only_policy_strict_looks_at_every_first_contact(policy: Policy, held: bool) -> None:
    finding = first_contact(a_case(policy=policy))
    assert (finding is not None and finding.disposition is Disposition.HOLD) is held
