from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from configs import KEY, environment, some_settings
from pydantic import ValidationError

from config.settings import HostPort, Names, Policy, Tls, Transport, Unusable, load

LEAST = f'[relay]\ndomain = "peers.example.test"\n[storage]\nkey = "{KEY}"\n'


def a_file(folder: Path, text: str = LEAST, mode: int = 0o600) -> Path:
    path = folder / "peerpost.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def complaint(path: Path | None, environ: dict[str, str]) -> str:
    with pytest.raises(Unusable) as caught:
        load(path, environ)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_nobody_wrote_is_as_the_contract_says() -> None:
    found = some_settings()
    assert found.relay.listen == HostPort("127.0.0.1", 8025)
    assert found.relay.max_size == 25 * 1024 * 1024
    assert found.relay.company == "peers.example.test"
    assert found.relay.moderators == found.relay.hiring_team == found.relay.proxy_from == ()
    assert (
        found.relay.postmaster
        is found.relay.tls_cert
        is found.dns.resolver
        is found.ops.listen
        is None
    )
    assert found.delivery.transport is Transport.MAILDIR
    assert (found.delivery.host, found.delivery.port) == ("127.0.0.1", 25)
    assert found.delivery.tls is Tls.OPPORTUNISTIC
    assert found.delivery.retry_after == timedelta(minutes=1)
    assert found.delivery.retry_max == timedelta(hours=4)
    assert found.delivery.give_up_after == timedelta(days=3)
    assert found.screening.policy is Policy.BALANCED
    assert found.screening.require_auth is found.screening.ask_back is True
    assert found.screening.hold_expires == timedelta(days=5)
    assert found.followup.nudge_after == timedelta(hours=24)
    assert found.followup.escalate_after == timedelta(hours=72)
    assert found.followup.max_nudges == 4
    assert found.ambassador.weekly_threads == 3
    assert found.ambassador.open_threads == 12
    assert found.privacy.names is Names.FIRST
    assert found.privacy.keep_bodies == timedelta()
    assert found.retention.threads == found.retention.events == timedelta(days=730)
    assert found.referral.window == timedelta(days=365)


def test_a_file_is_read_and_the_environment_comes_before_it(tmp_path: Path) -> None:
    path = a_file(tmp_path, LEAST + '[followup]\nnudge_after = "2h"\nmax_nudges = 2\n')
    assert load(path, {}).followup.nudge_after == timedelta(hours=2)
    found = load(path, {"PEERPOST_FOLLOWUP__NUDGE_AFTER": "90s"})
    assert found.followup.nudge_after == timedelta(seconds=90)
    assert found.followup.max_nudges == 2


def test_the_file_is_the_one_named_else_the_one_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    path = a_file(other)
    monkeypatch.chdir(tmp_path)
    assert "relay.domain is missing" in complaint(None, {})
    assert load(None, {"PEERPOST_CONFIG": str(path)}).base == other
    monkeypatch.chdir(other)
    assert load(None, {}).base == other


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "no.toml")
    # A long path is shown in part.
    assert complaint(Path(missing), {}).startswith(f'--config = "{missing[:60]}')
    assert complaint(None, {"PEERPOST_CONFIG": missing}).startswith(
        f'PEERPOST_CONFIG = "{missing[:55]}'
    )


def test_lists_come_from_the_environment_as_json_or_with_commas() -> None:
    found = some_settings(
        {
            "screening.trusted_networks": '["127.0.0.0/8"]',
            "relay.moderators": "a@hr.test, b@hr.test",
        }
    )
    assert found.screening.trusted_networks == (ip_network("127.0.0.0/8"),)
    assert found.relay.moderators == ("a@hr.test", "b@hr.test")


def test_the_open_policy_turns_nobody_away_unless_a_limit_was_written() -> None:
    opened = {"screening.policy": "open"}
    unlimited = some_settings(opened).ambassador
    assert (unlimited.weekly_threads, unlimited.open_threads) == (0, 0)
    assert some_settings(opened | {"ambassador.weekly_threads": 3}).ambassador.weekly_threads == 3
    assert some_settings().ambassador.weekly_threads == 3


def test_an_unusable_value_names_key_value_and_what_to_write_instead(tmp_path: Path) -> None:
    path = a_file(tmp_path, LEAST + '[delivery]\nretry_after = "soon"\n')
    said = (
        'delivery.retry_after = "soon" cannot be used; write a duration such as 90s, 15m, 36h or 3d'
    )
    assert complaint(path, {}) == said
    from_there = complaint(None, environment({"delivery.retry_after": "soon"}))
    assert from_there == said.replace('"soon"', '"soon" (PEERPOST_DELIVERY__RETRY_AFTER)')


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("relay.domain", "peers"), ("relay.listen", "8025"), ("relay.max_size", "big"), ("relay.postmaster", "root"),
        ("relay.max_connections", 0), ("storage.url", "mysql://x"), ("broker.url", "redis"), ("delivery.transport", "uucp"),
        ("delivery.port", 70000), ("delivery.tls", "yes"), ("dns.resolver", "1.1.1.1"), ("screening.policy", "lax"),
        ("screening.trusted_networks", ["10/8"]), ("screening.ask_back", "maybe"), ("followup.nudge_after", "0s"),
        ("followup.max_nudges", -1), ("ambassador.weekly_threads", "three"), ("privacy.names", "none"),
        ("report.every", "hour"), ("log.level", "loud"), ("relay.language", "../en"), ("storage.key", "short"),
    ],
)  # fmt: skip
def test_no_section_takes_what_it_cannot_use(key: str, value: object) -> None:
    said = complaint(None, environment({key: value}))
    assert said.startswith(f"{key} = ")
    assert "; write " in said


@pytest.mark.parametrize(
    "text",
    [
        '[followup]\nmax_nudges = "four"',
        "[followup]\nmax_nudges = true",
        "[followup]\nnudge_after = 24",
        "[relay]\ncompany = 5",
        "[screening]\nask_back = 1",
        "[relay]\nmoderators = 5",
        "[relay]\nmoderators = [5]",
    ],
)
def test_a_value_of_the_wrong_type_is_not_bent(tmp_path: Path, text: str) -> None:
    assert " cannot be used; write " in complaint(a_file(tmp_path, text), environment())


def test_an_unknown_key_is_answered_with_the_nearest_known_one(tmp_path: Path) -> None:
    path = a_file(tmp_path, LEAST + '[delivery]\nretry_aftr = "5m"\n')
    assert (
        complaint(path, {})
        == 'delivery.retry_aftr = "5m" is no setting; write delivery.retry_after'
    )
    said = complaint(None, environment() | {"PEERPOST_DELIVERY__RETRY_AFTR": "5m"})
    assert "PEERPOST_DELIVERY__RETRY_AFTR" in said
    assert said.endswith("write delivery.retry_after")


def test_an_unknown_key_that_resembles_none_is_answered_with_all_of_the_section(
    tmp_path: Path,
) -> None:
    said = complaint(a_file(tmp_path, "[ambassador]\ncolour = 1\n"), {})
    assert said == "ambassador.colour = 1 is no setting; write one of weekly_threads, open_threads"


def test_an_unknown_section_is_answered_with_the_nearest_known_one(tmp_path: Path) -> None:
    assert complaint(a_file(tmp_path, "[realy]\n"), {}).endswith("write [relay]")
    assert "one of relay, storage, " in complaint(a_file(tmp_path, "[zzz]\n"), {})
    assert complaint(None, {"PEERPOST_REALY__DOMAIN": "x"}).endswith("write PEERPOST_RELAY__KEY")


def test_a_key_outside_every_section_is_refused(tmp_path: Path) -> None:
    assert "is no section" in complaint(a_file(tmp_path, 'relay = "x"\n'), {})
    assert "names no section" in complaint(a_file(tmp_path, 'domain = "x"\n'), {})
    assert "names no section" in complaint(a_file(tmp_path, 'base = "x"\n'), {})


def test_a_variable_with_one_underscore_too_few_is_not_passed_over() -> None:
    said = complaint(None, environment() | {"PEERPOST_RELAY_LISTEN": "0.0.0.0:25"})
    assert said.endswith("write PEERPOST_RELAY__LISTEN")


def test_variables_that_are_no_settings_belong_to_somebody_else() -> None:
    theirs = {
        "PEERPOST_BIN": "x",
        "PEERPOST_SERVICE_HOST": "10.0.0.1",
        "PEERPOST_CONFIG": "",
        "PATH": "/bin",
    }
    assert load(None, environment() | theirs).relay.domain == "peers.example.test"


def test_the_real_environment_is_not_read_behind_the_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY__COMPANY", "Wrong")
    monkeypatch.setenv("PEERPOST_RELAY__COMPANY", "Wrong too")
    assert some_settings().relay.company == "peers.example.test"
    assert load(None, environment() | {"PEERPOST_RELAY__COMPANY": "Acme"}).relay.company == "Acme"


def test_what_must_be_there_is_asked_for_with_the_way_to_make_it() -> None:
    assert "relay.domain is missing (there is no peerpost.toml in this f" in complaint(None, {})
    assert "peerpost init --domain" in complaint(None, {})
    assert "storage.key is missing" in complaint(
        None, {"PEERPOST_RELAY__DOMAIN": "peers.example.test"}
    )


def test_toml_that_cannot_be_read_is_one_line_with_the_place(tmp_path: Path) -> None:
    said = complaint(a_file(tmp_path, "[relay\ndomain = 5\n"), {})
    assert "is no TOML" in said
    assert "line 1" in said
    (tmp_path / "peerpost.toml").write_bytes(b"[relay]\n\xff\xfe")
    assert "is no TOML" in complaint(tmp_path / "peerpost.toml", {})


@pytest.mark.parametrize(
    "secret",
    [
        LEAST,
        '[delivery]\nusername = "u"\npassword = "p"\n',
        '[broker]\nurl = "redis://:secret@host:6379"\n',
    ],
)
def test_secrets_that_everybody_can_read_are_refused(tmp_path: Path, secret: str) -> None:
    path = a_file(tmp_path, secret, mode=0o644)
    assert f"chmod 600 {path}" in complaint(path, environment())
    path.chmod(0o640)
    assert load(path, environment()).relay.domain == "peers.example.test"


def test_a_file_without_secrets_may_be_read_by_everybody(tmp_path: Path) -> None:
    path = a_file(tmp_path, '[broker]\nurl = "redis://host:6379"\n', mode=0o644)
    assert load(path, environment()).broker.url == "redis://host:6379"


def test_a_secret_is_in_no_error_and_in_no_repr() -> None:
    assert "hunter2" not in complaint(None, environment({"storage.key": "hunter2"}))
    found = some_settings({"delivery.username": "u", "delivery.password": "hunter2"})
    assert "hunter2" not in repr(found)
    assert KEY not in repr(found)
    assert repr(found.storage.key) not in repr(found)


def test_what_belongs_together_comes_together() -> None:
    assert "relay.tls_key is missing" in complaint(None, environment({"relay.tls_cert": "c.pem"}))
    assert "delivery.password is missing" in complaint(
        None, environment({"delivery.username": "u"})
    )
    both = some_settings({"relay.tls_cert": "c.pem", "relay.tls_key": "k.pem"})
    assert both.relay.tls_key == Path.cwd() / "k.pem"


@pytest.mark.parametrize(
    "key", ["relay.postmaster", "relay.hiring_team", "relay.moderators", "report.mail_to"]
)
def test_nobody_is_written_to_through_the_relay_itself(key: str) -> None:
    said = complaint(None, environment({key: "desk@PEERS.example.test"}))
    assert said.startswith(f"{key} = ")
    assert some_settings({key: "hr@example.test"})


def test_relative_paths_begin_at_the_file(tmp_path: Path) -> None:
    path = a_file(tmp_path, LEAST + '[delivery]\ndkim_key = "dkim.pem"\n')
    found = load(path, {"PEERPOST_RELAY__TEMPLATES": "mails"})
    assert found.storage.url == f"sqlite:///{tmp_path}/var/peerpost.db"
    assert found.storage.spool == tmp_path / "var" / "spool"
    assert found.delivery.maildir == tmp_path / "var" / "outbox"
    assert found.delivery.dkim_key == tmp_path / "dkim.pem"
    assert found.relay.templates == tmp_path / "mails"


def test_absolute_paths_and_other_databases_stay_as_they_are(tmp_path: Path) -> None:
    path = a_file(tmp_path)
    found = load(path, {"PEERPOST_STORAGE__URL": "sqlite:////data/p.db"})
    assert (found.storage.url, found.storage.spool) == ("sqlite:////data/p.db", Path("/data/spool"))
    found = load(path, {"PEERPOST_STORAGE__URL": "postgresql+psycopg://u@h/db"})
    assert found.storage.url == "postgresql+psycopg://u@h/db"
    assert found.storage.spool == tmp_path / "var" / "spool"


def test_settings_are_frozen() -> None:
    found = some_settings()
    with pytest.raises(ValidationError):
        found.relay.domain = "elsewhere.test"
    with pytest.raises(ValidationError):
        found.base = Path("/")


def test_a_file_that_cannot_be_read_is_said() -> None:
    assert "a file that can be read" in complaint(Path("/proc/self/mem"), {})
