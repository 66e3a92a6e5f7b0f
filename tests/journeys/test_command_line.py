"""The command line, whole: what it does, and what it says to input that cannot be used."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from letters import rsa_pem
from world import ALEX, DOMAIN, PEERPOST, World, a_world

from relay.cli.main import COMMANDS, peerpost
from relay.delivery.signing import public_record


@pytest.fixture
def world(tmp_path: Path):
    with a_world(tmp_path) as made:
        yield made


def refused(world: World, *arguments: str) -> str:
    """The one line with which a call is refused."""
    done = world.run(*arguments)
    assert done.returncode == 2, f"{arguments}: {done.stdout}{done.stderr}"
    (line,) = done.stderr.strip().splitlines()
    assert done.stdout == ""
    return line


def explained(*command: str) -> str:
    """What --help prints; in this process, for there are fifty of them."""
    done = CliRunner().invoke(peerpost, [*command, "--help"])
    assert done.exit_code == 0, done.output
    return done.output


def test_every_command_explains_itself_with_an_example() -> None:
    listed = explained()
    for name in COMMANDS:
        assert name in listed
        assert "Example:" in explained(name) or name == "ambassador", name
    for name in ("add", "import", "list", "pause", "resume", "remove"):
        assert "Example:" in explained("ambassador", name)


def test_init_writes_secrets_for_their_owner_only_and_never_again(world: World) -> None:
    settings = world.folder / "peerpost.toml"
    before = settings.read_bytes()
    assert stat.S_IMODE(settings.stat().st_mode) == 0o600
    assert stat.S_IMODE((world.folder / "peerpost-dkim.pem").stat().st_mode) == 0o600
    world.do("init", "--domain", "other.example.test")
    assert settings.read_bytes() == before


def test_init_says_what_a_domain_is(tmp_path: Path) -> None:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PEERPOST_")}
    for arguments in (["init"], ["init", "--domain", "not a domain"]):
        done = subprocess.run(
            [PEERPOST, *arguments], cwd=tmp_path, env=clean, capture_output=True, text=True
        )
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("add", "alex", "--name", "Alex", "--email", "new@corp.example.test"), "NAME"),
        (("add", "sam", "--name", "Sam", "--email", ALEX), "--email"),
        (("add", "sam", "--name", "Sam", "--email", "not an address"), "--email"),
        (("add", "sam", "--name", "Sam", "--email", f"sam@{DOMAIN}"), "--email"),
        (("add", "sam", "--name", "Sam", "--email", f"sam@{DOMAIN.upper()}."), "--email"),
        (("add", "s m", "--name", "Sam", "--email", "sam@corp.example.test"), "NAME"),
        (("add", "sam", "--name", "a\x1b[31m", "--email", "sam@corp.example.test"), "--name"),
        (
            ("add", "sam", "--name", "S", "--email", "s@c.example.test", "--timezone", "Mars"),
            "Mars",
        ),
        (("add", "sam", "--name", "S", "--email", "s@c.example.test", "--country", "XX"), "XX"),
        (("add", "sam", "--name", "S", "--email", "s@c.example.test", "--backup", "sam"), "sam"),
        (("pause", "nobody"), "alex"),
        (("pause", "alex", "--until", "2001-01-01"), "--until"),
        (("pause", "alex", "--until", "soon"), "soon"),
    ],
)
def test_an_unusable_ambassador_is_refused_with_what_to_write_instead(
    world: World, arguments: tuple[str, ...], named: str
) -> None:
    assert named in refused(world, "ambassador", *arguments)
    assert [one["name"] for one in world.listed("ambassador", "list")] == ["alex"]


def test_many_are_imported_or_none(world: World) -> None:
    good = "name,display_name,email,topics\nsam,Sam,sam@corp.example.test,rust go\n"
    file = world.folder / "people.csv"
    file.write_text(good + "ida,Ida,not-an-address,\n")
    assert "line 3" in refused(world, "ambassador", "import", str(file))
    assert len(world.listed("ambassador", "list")) == 1
    file.write_text(good + "ida,Ida,ida@corp.example.test,\n")
    world.do("ambassador", "import", str(file))
    names = {one["name"]: one["topics"] for one in world.listed("ambassador", "list")}
    assert names == {"alex": [], "sam": ["rust", "go"], "ida": []}


def test_listings_show_no_real_address(world: World) -> None:
    assert ALEX not in world.do("ambassador", "list")
    assert ALEX not in world.do("ambassador", "list", "--json")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("followup.nudge_after", "soon", "followup.nudge_after"),
        ("relay.max_size", "huge", "25MiB"),
        ("relay.listen", "nowhere", "relay.listen"),
        ("screening.policy", "lax", "balanced"),
        ("relay.domian", "x.test", "relay.domain"),
        ("relais.domain", "x.test", "PEERPOST_RELAY__"),
    ],
)
def test_an_unusable_setting_is_named_and_nothing_starts(
    world: World, key: str, value: str, said: str
) -> None:
    world.settings[key] = value
    assert said in refused(world, "serve")


def test_a_file_with_an_unknown_setting_is_not_used(world: World) -> None:
    file = world.folder / "peerpost.toml"
    file.write_text(file.read_text() + "\n[followup2]\nx = 1\n")
    assert "followup" in refused(world, "threads")


def test_a_command_that_does_not_exist_is_refused(world: World) -> None:
    assert "nonsense" in refused(world, "nonsense")
    refused(world, "approve")
    refused(world, "serve", "--processes", "0")


def test_a_failure_is_one_line_and_status_1(world: World) -> None:
    world.settings["storage.url"] = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    done = world.run("threads")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)


def test_a_taken_port_is_one_line_and_status_1(world: World) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        world.settings["relay.listen"] = f"127.0.0.1:{server.getsockname()[1]}"
        done = world.run("serve")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_listings_are_json_where_they_are_asked_to_be(world: World) -> None:
    for command in ("held", "threads", "queue"):
        assert world.listed(command) == []
    assert isinstance(json.loads(world.do("report", "--format", "json")), dict)


@pytest.mark.parametrize("kind", ["table", "csv", "json", "html"])
def test_the_report_comes_in_each_format_and_into_a_file(world: World, kind: str) -> None:
    shown = world.do("report", "--format", kind)
    assert shown.strip()
    world.do("report", "--format", kind, "--out", "report.out")
    assert (world.folder / "report.out").read_text().strip()


def test_the_report_wants_a_period(world: World) -> None:
    assert "--since" in refused(world, "report", "--since", "yesterday-ish")
    assert "--since" in refused(world, "report", "--since", "0s")


def test_what_is_forgotten_is_gone(world: World) -> None:
    world.start()
    assert world.send("dana@mailer.test", f"peer-alex@{DOMAIN}", "Hello.\r\n")[0] == 250
    world.arrived(ALEX)
    world.do("forget", "dana@mailer.test")
    assert world.arrived("dana@mailer.test").sender == ""
    assert "nothing is stored" in world.do("forget", "dana@mailer.test")
    assert "mail address" in refused(world, "forget", "nonsense")


def test_the_doctor_says_what_to_publish_and_fails_until_it_is(world: World) -> None:
    done = world.run("doctor")
    assert done.returncode == 1
    assert f"_dmarc.{DOMAIN}" in done.stdout
    published = [line.split('"')[1] for line in done.stdout.splitlines() if '"' in line]
    assert len(published) == 6  # of which two can be done without
    key = next(text for text in published if "p=" in text and "DKIM1" in text)
    world.names.records |= {
        (DOMAIN, "MX"): ("10 mail.example.test",),
        (DOMAIN, "TXT"): ("v=spf1 ip4:192.0.2.1 -all",),
        (f"_dmarc.{DOMAIN}", "TXT"): ("v=DMARC1; p=reject",),
        (f"peerpost._domainkey.{DOMAIN}", "TXT"): (key,),
    }
    assert world.do("doctor").count("ok  ") >= 8
    world.names.records[f"_mta-sts.{DOMAIN}", "TXT"] = ("v=STSv1; id=1",)
    assert "has no policy" in world.run("doctor").stdout


def test_the_doctor_names_the_records_of_both_keys_while_one_takes_over(world: World) -> None:
    (world.folder / "next.pem").write_bytes(rsa_pem())
    world.settings["delivery.next_dkim_key"] = "next.pem"
    shown = world.run("doctor").stdout
    assert f"peerpost._domainkey.{DOMAIN}" in shown
    assert f'peerpost-next._domainkey.{DOMAIN}  TXT  "{public_record(rsa_pem())}"' in shown


def test_shells_can_complete(world: World) -> None:
    assert "_PEERPOST_COMPLETE" in world.do("completion", "bash")
