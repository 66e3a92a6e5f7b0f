"""Who writes what, and what the others see of it."""

from __future__ import annotations

import json
import tempfile
from email.message import EmailMessage
from pathlib import Path

from relay.demo.scratch import Say, Scratch

DOMAIN = "peers.example.test"
ALEX = "alex.chen@corp.example.test"
TEAM = "people@corp.example.test"
DANA = "dana.k@mailer.example.test"
KIM = "kim@freemail.example.test"

PEER = f"peer-alex@{DOMAIN}"
SUBJECT = "Your event sourcing talk"


def play(say: Say) -> None:
    """Plays it and shows each mail as its recipient sees it. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="peerpost-demo-") as folder:
        scratch = Scratch(Path(folder), TEAM, say)
        say(f"A scratch installation for {DOMAIN}, with one ambassador.")
        scratch.show("init", "--domain", DOMAIN)
        scratch.show("ambassador", "add", "alex", "--name", "Alex Chen", "--email", ALEX)
        with scratch.service():
            first = _conversation(scratch)
            _coffee(scratch, first)
            _recommendation(scratch, first)
            _held(scratch)
            _nudge(scratch)
            scratch.show("threads")
            scratch.show("report")
    say("\nThat was the whole way. Nobody saw an address that its owner had not agreed to show.")


def _conversation(scratch: Scratch) -> EmailMessage:
    scratch.say(f"\n=== Dana, at {DANA}, writes to Alex's masked address.")
    text = (
        "Hi Alex,\n\nyour talk on moving a monolith to event sourcing is close to what we do: we\n"
        "split a 400k line Python service last year and still fight with replaying two years of\n"
        "events after each schema change. How did you keep projections rebuildable, and would\n"
        "you do it again?\n\nDana Keller\n"
        f"-- \n{DANA}\n"
    )
    scratch.send(f"Dana Keller <{DANA}>", PEER, SUBJECT, text)
    first = scratch.arrived(ALEX, "what Alex gets")
    scratch.arrived(DANA, "what Dana gets at once")
    scratch.say("\n=== Alex answers with Reply in an ordinary mail program.")
    answer = (
        "Hi Dana,\n\nsnapshots plus one upcaster per version. Happy to talk it through.\n\n"
        f"Alex\n\nOn Monday, Dana wrote:\n> Hi Alex,\n> your talk on moving a monolith\n> {ALEX}\n"
    )
    _alex(scratch, first, answer)
    scratch.arrived(DANA, "what Dana gets")
    return first


def _alex(scratch: Scratch, to: EmailMessage, text: str) -> None:
    """Alex answers a mail."""
    address = to["Reply-To"].addresses[0].addr_spec
    subject = f"Re: {to['Subject']}"
    scratch.send(f"Alex Chen <{ALEX}>", address, subject, text, to["Message-ID"])


def _coffee(scratch: Scratch, first: EmailMessage) -> None:
    scratch.say("\n=== Alex answers with one line: /coffee")
    _alex(scratch, first, "/coffee\n")
    scratch.arrived(DANA, "the invitation that Dana gets; Alex gets one as well", "coffee")


def _recommendation(scratch: Scratch, first: EmailMessage) -> None:
    scratch.say("\n=== Alex writes: /recommend Knows event sourcing from practice.")
    _alex(scratch, first, "/recommend Knows event sourcing from practice.\n")
    asked = scratch.arrived(DANA, "what Dana is asked first", "May Alex recommend you")
    scratch.say("\n=== Dana says yes.")
    desk = asked["From"].addresses[0].addr_spec
    words = (
        "yes\n\nI build storage for event-sourced systems, and would like to do it with a team.\n"
    )
    subject, id_ = f"Re: {asked['Subject']}", asked["Message-ID"]
    scratch.send(f"Dana Keller <{DANA}>", desk, subject, words, id_)
    scratch.arrived(TEAM, "what the hiring team gets", "recommends")


def _held(scratch: Scratch) -> None:
    scratch.say(f"\n=== Kim, at {KIM}, attaches a page: a person should look first.")
    text = (
        "Hi Alex,\n\nI maintain the ingest side of a metrics store and we have to choose between\n"
        "log compaction and snapshots (figures attached). Which did you regret less?\n\nKim\n"
    )
    page = "<p>Compaction 41 s, snapshots 67 s.</p>"
    scratch.send(f"Kim <{KIM}>", PEER, "Compaction?", text, page=page)
    scratch.arrived(KIM, "what Kim gets at once")
    scratch.show("held")
    item = json.loads(scratch.run("held", "--json"))[0]["id"]
    scratch.show("approve", item)
    scratch.arrived(ALEX, "what Alex gets after the approval", "Compaction")


def _nudge(scratch: Scratch) -> None:
    scratch.say("\n=== Alex forgets to answer Kim. (The demo waits three seconds, not a day.)")
    reminder = scratch.arrived(ALEX, "the reminder that Alex gets", "is waiting for your answer")
    scratch.say("\n=== Alex taps /later 3d.")
    address = reminder["From"].addresses[0].addr_spec
    scratch.send(f"Alex Chen <{ALEX}>", address, "Re", "/later 3d\n")
    scratch.arrived(KIM, "what Kim gets", "more time")
