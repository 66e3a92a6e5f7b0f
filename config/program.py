"""How the program is run, a frozen model per section: whom to let in, when to remind."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PlainValidator

from config import choices, values, words
from config.kinds import (
    AtLeastOne,
    Count,
    Domains,
    Duration,
    Flag,
    Mailboxes,
    Networks,
    Section,
    Wait,
    setting,
)


class ScreeningSettings(Section):
    require_auth: Flag = setting(True, "mail of domains with DMARC must pass it")
    trusted_networks: Networks = setting([], "networks whose mail is taken as authenticated")
    arc_sealers: Domains = setting([], "domains whose ARC seals are believed")
    policy: Annotated[choices.Policy, PlainValidator(values.choice(choices.Policy))] = setting(
        "balanced",
        "open (doubts are forwarded), balanced (asked back or held) or strict (all are held)",
    )
    ask_back: Flag = setting(True, "a thin first contact gets one polite question")
    hold_expires: Wait = setting("5d", "how long a message is held; then it is declined, kindly")
    show_text: Flag = setting(False, "moderators see the text of a held message")
    rspamd: Annotated[str | None, PlainValidator(values.optional(words.scanner_url))] = setting(
        "", "URL or host:port of rspamd"
    )
    clamd: Annotated[
        values.HostPort | None, PlainValidator(values.optional(words.scanner_address))
    ] = setting("", "host:port of clamd")
    scanner_failure: Annotated[
        choices.ScannerFailure, PlainValidator(values.choice(choices.ScannerFailure))
    ] = setting("defer", "while a scanner does not answer: defer the mail, or skip the scanner")


class FollowupSettings(Section):
    nudge_after: Wait = setting("24h", "an ambassador who has not answered is reminded")
    escalate_after: Wait = setting("72h", "then the backup is asked and the candidate told")
    max_nudges: Count = setting(4, "reminders at most")
    business_hours: Flag = setting(True, "count the ambassador's working hours only")
    worth_after: Duration = setting(
        "10d", "without a word: both are asked once whether it was worth their time; 0s: never"
    )
    acknowledge: Flag = setting(True, "a first contact gets a three-line acknowledgement")


class AmbassadorSettings(Section):
    weekly_threads: Count = setting(
        3, "new conversations a week for one ambassador; 0: no limit, as under the policy `open`"
    )
    open_threads: Count = Field(
        default_factory=lambda known: 4 * known["weekly_threads"],
        description="open conversations at a time; 0: no limit; else four times the weekly ones",
    )


class LimitSettings(Section):
    domain: AtLeastOne = setting(60_000, "proven messages a minute from one domain")
    network: AtLeastOne = setting(
        60_000, "proven messages a minute from one address (IPv4) or /64 network (IPv6)"
    )
    recipient: AtLeastOne = setting(60_000, "proven messages a minute to one address of ours")
    strangers: AtLeastOne = setting(
        60, "unproven messages a minute: from one client, from one domain, to one address"
    )


class PrivacySettings(Section):
    names: Annotated[choices.Names, PlainValidator(values.choice(choices.Names))] = setting(
        "first", "what the other side sees of a name: full, first or hidden"
    )
    typed_addresses: Annotated[
        choices.TypedAddresses, PlainValidator(values.choice(choices.TypedAddresses))
    ] = setting("mask", "an own address that someone typed: mask it, ask them, or allow it")
    employer_warning: Annotated[
        choices.EmployerWarning, PlainValidator(values.choice(choices.EmployerWarning))
    ] = setting("tell", "of an employer who may read along: tell, hold the message first, or off")
    keep_bodies: Duration = setting("0s", "how long a delivered message is kept")


class RetentionSettings(Section):
    threads: Wait = setting("730d", "conversations are erased after so long without a word")
    events: Wait = Field(
        default_factory=lambda known: known["threads"],
        validate_default=True,
        description="older metadata is erased, and no report reaches further back; else as threads",
    )


class ReferralSettings(Section):
    window: Wait = setting("365d", "how long a first contact earns the credit")
    keep_after_forget: Flag = setting(True, "keep a keyed digest for the credit after `forget`")


class ReportSettings(Section):
    mail_to: Mailboxes = setting([], "who gets the report by mail")
    every: Annotated[choices.Every, PlainValidator(values.choice(choices.Every))] = setting(
        "weekly", "daily, weekly or monthly"
    )
