"""An author's own address in a message: they are asked before it goes, and their answer counts.

Of a message with a typed address two versions wait, one with the address and one without; of a file
that shows one, the message has gone without it, and the version with the file waits alone. The
answer lets one of them go, or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from config.settings import Settings, TypedAddresses
from relay.intake import replies
from relay.intake.arrival import Arrival
from relay.intake.author import author_of, other_of
from relay.intake.facts import NOTICE_LIFETIME, Facts, notice_key
from relay.intake.orders import typed
from relay.intake.question import Question
from relay.intake.replies import Reply
from relay.intake.routing import same_mailbox
from relay.intake.yes import yes_or_no
from relay.masking.addresses import Desk
from relay.masking.gate import residual
from relay.masking.mask import mask
from relay.masking.values import Masked, Unmaskable, View
from relay.notices import Notice, Pen, Recipient, write
from relay.threads.review import release
from relay.threads.waiting import OWN_ADDRESS
from screening.addresses import Mailbox
from screening.message import Message
from storage.records.changes import Changes
from storage.records.events import Event, EventKind
from storage.records.mail import OutboxItem, Outgoing, OutgoingState, Reason, Settled
from storage.records.once import Claim, Request, RequestKind
from storage.records.people import Side
from storage.records.threads import MessageIds, Thread

_SEND = frozenset({"send", "senden", "schicken", "abschicken"})
_MASK = frozenset({"mask", "masked", "verdecken", "verdeckt", "maskieren"})
_AGAIN = "own_address_again"
WHY = Reason(OWN_ADDRESS, "its author's own address stands in it, and they were asked")


@dataclass(frozen=True, slots=True)
class Written:
    """A message as its author wrote it: with their own address in it. It has a Message-ID of ours
    that no other version has."""

    masked: Masked
    message_id: str
    files: tuple[str, ...]  # that only this version carries


def as_written(question: Question, view: View, masked: Masked) -> Written | None:
    """The message with what shows its author's address, if there is such a thing and it can go."""
    ask = question.settings.privacy.typed_addresses is TypedAddresses.ASK
    shows = masked.typed if ask else ()
    if not shows and not masked.telling:
        return None
    message_id = f"<{question.pen.mint.token()}@{view.domain}>"
    opened = replace(
        view, allow_typed=view.allow_typed or ask, allow_files=True, message_id=message_id
    )
    try:
        written = mask(question.arrival.raw, opened)
    except Unmaskable:
        return None
    files = tuple(one for one in masked.left_out if one not in written.left_out)
    if not shows and not files:
        return None
    own, secrets = view.hidden.addresses, tuple(view.swapped)
    if residual(written.content, view.hidden, secrets, own, in_files=True):
        return None
    return Written(written, message_id, files)


def asks(question: Question, written: Written, masked: Masked, sent: Outgoing) -> Changes:
    """The question to the author, and the version that waits for its answer beside `sent`."""
    pen, route = question.pen, question.route
    held = sent.state is OutgoingState.ASKED
    until = pen.now + question.settings.screening.hold_expires
    waits = replace(
        sent,
        id=pen.mint.id(pen.now),
        content=written.masked.content,
        return_token=pen.mint.token(),
        smtputf8=written.masked.smtputf8,
        state=OutgoingState.ASKED,
        expires_at=until,
        reasons=(WHY,),
    )
    theirs = question.arrival.message.header("Message-ID").strip()
    author = route.speaker.id if route.side is Side.AMBASSADOR else route.candidate.id
    note = _Note(author, waits.id, sent.id if held else "", written.message_id, theirs)
    request = Request(pen.mint.token(), RequestKind.OWN_ADDRESS, route.thread.id, until, str(note))
    facts = {
        "other": other_of(question),
        "held": held,
        "addresses": masked.typed if held else (),
        "files": written.files,
        "until": until.date(),
    }
    recipient = replace(author_of(question), answers_to=_desk(request.token, pen))
    asked = write(pen, Notice("own_address", facts), recipient)
    return Changes(outgoing=(waits, asked), requests=(request,))


def answered(arrival: Arrival, facts: Facts, settings: Settings, pen: Pen) -> Changes | Reply:
    """What the answer changes. What is neither "send" nor "mask" is asked about once more a day."""
    request, thread, circle = facts.request, facts.thread, facts.circle
    if request is None or thread is None or circle is None or circle.parties is None:
        return Changes()
    note, held = _Note.read(request), {one.outgoing.id: one for one in facts.held}
    if not _was_asked(note.author, facts, arrival.message):
        return replies.NOT_YOUR_ADDRESS
    written, masked = held.get(note.written), held.get(note.masked)
    sends, _ = yes_or_no(typed(arrival.message), _SEND, _MASK)
    if written is None:
        return Changes()
    if sends is None:
        return _again(arrival.message, facts, thread, note, pen)
    goes, stays = (written, masked) if sends else (masked, written)
    changes = Changes(answered=(request.token,))
    if stays:
        changes += Changes(settled=(_settled(stays, OutgoingState.DECLINED, pen),))
    if goes and masked:
        changes += release(goes, thread, circle.parties, settings.followup, pen)
        changes += Changes(events=(_event(goes, facts, pen),))
    elif goes:  # the message itself has gone before, and moved its thread
        changes += Changes(settled=(_settled(goes, OutgoingState.QUEUED, pen),))
    if goes is written and note.theirs:
        side = written.outgoing.to.other if written.outgoing.to else Side.CANDIDATE
        ids = MessageIds(thread.id, side, note.theirs, note.message_id, pen.now)
        changes += Changes(message_ids=(ids,))
    return changes


def _was_asked(id: str, facts: Facts, message: Message) -> bool:
    """Whether the author of this answer is the one of that id."""
    if facts.candidate is not None and facts.candidate.id == id:
        return same_mailbox(facts.candidate.address, message.author.address)
    return facts.author is not None and facts.author.id == id


@dataclass(frozen=True, slots=True)
class _Note:
    """What goes with the question: who was asked, the two versions, and the Message-IDs of one."""

    author: str
    written: str
    masked: str  # empty if it has gone
    message_id: str
    theirs: str

    def __str__(self) -> str:
        return "\n".join((self.author, self.written, self.masked, self.message_id, self.theirs))

    @classmethod
    def read(cls, request: Request) -> _Note:
        return cls(*request.note.split("\n", maxsplit=4))


def _again(
    message: Message, facts: Facts, thread: Thread, note: _Note, pen: Pen
) -> Changes | Reply:
    assert facts.request
    if not facts.may_notify(_AGAIN, pen.now):
        return replies.SEND_OR_MASK
    notice = Notice(_AGAIN, {"held": bool(note.masked)})
    recipient = Recipient(
        message.author.address,
        facts.candidate.language if facts.candidate and note.author == facts.candidate.id else "",
        thread_id=thread.id,
        ambassador_id=thread.ambassador_id,
        answers_to=_desk(facts.request.token, pen),
        refers_to=message.header("Message-ID").strip(),
    )
    once = Claim(notice_key(_AGAIN, facts.author_key, pen.now), pen.now + NOTICE_LIFETIME)
    return Changes(outgoing=(write(pen, notice, recipient),), claims=(once,))


def _settled(item: OutboxItem, state: OutgoingState, pen: Pen) -> Settled:
    again = pen.now if state is OutgoingState.QUEUED else None
    return Settled(item.outgoing.id, state, pen.now, next_try=again, was=OutgoingState.ASKED)


def _event(item: OutboxItem, facts: Facts, pen: Pen) -> Event:
    out, mint = item.outgoing, pen.mint
    by_candidate = out.to is Side.AMBASSADOR
    kind = EventKind.CANDIDATE_WROTE if by_candidate else EventKind.AMBASSADOR_WROTE
    detail = {"by": facts.author.name} if facts.author and not by_candidate else {}
    return Event(mint.id(pen.now), pen.now, kind, out.thread_id, out.ambassador_id, detail)


def _desk(token: str, pen: Pen) -> Mailbox:
    return Mailbox(pen.house.plan.write(Desk(token)), pen.house.company)
