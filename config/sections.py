"""What the machine needs, a frozen model per section: each key, its default and its meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, PlainValidator

from config import choices, values, words
from config.kinds import (
    Address,
    AtLeastOne,
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
    templates: SomePath = setting(
        "", "a folder of your own words for our mails (LANGUAGE/NAME.txt)"
    )
    postmaster: SomeMailbox = setting("", "who gets mail to postmaster@ and abuse@")
    hiring_team: Mailboxes = setting([], "who gets recommendations")
    moderators: Mailboxes = setting([], "who is asked about held messages; else the ambassador")
    tls_cert: SomePath = setting("", "certificate chain (PEM); with tls_key, STARTTLS is offered")
    tls_key: SomePath = setting("", "the certificate's key (PEM)")
    proxy_from: Networks = setting([], "networks whose PROXY protocol header is believed")
    max_connections: AtLeastOne = setting(1000, "SMTP sessions at a time")
    connections_per_client: AtLeastOne = setting(150, "SMTP sessions of one client at a time")
    user: SomeLine = setting(
        "", "who the service runs as once its port is bound, when it is started by root"
    )
    one_core: Flag = setting(True, "each process keeps to one core: that makes it faster")


class StorageSettings(Section):
    url: Annotated[str, PlainValidator(words.storage_url)] = setting(
        "sqlite:///var/peerpost.db", "the database; or postgresql+psycopg://user@host/peerpost"
    )
    key: Annotated[bytes, PlainValidator(words.sealing_key)] = Field(
        repr=False, description="seals what is stored; without it nothing can be read again"
    )
    spool: SomePath = setting("", "a folder for large messages; else `spool` beside the database")


class BrokerSettings(Section):
    url: Annotated[str, PlainValidator(words.broker_url)] = setting(
        "embedded://", "who brings tasks to workers; or redis://host:6379, or amqp://host:5672"
    )


class DeliverySettings(Section):
    transport: Annotated[choices.Transport, PlainValidator(values.choice(choices.Transport))] = (
        setting("maildir", "maildir, smtp (a smarthost) or mx (straight to the exchangers)")
    )
    maildir: Annotated[Path, PlainValidator(words.path)] = setting(
        "var/outbox", "where the maildir transport delivers"
    )
    host: Annotated[str, PlainValidator(values.host)] = setting("127.0.0.1", "the smarthost")
    port: Port = setting(25, "the smarthost's port")
    username: SomeLine = setting("", "the user name, for a smarthost that wants a login")
    password: SomeLine = Field(None, repr=False, description="the password that goes with it")
    tls: Annotated[choices.Tls, PlainValidator(values.choice(choices.Tls))] = setting(
        "opportunistic", "TLS to the next host: opportunistic, required or off"
    )
    retry_after: Wait = setting("1m", "the first retry; each next one waits longer")
    retry_max: Wait = setting("4h", "the longest wait between two tries")
    give_up_after: Wait = setting("3d", "how long it is tried; then the sender is told")
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


class OpsSettings(Section):
    listen: SomeAddress = setting("", "host:port of /metrics and /healthz; else there is none")


class LogSettings(Section):
    level: Annotated[choices.LogLevel, PlainValidator(values.choice(choices.LogLevel))] = setting(
        "info", "debug, info, warning or error"
    )
    format: Annotated[choices.LogFormat, PlainValidator(values.choice(choices.LogFormat))] = (
        setting("text", "text or json")
    )
