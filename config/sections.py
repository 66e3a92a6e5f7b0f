"""A frozen model per section of the settings: every key, its default as written, its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from config import choices, values, words
from config.kinds import (
    Address,
    AtLeastOne,
    Count,
    Domains,
    Duration,
    Flag,
    Line,
    Mailboxes,
    Networks,
    Port,
    Section,
    Size,
    SomeAddress,
    SomeLine,
    SomeMailbox,
    SomePath,
    SomeUrl,
    Wait,
    setting,
)


class RelaySettings(Section):
    domain: Annotated[str, PlainValidator(words.domain)] = Field(
        description="the domain of every masked address"
    )
    listen: Address = setting("127.0.0.1:8025", "host:port of the SMTP server")
    max_size: Size = setting("25MiB", "larger messages are refused")
    company: Line = Field(
        default_factory=lambda known: known["domain"],
        description="the company's name, as it stands in mails; else the domain",
    )
    careers_url: SomeUrl = setting("", "the company's page of open positions")
    language: Annotated[str, PlainValidator(words.language)] = setting(
        "en", "the language of our mails where the message's own is not known"
    )
    templates: SomePath = setting("", "a folder of mails that come before ours")
    postmaster: SomeMailbox = setting("", "who gets mail to postmaster@ and abuse@")
    hiring_team: Mailboxes = setting([], "who gets recommendations")
    moderators: Mailboxes = setting([], "who is asked about held messages; else the ambassador")
    tls_cert: SomePath = setting("", "certificate chain (PEM); with tls_key, STARTTLS is offered")
    tls_key: SomePath = setting("", "the certificate's key (PEM)")
    proxy_from: Networks = setting([], "networks whose PROXY protocol header is believed")
    max_connections: AtLeastOne = setting(1000, "SMTP sessions at a time")
    user: SomeLine = setting(
        "", "who the service runs as once its port is bound, when it is started by root"
    )
    connections_per_client: AtLeastOne = setting(150, "of which one client may have so many")
    one_core: Flag = setting(True, "each process keeps to one core: that makes it faster")


class StorageSettings(Section):
    url: Annotated[str, PlainValidator(words.storage_url)] = setting(
        "sqlite:///var/peerpost.db", "or postgresql+psycopg://user@host/peerpost"
    )
    key: Annotated[bytes, PlainValidator(words.sealing_key)] = Field(
        repr=False, description="seals what is stored; without it nothing can be read again"
    )
    spool: SomePath = setting("", "a folder for large messages; else `spool` beside the database")


class BrokerSettings(Section):
    url: Annotated[str, PlainValidator(words.broker_url)] = setting(
        "embedded://", "or redis://host:6379, or amqp://host:5672"
    )


class DeliverySettings(Section):
    transport: Annotated[choices.Transport, PlainValidator(values.choice(choices.Transport))] = (
        setting("maildir", "maildir, smtp (a smarthost) or mx (straight to the exchangers)")
    )
    maildir: Annotated[Path, PlainValidator(words.path)] = setting(
        "var/outbox", "where the maildir transport delivers"
    )
    host: Annotated[str, PlainValidator(values.host)] = setting("127.0.0.1", "the smarthost")
    port: Port = setting(25, "and its port")
    username: SomeLine = setting("", "for a smarthost that wants a login")
    password: SomeLine = Field(None, repr=False, description="and its password")
    tls: Annotated[choices.Tls, PlainValidator(values.choice(choices.Tls))] = setting(
        "opportunistic", "opportunistic, required or off"
    )
    retry_after: Wait = setting("1m", "the first retry; each next one waits longer")
    retry_max: Wait = setting("4h", "but never longer than this")
    give_up_after: Wait = setting("3d", "then the sender is told")
    dkim_key: SomePath = setting("", "private key (PEM) that signs our mail; without it none is")
    dkim_selector: Annotated[str, PlainValidator(words.selector)] = setting(
        "peerpost", "the key's name in DNS: SELECTOR._domainkey.DOMAIN"
    )
    next_dkim_key: SomePath = setting("", "a second key: while it takes over, both sign")
    next_dkim_selector: Annotated[str, PlainValidator(words.selector)] = setting(
        "peerpost-next", "its name in DNS"
    )


class DnsSettings(Section):
    resolver: SomeAddress = setting("", "host:port of a resolver; else the system's")


class ScreeningSettings(Section):
    require_auth: Flag = setting(True, "mail of domains with DMARC must pass it")
    trusted_networks: Networks = setting([], "whose mail is taken as authenticated")
    arc_sealers: Domains = setting([], "domains whose ARC seals are believed")
    policy: Annotated[choices.Policy, PlainValidator(values.choice(choices.Policy))] = setting(
        "balanced", "open, balanced or strict"
    )
    ask_back: Flag = setting(True, "a thin first contact gets one polite question")
    hold_expires: Wait = setting("5d", "then a held message is declined")
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
        3, "new threads a week for one ambassador; 0: no limit, as it is under the policy `open`"
    )
    open_threads: Count = Field(
        default_factory=lambda known: 4 * known["weekly_threads"],
        description="open ones at a time; 0: no limit; else four times as many as new ones a week",
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
    ] = setting("mask", "an own address that someone typed: mask, ask or allow")
    employer_warning: Annotated[
        choices.EmployerWarning, PlainValidator(values.choice(choices.EmployerWarning))
    ] = setting("tell", "of an employer who may read along: tell, hold the message first, or off")
    keep_bodies: Duration = setting("0s", "how long a delivered message is kept")


class RetentionSettings(Section):
    threads: Wait = setting("730d", "older threads are erased")
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


class OpsSettings(Section):
    listen: SomeAddress = setting("", "host:port of /metrics and /healthz; else there is none")


class LogSettings(Section):
    level: Annotated[choices.LogLevel, PlainValidator(values.choice(choices.LogLevel))] = setting(
        "info", "debug, info, warning or error"
    )
    format: Annotated[choices.LogFormat, PlainValidator(values.choice(choices.LogFormat))] = (
        setting("text", "text or json")
    )
