"""Lists and campaign tools."""

from __future__ import annotations

from typing import Any

import pytest
from mails import DOMAIN, MASKED, a_case, a_message, an_envelope

from config.settings import Policy
from screening.case import Disposition, Finding
from screening.rules.bulk import bulk

LIST = ("List-Id", "News <news.mailer.test>")
UNSUBSCRIBE = ("List-Unsubscribe", "<https://mailer.test/off>")
ONE_CLICK = ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
TOOL = ("X-SG-EID", "abc=")


def found(*headers: tuple[str, str], **parts: Any) -> Finding | None:
    return bulk(a_case(*headers, **parts))


def test_an_individual_mail_is_none() -> None:
    assert found() is None
    assert found(("Feedback-ID", "34805179:user:mail")) is None


@pytest.mark.parametrize("mark", [LIST, UNSUBSCRIBE, TOOL, ("List-Post", "NO")])
def test_mail_to_many_that_does_not_name_the_ambassador_vanishes(mark: tuple[str, str]) -> None:
    finding = found(mark, ("To", "subscribers@mailer.test"))
    assert finding is not None
    assert finding.disposition is Disposition.DISCARD


@pytest.mark.parametrize("mark", [LIST, UNSUBSCRIBE, ONE_CLICK])
@pytest.mark.parametrize("policy", [Policy.BALANCED, Policy.STRICT])
def test_a_list_or_a_campaign_that_names_the_ambassador_is_told_to_write_by_hand(
    mark: tuple[str, str], policy: Policy
) -> None:
    finding = found(mark, policy=policy)
    assert finding is not None
    assert finding.disposition is Disposition.REJECT


@pytest.mark.parametrize("mark", [LIST, UNSUBSCRIBE, ONE_CLICK])
def test_under_the_open_policy_that_is_a_doubt_which_is_forgiven(mark: tuple[str, str]) -> None:
    finding = found(mark, policy=Policy.OPEN)
    assert finding is not None
    assert finding.disposition is Disposition.HOLD


@pytest.mark.parametrize(
    "to",
    [
        f"Alex <{MASKED.upper()}>",
        f"peer-alex+pycon@{DOMAIN}",
        f'"Team": x@y.test, {MASKED};',
        f"someone@mailer.test,<{MASKED}>",
        "peer-python@peers.example.test",
    ],
)
def test_the_ambassador_may_be_named_in_any_spelling(to: str) -> None:
    envelope = an_envelope(recipients=(MASKED, "peer-python@peers.example.test"))
    for field in ("To", "Cc"):
        message = a_message(headers=((field, to), LIST))
        finding = bulk(a_case(message=message, envelope=envelope))
        assert finding is not None
        assert finding.disposition is Disposition.REJECT


def test_a_tool_alone_is_evidence_and_no_more() -> None:
    finding = found(TOOL)
    assert finding is not None
    assert (finding.disposition, finding.weight > 0) == (Disposition.ACCEPT, True)
