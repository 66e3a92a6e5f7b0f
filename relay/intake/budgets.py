"""How much comes from one network, one domain, or to one person: floods wait, others do not.

What is proven is counted by whom it is from; what is not, by where it comes from, and tightly:
forgeries use up nobody's budget but that of unproven mail.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from config.settings import LimitSettings
from relay.intake.arrival import Arrival
from relay.intake.limits import client_of
from relay.masking.addresses import Destination, Plan, Public
from screening.addresses import normal
from storage.records.people import Side
from storage.records.threads import Thread

SAME_WORDS = 2  # times that one author's words are carried, if they are an answer each time

_PREFIX = re.compile(r"\s*(re|aw|wg|fw|fwd|sv|antw)\s*(\[\d+\])?\s*:\s*", re.IGNORECASE)
_WORDS = 4000  # characters that are looked at


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `most` messages under this key within a minute; `reason` is for who must wait."""

    key: str
    most: int
    reason: str


def author_meter(arrival: Arrival, author_key: str) -> str:
    """Names the counter of an author: for unproven mail another one for each client."""
    if arrival.authentication.authenticated:
        return f"author:{author_key}"
    return f"author:{author_key}:{client_of(arrival.envelope.client)}"


def thread_meter(thread: Thread, side: Side) -> str:
    """Names the counter of one side of a thread: neither can use up what the other may write."""
    return f"thread:{thread.id}:{side}"


def budgets(
    destination: Destination, arrival: Arrival, plan: Plan, limits: LimitSettings
) -> tuple[Budget, ...]:
    """What this message counts for, its author and thread aside. Trusted networks have no limit."""
    proof = arrival.authentication
    if proof.trusted:
        return ()
    domain, client = _domain(arrival.message.author.address), client_of(arrival.envelope.client)
    person = Public(destination.name) if isinstance(destination, Public) else destination
    to = plan.write(person)
    if proof.authenticated:
        return (
            Budget(f"domain:{domain}", limits.domain, "much mail comes from your domain"),
            Budget(f"network:{client}", limits.network, "much mail comes from your server"),
            Budget(f"to:{to}", limits.recipient, "this address gets much mail"),
        )
    most = limits.strangers
    return (
        Budget(f"strangers:client:{client}", most, "much unproven mail comes from your server"),
        Budget(f"strangers:domain:{domain}", most, "much unproven mail comes from your domain"),
        Budget(f"strangers:to:{to}", most, "this address gets much unproven mail"),
    )


def words_meter(arrival: Arrival, address: str, author_key: str) -> str:
    """Names the counter of these very words from this author to this address.

    Quoted lines and `Re:` do not count: a machine's answer quotes something else each time.
    """
    message = arrival.message
    own = (line for line in message.text.splitlines() if not line.lstrip().startswith(">"))
    text = " ".join(" ".join(own)[:_WORDS].split()).casefold()
    subject = message.header("Subject")[:_WORDS]
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    files = ",".join(f"{one.content_type}:{one.size}" for one in message.attachments)
    said = "\0".join((author_key, address, subject.strip().casefold(), text, files))
    return f"words:{hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()}"


def _domain(address: str) -> str:
    return normal(address).rpartition("@")[2]
