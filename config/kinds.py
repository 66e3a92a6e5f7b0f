"""What a setting can be: the kinds of values, each with its parser, and what a section is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from config import values, words


def setting(default: object, meaning: str) -> Any:
    """A setting whose default is parsed like what users write; `init` writes its meaning."""
    return Field(default, description=meaning, validate_default=True)


Duration = Annotated[timedelta, PlainValidator(values.duration)]
Wait = Annotated[timedelta, PlainValidator(values.positive_duration)]
Size = Annotated[int, PlainValidator(values.size)]
Count = Annotated[int, PlainValidator(values.number(0))]
AtLeastOne = Annotated[int, PlainValidator(values.number(1))]
Port = Annotated[int, PlainValidator(values.number(1, 65535))]
Flag = Annotated[bool, PlainValidator(values.boolean)]
Address = Annotated[values.HostPort, PlainValidator(values.host_port)]
SomeAddress = Annotated[values.HostPort | None, PlainValidator(values.optional(values.host_port))]
Networks = Annotated[tuple[values.Network, ...], PlainValidator(values.listing(values.network))]
Mailboxes = Annotated[tuple[str, ...], PlainValidator(values.listing(words.address))]
SomeMailbox = Annotated[str | None, PlainValidator(values.optional(words.address))]
Domains = Annotated[tuple[str, ...], PlainValidator(values.listing(words.domain))]
Line = Annotated[str, PlainValidator(words.line)]
SomeLine = Annotated[str | None, PlainValidator(values.optional(words.line))]
SomePath = Annotated[Path | None, PlainValidator(values.optional(words.path))]
SomeUrl = Annotated[str | None, PlainValidator(values.optional(words.web_url))]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
