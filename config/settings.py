"""The settings: from a file and the environment to one frozen, typed value, or one clear error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    SettingsConfigDict,
)

from config import sources
from config.choices import (
    EmployerWarning,
    Every,
    Names,
    Policy,
    ScannerFailure,
    Tls,
    Transport,
    TypedAddresses,
)
from config.kinds import Section
from config.program import (
    AmbassadorSettings,
    FollowupSettings,
    LimitSettings,
    PrivacySettings,
    ReferralSettings,
    ReportSettings,
    RetentionSettings,
    ScreeningSettings,
)
from config.sections import (
    BrokerSettings,
    DeliverySettings,
    DnsSettings,
    LogSettings,
    OpsSettings,
    RelaySettings,
    StorageSettings,
)
from config.values import HostPort, Unusable

__all__ = [
    "AmbassadorSettings",
    "DeliverySettings",
    "EmployerWarning",
    "Every",
    "FollowupSettings",
    "HostPort",
    "LimitSettings",
    "Names",
    "Policy",
    "RelaySettings",
    "ScannerFailure",
    "ScreeningSettings",
    "Settings",
    "Tls",
    "Transport",
    "TypedAddresses",
    "Unusable",
    "load",
    "sections",
]

_MISSING = {
    ("relay", "domain"): "the domain of the masked addresses, or run peerpost init --domain DOMAIN",
    ("storage", "key"): "32 random bytes in base64, or run peerpost init --domain DOMAIN",
}


class Settings(BaseSettings):
    """All settings; made by `load`. `base` is the folder that relative paths were relative to."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_nested_delimiter="__", enable_decoding=False
    )

    relay: RelaySettings
    storage: StorageSettings
    broker: BrokerSettings
    delivery: DeliverySettings
    dns: DnsSettings
    screening: ScreeningSettings
    followup: FollowupSettings
    ambassador: AmbassadorSettings
    limits: LimitSettings
    privacy: PrivacySettings
    retention: RetentionSettings
    referral: ReferralSettings
    report: ReportSettings
    ops: OpsSettings
    log: LogSettings
    base: Path


def sections() -> dict[str, dict[str, FieldInfo]]:
    """Every section with its keys, in the order in which `init` writes them."""
    return {
        name: field.annotation.model_fields
        for name, field in Settings.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
    }


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in `path`, overridden by PEERPOST_SECTION__KEY variables.

    Without a path it is the file that PEERPOST_CONFIG names, or ./peerpost.toml if there is one.
    Raises Unusable for the first mistake.
    """
    names, file = sections(), sources.find(path, environ)
    written = sources.from_file(file, names) if file else {}
    variables = EnvSettingsSource(Settings)
    variables.env_vars = sources.from_environment(environ, names)
    base = file.parent if file else Path.cwd()
    rest: dict[str, object] = {name: {} for name in names} | {"base": base}
    layers = (variables, InitSettingsSource(Settings, written), InitSettingsSource(Settings, rest))
    try:
        found = Settings(_build_sources=(layers, {}))
    except ValidationError as error:
        raise _unusable(error, variables.env_vars, file) from None
    _check_together(found)
    return _anchored(found)


def _unusable(
    error: ValidationError, variables: Mapping[str, str | None], file: Path | None
) -> Unusable:
    """The first thing that is wrong, in our words."""
    first = error.errors()[0]
    section, key = str(first["loc"][0]), str(first["loc"][1])
    if first["type"] == "missing":
        where = "" if file else f"there is no {sources.FILE} in this folder"
        return Unusable(f"{section}.{key}", None, _MISSING[section, key], origin=where)
    variable = sources.variable_of(section, key)
    origin = variable if f"{section}__{key}" in variables else ""
    value = "(not shown)" if (section, key) in sources.SECRETS else first["input"]
    return Unusable(f"{section}.{key}", value, str(first["ctx"]["error"]), origin=origin)


def _check_together(found: Settings) -> None:
    """What no section can see alone."""
    relay, delivery = found.relay, found.delivery
    if (relay.tls_cert is None) != (relay.tls_key is None):
        missing = "relay.tls_key" if relay.tls_key is None else "relay.tls_cert"
        raise Unusable(missing, None, "it too: a certificate and its key belong together")
    if (delivery.username is None) != (delivery.password is None):
        missing = "delivery.password" if delivery.password is None else "delivery.username"
        raise Unusable(missing, None, "it too: a user name and its password belong together")
    for name, mailboxes in (
        ("relay.postmaster", (relay.postmaster or "",)),
        ("relay.hiring_team", relay.hiring_team),
        ("relay.moderators", relay.moderators),
        ("report.mail_to", found.report.mail_to),
    ):
        for mailbox in mailboxes:
            if mailbox.lower().endswith(f"@{relay.domain}"):
                raise Unusable(name, mailbox, "a mailbox outside the relay's own domain")


def _anchored(found: Settings) -> Settings:
    """The same with every relative path made absolute, and the spool beside the database."""
    update = {name: _anchored_section(getattr(found, name), found.base) for name in sections()}
    if found.screening.policy is Policy.OPEN and not found.ambassador.model_fields_set:
        # It asks or holds nothing of its own: only a limit that somebody wrote counts.
        update["ambassador"] = AmbassadorSettings(weekly_threads=0)
    return found.model_copy(update=update)


def _anchored_section(section: Section, base: Path) -> Section:
    paths = {name: base / value for name, value in section if isinstance(value, Path)}
    if not isinstance(section, StorageSettings):
        return section.model_copy(update=paths)
    file = section.url.removeprefix("sqlite:///")
    if file == section.url:
        return section.model_copy(update={"spool": base / "var" / "spool"} | paths)
    database = base / file
    beside = {"url": f"sqlite:///{database}", "spool": database.parent / "spool"}
    return section.model_copy(update=beside | paths)
