"""What the author of a message is told about it: seldom, shortly, and only if proven."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import TypedAddresses
from relay.intake.asking import asks, waited
from relay.intake.author import author_of, other_of
from relay.intake.facts import NOTICE_LIFETIME, employer_key, notice_key, typed_key
from relay.intake.question import Question
from relay.intake.standing import Standing
from relay.masking.values import Masked
from relay.notices import Notice, write
from relay.threads.reminders import first_name
from relay.threads.waiting import EMPLOYER
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
    asked, once = asks(question) if _is_asked(standing) else (None, ())
    told = [*(notice for notice, _ in notices), *_of_the_files(question, masked, standing)]
    told += [asked] if asked else []
    recipient = author_of(question)
    return Told(
        tuple(write(question.pen, notice, recipient) for notice in told),
        (*(claim for _, claim in notices), *once),
    )


def _of_the_day(
    question: Question, masked: Masked, standing: Standing
) -> list[tuple[Notice, Claim]]:
    """Notices that one sender gets at most once a day each."""
    alex = first_name(question.route.ambassador.display_name)
    wanted: list[Notice] = []
    if standing.caught:
        wanted.append(Notice("withheld", {"other": other_of(question)}))
    elif _is_acknowledged(question, standing):
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


def _is_acknowledged(question: Question, standing: Standing) -> bool:
    """Whether its author learns that it has come: at first, and when the answer to a question of
    ours is held."""
    if not question.settings.followup.acknowledge or _waits_for_author(standing):
        return False
    return question.new_thread or (not standing.goes and bool(waited(question)))


def _is_asked(standing: Standing) -> bool:
    """Whether they are to say more of what they want before it goes on."""
    return _waits_for_author(standing) and not _warned_first(standing)


def _waits_for_author(standing: Standing) -> bool:
    return standing.state is OutgoingState.ASKED and standing.written is None


def _warned_first(standing: Standing) -> bool:
    return any(reason.rule == EMPLOYER for reason in standing.reasons)


def _asks_about_address(standing: Standing) -> bool:
    return standing.state is OutgoingState.ASKED and standing.written is not None


def _of_the_employer(question: Question, standing: Standing) -> list[tuple[Notice, Claim]]:
    """Once, a candidate is told that their employer may read along."""
    if not question.warns or standing.caught:
        return []
    alex = first_name(question.route.ambassador.display_name)
    facts = {"ambassador": alex, "held": _warned_first(standing)}
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
