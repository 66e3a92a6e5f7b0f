"""What the author of a message is told about it: seldom, shortly, and only if proven."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import TypedAddresses
from relay.intake.author import author_of, other_of
from relay.intake.facts import NOTICE_LIFETIME, employer_key, notice_key, typed_key
from relay.intake.question import Question
from relay.intake.standing import Standing
from relay.masking.values import Masked
from relay.notices import Notice, write
from relay.threads.reminders import first_name
from storage.records.mail import Outgoing, OutgoingKind, OutgoingState
from storage.records.once import Claim


@dataclass(frozen=True, slots=True)
class Told:
    """The notices, and the claims that keep them from being sent again."""

    mails: tuple[Outgoing, ...] = ()
    claims: tuple[Claim, ...] = ()


def tell(question: Question, masked: Masked, standing: Standing) -> Told:
    """All notices to the author of this message; none to an author who is not proven."""
    if not question.proven:
        return Told()
    notices = [
        *_of_the_day(question, masked, standing),
        *_of_the_thread(question, masked, standing),
        *_of_the_employer(question, standing),
    ]
    told = [*(notice for notice, _ in notices), *_of_the_files(question, masked, standing)]
    recipient = author_of(question)
    return Told(
        tuple(write(question.pen, notice, recipient) for notice in told),
        tuple(claim for _, claim in notices),
    )


def _of_the_day(
    question: Question, masked: Masked, standing: Standing
) -> list[tuple[Notice, Claim]]:
    """Notices that one sender gets at most once a day each."""
    alex = first_name(question.route.ambassador.display_name)
    wanted: list[Notice] = []
    if standing.caught:
        wanted.append(Notice("withheld", {"other": other_of(question)}))
    elif _waits_for_author(standing):
        if not question.warns:
            wanted.append(Notice("ask_back", {"ambassador": alex}))
    elif question.new_thread and question.settings.followup.acknowledge:
        facts = {"ambassador": alex, "held": not standing.goes}
        wanted.append(Notice("acknowledgement", facts, OutgoingKind.ACKNOWLEDGEMENT))
    if masked.outsiders:
        wanted.append(Notice("outsiders", {"addresses": masked.outsiders}))
    now, facts_ = question.pen.now, question.facts
    return [
        (one, Claim(notice_key(one.template, facts_.author_key, now), now + NOTICE_LIFETIME))
        for one in wanted
        if facts_.may_notify(one.template, now)
    ]


def _waits_for_author(standing: Standing) -> bool:
    return standing.state is OutgoingState.ASKED and standing.written is None


def _asks_about_address(standing: Standing) -> bool:
    return standing.state is OutgoingState.ASKED and standing.written is not None


def _of_the_employer(question: Question, standing: Standing) -> list[tuple[Notice, Claim]]:
    """Once, a candidate is told that their employer may read along."""
    if not question.warns or standing.caught:
        return []
    alex = first_name(question.route.ambassador.display_name)
    facts = {"ambassador": alex, "held": _waits_for_author(standing)}
    until = question.pen.now + question.settings.retention.threads
    notice = Notice("employer_warning", facts)
    return [(notice, Claim(employer_key(question.facts.author_key), until))]


def _of_the_files(question: Question, masked: Masked, standing: Standing) -> list[Notice]:
    """Which files were left out, but for those that the author is asked about."""
    asked = standing.written.files if standing.written else ()
    files = tuple(one for one in masked.left_out if one not in asked)
    if not files or standing.caught:
        return []
    return [Notice("files_left_out", {"other": other_of(question), "files": files})]


def _of_the_thread(
    question: Question, masked: Masked, standing: Standing
) -> list[tuple[Notice, Claim]]:
    """Notices that each side gets at most once in a thread."""
    typed = question.settings.privacy.typed_addresses
    if not masked.typed or typed is TypedAddresses.ALLOW or _asks_about_address(standing):
        return []
    key = typed_key(question.route.thread.id, question.route.side)
    if key in question.facts.claimed:
        return []
    lifetime = question.settings.retention.threads
    notice = Notice("typed_masked", {"count": len(masked.typed)})
    return [(notice, Claim(key, question.pen.now + lifetime))]
