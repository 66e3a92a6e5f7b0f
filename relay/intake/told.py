"""What the author of a message is told about it: seldom, shortly, and only if proven."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import TypedAddresses
from relay.intake.facts import NOTICE_LIFETIME, employer_key, notice_key, typed_key
from relay.intake.question import Question
from relay.intake.standing import Standing
from relay.intake.tongue import tongue
from relay.masking.addresses import Guest, Peer
from relay.masking.values import Masked
from relay.notices import Notice, Recipient, write
from relay.threads.reminders import first_name
from screening.addresses import Mailbox
from storage.records.mail import Outgoing, OutgoingKind, OutgoingState
from storage.records.once import Claim
from storage.records.people import Side


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
        *_of_the_thread(question, masked),
        *_of_the_employer(question, standing),
    ]
    recipient = author_of(question)
    return Told(
        tuple(write(question.pen, notice, recipient) for notice, _ in notices),
        tuple(claim for _, claim in notices),
    )


def author_of(question: Question) -> Recipient:
    """The author as the reader of a notice; an answer to it goes the way of the thread."""
    route, plan = question.route, question.pen.house.plan
    message = question.arrival.message
    if route.side is Side.AMBASSADOR:
        address = plan.write(Guest(route.thread.guest_token))
        shown, language = first_name(route.candidate.name), tongue(message.text)
    else:
        address = plan.write(Peer(route.ambassador.name, route.thread.peer_token))
        shown, language = first_name(route.ambassador.display_name), route.candidate.language
    return Recipient(
        message.author.address,
        language,
        route.side,
        route.thread.id,
        route.ambassador.id,
        Mailbox(address, shown),
        message.header("Message-ID").strip(),
    )


def _of_the_day(
    question: Question, masked: Masked, standing: Standing
) -> list[tuple[Notice, Claim]]:
    """Notices that one sender gets at most once a day each."""
    alex = first_name(question.route.ambassador.display_name)
    from_candidate = question.route.side is Side.CANDIDATE
    other = alex if from_candidate else first_name(question.route.candidate.name)
    wanted: list[Notice] = []
    if standing.caught:
        wanted.append(Notice("withheld", {"other": other}))
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
    return standing.state is OutgoingState.ASKED


def _of_the_employer(question: Question, standing: Standing) -> list[tuple[Notice, Claim]]:
    """Once, a candidate is told that their employer may read along."""
    if not question.warns or standing.caught:
        return []
    alex = first_name(question.route.ambassador.display_name)
    facts = {"ambassador": alex, "held": _waits_for_author(standing)}
    until = question.pen.now + question.settings.retention.threads
    notice = Notice("employer_warning", facts)
    return [(notice, Claim(employer_key(question.facts.author_key), until))]


def _of_the_thread(question: Question, masked: Masked) -> list[tuple[Notice, Claim]]:
    """Notices that each side gets at most once in a thread."""
    if not masked.typed or question.settings.privacy.typed_addresses is not TypedAddresses.MASK:
        return []
    key = typed_key(question.route.thread.id, question.route.side)
    if key in question.facts.claimed:
        return []
    lifetime = question.settings.retention.threads
    notice = Notice("typed_masked", {"count": len(masked.typed)})
    return [(notice, Claim(key, question.pen.now + lifetime))]
