"""The decision: every rule speaks, the gravest finding decides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import a_case, a_message, an_authentication, an_envelope

from config.settings import Policy
from screening.authentication import Result, Wish
from screening.case import Disposition, History
from screening.message import Attachment
from screening.screen import IN_THREAD, RULES, screen

LIST = ("List-Id", "News <news.mailer.test>")
DOUBT = {"message": a_message(attachments=(Attachment("costs.xlsm", "", 9, b""),))}
FORGED = an_authentication(spf=Result.FAIL, spf_aligned=False, dmarc=Result.FAIL)
SILENT = an_authentication(spf=Result.NONE, spf_aligned=False, dmarc=Result.TEMPERROR)


def decided(*headers: tuple[str, str], **parts: Any) -> Disposition:
    return screen(a_case(*headers, **parts)).disposition


@pytest.mark.parametrize("policy", [Policy.OPEN, Policy.BALANCED])
def test_an_honest_question_is_accepted(policy: Policy) -> None:
    verdict = screen(a_case(policy=policy))
    assert (verdict.disposition, verdict.findings) == (Disposition.ACCEPT, ())


def test_policy_open_forgives_a_doubt_but_never_a_forgery() -> None:
    assert decided(policy=Policy.BALANCED, **DOUBT) is Disposition.HOLD
    assert decided(policy=Policy.OPEN, **DOUBT) is Disposition.ACCEPT
    assert decided(policy=Policy.OPEN, authentication=FORGED) is Disposition.REJECT


def test_policy_open_forgives_neither_machines_nor_silence_nor_floods() -> None:
    open_: dict[str, Any] = {"policy": Policy.OPEN}
    assert decided(envelope=an_envelope(sender=""), **open_) is Disposition.DISCARD
    assert decided(authentication=SILENT, **open_) is Disposition.DEFER
    assert decided(history=History(last_minute=500), **open_) is Disposition.DEFER


def test_what_policy_open_forgives_is_still_told() -> None:
    (finding,) = screen(a_case(policy=Policy.OPEN, **DOUBT)).findings
    assert finding.rule == "attachments"


def test_policy_strict_holds_every_first_contact_and_nothing_later() -> None:
    assert decided(policy=Policy.STRICT) is Disposition.HOLD
    assert decided(policy=Policy.STRICT, first_contact=False) is Disposition.ACCEPT
    assert decided(policy=Policy.STRICT, from_ambassador=True) is Disposition.ACCEPT


def test_the_gravest_finding_comes_first_and_decides() -> None:
    verdict = screen(a_case(authentication=FORGED, envelope=an_envelope(sender=""), **DOUBT))
    assert [finding.disposition for finding in verdict.findings] == [
        Disposition.REJECT,
        Disposition.DISCARD,
        Disposition.HOLD,
    ]
    assert verdict.disposition is Disposition.REJECT


def test_nobody_is_refused_while_nobody_can_know() -> None:
    assert decided(authentication=SILENT, history=History(blocked=True)) is Disposition.DEFER


def test_an_answer_in_a_thread_still_has_to_be_genuine_and_human() -> None:
    assert decided(LIST, first_contact=False) is Disposition.DISCARD
    assert decided(first_contact=False, authentication=FORGED) is Disposition.REJECT
    assert decided(first_contact=False, envelope=an_envelope(sender="")) is Disposition.DISCARD


def test_what_other_rules_found_counts_in_the_score() -> None:
    watched = an_authentication(
        spf=Result.FAIL, spf_aligned=False, dmarc=Result.FAIL, wish=Wish.NONE
    )
    marked = screen(a_case(("X-Campaign", "spring"), authentication=watched))
    assert 0 < marked.score < screen(a_case()).score < 1


def test_every_rule_has_a_sentence_for_hr() -> None:
    assert all(rule.__doc__ and rule.__doc__.endswith(".") for rule in (*RULES, *IN_THREAD))


@given(
    st.sampled_from(list(Policy)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([FORGED, SILENT, an_authentication()]),
    st.integers(0, 200),
)
@settings(max_examples=100, deadline=None)
def test_a_stricter_policy_never_lets_more_through(
    policy: Policy, first: bool, ambassador: bool, proof: Any, count: int
) -> None:
    parts: dict[str, Any] = {"first_contact": first, "from_ambassador": ambassador}
    parts |= {"authentication": proof, "history": History(last_minute=count)}
    loose = decided(policy=Policy.OPEN, **DOUBT, **parts)
    assert (loose is Disposition.ACCEPT) or decided(policy=policy, **DOUBT, **parts) >= loose
