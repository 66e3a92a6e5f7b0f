"""What the other side would see of a message, and what would be removed; nothing is sent."""

from __future__ import annotations

import email
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import default

from config.settings import Settings, TypedAddresses
from relay.intake.views import shown_name
from relay.masking.addresses import Guest, Peer, Plan, Public
from relay.masking.gate import residual
from relay.masking.identity import gather
from relay.masking.mask import mask
from relay.masking.values import Removed, View
from screening.addresses import Mailbox
from screening.message import Message, read
from storage.records.people import Side

# They stand where secret tokens would: one for each side of a thread, and one for the message.
_GUEST, _PEER, _MESSAGE = "preview" * 3, "other" * 4, "message" * 3


@dataclass(frozen=True, slots=True)
class Preview:
    """The message as its reader gets it; `still` are the places that would hold it back."""

    content: bytes
    removed: tuple[Removed, ...]
    left_out: tuple[str, ...]
    typed: int
    policy: TypedAddresses
    still: tuple[str, ...]

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.content, policy=default)
        assert isinstance(parsed, EmailMessage)
        return parsed


def preview(raw: bytes, author: Side, settings: Settings, now: datetime) -> Preview:
    """The masking of one message by that side, as between two people who meet for the first time.

    Raises Unreadable and Unmaskable, as the relay would refuse it.
    """
    message = read(raw)
    view = _view(raw, message, author, settings, now)
    masked = mask(raw, view)
    meant = masked.typed if view.allow_typed else ()
    residue = residual(masked.content, view.hidden, tuple(view.swapped), meant)
    still = tuple(sorted({one.where for one in residue}))
    policy, typed = settings.privacy.typed_addresses, len(masked.typed)
    return Preview(masked.content, masked.removed, masked.left_out, typed, policy, still)


def _view(raw: bytes, message: Message, author: Side, settings: Settings, now: datetime) -> View:
    plan, policy = Plan(settings.relay.domain), settings.privacy.names
    guest, peer = plan.write(Guest(_GUEST)), plan.write(Peer("name", _PEER))
    name = shown_name(message.author.name, author, policy)
    other = shown_name("", author.other, policy)
    if author is Side.CANDIDATE:
        writes, reads = Mailbox(guest, name), Mailbox(plan.write(Public("name")), other)
        swapped = {peer: plan.write(Public("name"))}
    else:
        writes, reads = Mailbox(peer, name), Mailbox("candidate@example.com", other)
        swapped = {guest: "candidate@example.com"}
    hidden = gather(
        raw, "", "", (message.author.address,), (message.author.name,), ours=plan.domain
    )
    return View(
        author=writes,
        reader=reads,
        hidden=hidden,
        message_id=f"<{_MESSAGE}@{plan.domain}>",
        now=now,
        domain=plan.domain,
        swapped=swapped,
        allow_typed=settings.privacy.typed_addresses is TypedAddresses.ALLOW,
    )
