"""Every sentence we say over SMTP, on one page (RFC 5321 codes, RFC 3463 enhanced codes)."""

from __future__ import annotations

from dataclasses import dataclass

from screening.case import Disposition, Finding


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a command: code, enhanced code, and words for whoever reads them."""

    code: int
    status: str
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.status} {self.text}"

    @property
    def accepted(self) -> bool:
        return self.code < 400

    @property
    def temporary(self) -> bool:
        return 400 <= self.code < 500


ACCEPTED = Reply(250, "2.0.0", "taken, and safely stored")
SENDER_OK = Reply(250, "2.1.0", "go on")
RECIPIENT_OK = Reply(250, "2.1.5", "go on")

NO_SUCH_ADDRESS = Reply(550, "5.1.1", "there is no such address here")
NOT_A_RELAY = Reply(550, "5.7.1", "this server takes mail for its own domain only")
OUR_OWN_SENDER = Reply(550, "5.7.1", "nobody sends from this domain but this server itself")
BAD_PATH = Reply(501, "5.1.7", "this is no address; write it as <name@domain.example>")
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "at most 100 recipients; send the others separately")
TOO_MANY_UNKNOWN = Reply(450, "4.7.1", "too many unknown recipients; try again later")
GOODBYE = Reply(421, "4.7.0", "too many unknown recipients; goodbye")
TOO_MANY_CONNECTIONS = Reply(421, "4.7.0", "too many connections; try again later")
BAD_NAME = Reply(501, "5.5.4", "say who you are: EHLO and your host name")
VERIFY_WHOM = Reply(501, "5.5.4", "VRFY takes an address")
NO_ROOM = Reply(452, "4.3.1", "too much large mail at the moment; please try again in a minute")
TOO_BUSY = Reply(451, "4.3.2", "too busy at the moment; please try again in a minute")
TOO_MUCH_FOR_SO_MANY = Reply(
    552, "5.3.4", "the message is too large for so many recipients; send it to fewer at a time"
)
TOO_LARGE = Reply(552, "5.3.4", "the message is larger than this server takes")
LINE_TOO_LONG = Reply(500, "5.5.2", "the line is too long")
CANNOT_VERIFY = Reply(252, "2.5.2", "addresses are not verified here; just send the mail")
SMTPUTF8_MISSING = Reply(550, "5.6.7", "this address needs SMTPUTF8 on the MAIL command")

NOT_YOUR_ADDRESS = Reply(
    550, "5.7.1", "this address works only for whom it was given to, from the mailbox they use here"
)
OWN_ADDRESS = Reply(550, "5.7.1", "this is your own masked address; it is for other people")
NOT_PROVEN = Reply(
    550, "5.7.1", "nothing proves that you sent this (SPF or DKIM); send it through your own server"
)
NAME_THE_ADDRESS = Reply(
    550, "5.7.1", "put the address you answer into To or Cc; your mail's signature must cover it"
)
ONCE_PROVEN = Reply(
    550, "5.7.1", "earlier mail from you was authenticated (SPF or DKIM), this one is not"
)
GONE = Reply(550, "5.1.6", "this person no longer answers mail here; please choose somebody else")
NOT_A_REPORT = Reply(550, "5.7.1", "this is no delivery report for a message of ours")
ANSWERED_BEFORE = Reply(
    550, "5.7.1", "this question was answered before, or too long ago; nothing was done"
)
NO_SUCH_COMMAND = Reply(
    550, "5.7.1", "we do not know this command and did nothing; the list came by mail today"
)
YES_OR_NO = Reply(550, "5.7.1", "write yes or no on the first line; nothing was done yet")
SEND_OR_MASK = Reply(550, "5.7.1", "write send or mask on the first line; nothing was done yet")
APPROVE_OR_DECLINE = Reply(
    550, "5.7.1", "write approve or decline on the first line; nothing was done yet"
)
ENDED = Reply(550, "5.7.1", "this person has ended the conversation and wants no more mail")
COMES_BACK = Reply(
    550, "5.2.1", "mail to this person came back, so none is sent to them until they write again"
)
NO_ROOM_NOW = Reply(
    550, "5.7.1", "there is no room for a new conversation now; please write again in a week or two"
)
NOT_TAKEN_OUT = Reply(
    554, "5.6.0", "the command could not be taken out of the mail; send it again as plain text"
)
LOOP = Reply(554, "5.4.6", "this message has been here before")

REPEATED = Reply(
    550,
    "5.7.1",
    "these very words came before, each time in answer; a person changes them a little",
)

CLOSING = Reply(421, "4.3.2", "this server is going down; please try again in a moment")
TRY_LATER = Reply(451, "4.3.0", "something is wrong on our side; please try again later")
UNDECIDED = Reply(451, "4.4.3", "DNS did not say who sent this; please try again later")


def unreadable(why: str) -> Reply:
    """The message breaks a rule that its sender's program should have kept."""
    return Reply(554, "5.6.0", f"the message cannot be taken: {why}")


def gone(other: str) -> Reply:
    """Somebody left; `other` is the local part of whoever may be written to instead."""
    return Reply(
        550, "5.1.6", f"this person no longer answers mail here; please write to {other} instead"
    )


def unreachable(other: str) -> Reply:
    """Mail to somebody comes back; `other` is whoever may be written to instead, or empty."""
    instead = f"please write to {other} instead" if other else "please choose somebody else"
    return Reply(550, "5.2.1", f"mail to this person comes back at the moment; {instead}")


def wait(reason: str) -> Reply:
    """A budget is used up; in a minute there is another one."""
    return Reply(451, "4.7.1", f"{reason} at the moment; please try again in a minute")


def unmaskable(why: str) -> Reply:
    """The message would show who wrote it, whatever we do."""
    return Reply(554, "5.7.7", why)


def refused(finding: Finding) -> Reply:
    """What the gravest finding of the screening means for the client."""
    if finding.disposition is Disposition.DEFER:
        return Reply(451, "4.7.1", finding.reason)
    return Reply(550, "5.7.1", finding.reason)
