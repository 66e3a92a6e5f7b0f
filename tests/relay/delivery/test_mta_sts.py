"""MTA-STS policies: how they are read, kept and renewed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import records

from relay.delivery.mta_sts import NO_POLICY, Mode, Policies, Policy, parse

FILE = (
    b"version: STSv1\r\nmode: enforce\r\nmx: mx.corp.test\r\nmx: *.mail.test\r\nmax_age: 86400\r\n"
)
POLICY = Policy(Mode.ENFORCE, ("mx.corp.test", "*.mail.test"), 86400)


def test_a_policy_file_is_read_with_any_line_ends_and_unknown_keys():
    assert parse(FILE) == POLICY
    assert parse(FILE.replace(b"\r", b"") + b"extra: 1\nversion: STSv9\nno colon") == POLICY
    assert parse(b"version: STSv1\nmode: none\nmax_age: 99999999999"[:-1]).max_age == 31_557_600


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"STSv1", b"STSv2"),
        (b"enforce", b"maybe"),
        (b"max_age", b"age"),
        (b"86400", b"-1"),
        (b"mx:", b"mix:"),
        (b"mx.corp", b"\xff"),
        (b"version: STSv1", b""),
        (b"mode", b"x" * 70_000),
    ],
)
def test_what_is_no_policy_is_not_taken_for_one(old: bytes, new: bytes):
    with pytest.raises(ValueError):
        parse(FILE.replace(old, new))


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_whatever_follows_a_policy_its_hosts_stand(rest: str):
    assert parse(FILE + rest.encode(errors="replace")).hosts[:2] == POLICY.hosts


def test_a_wildcard_stands_for_exactly_one_label():
    for host in ("mx.corp.test", "a.mail.test"):
        assert POLICY.allows(host)
    for host in ("corp.test", "mail.test", "a.b.mail.test", "mx.corp.test.evil.test"):
        assert not POLICY.allows(host)
    assert Policy(Mode.TESTING, ("mx.corp.test",), 1).allows("elsewhere.test")


class World:
    """A zone, a policy file and a clock that tests move."""

    def __init__(self) -> None:
        self.zone = {"_mta-sts.corp.test TXT": "v=STSv1; id=1;"}
        self.file: bytes | OSError = FILE
        self.now = 1000.0
        self.fetched = 0
        self.policies = Policies(records(self.zone), self.fetch, lambda: self.now)

    def fetch(self, domain: str) -> bytes:
        self.fetched += 1
        if isinstance(self.file, OSError):
            raise self.file
        return self.file

    def policy(self, later: float = 0) -> Policy:
        self.now += later
        return self.policies.policy("corp.test")


def test_a_policy_is_fetched_once_and_again_when_its_id_changes():
    world = World()
    assert [world.policy() for _ in range(3)] == [POLICY] * 3
    assert world.fetched == 1
    world.zone["_mta-sts.corp.test TXT"] = "v=STSv1; id=2;"
    world.file = FILE.replace(b"enforce", b"testing")
    assert world.policy(400).mode is Mode.TESTING
    assert world.fetched == 2


@pytest.mark.parametrize(
    "record", ["", "v=STSv1; id=;", "v=STSv2; id=1;", "id=1", "v=STSv1; id=1;, v=STSv1; id=2;", "?"]
)
def test_a_domain_without_one_valid_record_has_no_policy(record: str):
    world = World()
    world.zone["_mta-sts.corp.test TXT"] = record
    assert world.policy() == NO_POLICY
    assert not world.fetched


@pytest.mark.parametrize(
    "record", ["v=STSv1;id=1", "v=STSv1 ; a=b; id=20260101T000000; c=d", "spf, v=STSv1; id=1;"]
)
def test_other_fields_and_other_records_do_not_matter(record: str):
    world = World()
    world.zone["_mta-sts.corp.test TXT"] = record
    assert world.policy() == POLICY


@pytest.mark.parametrize("record", ["", "?", "v=STSv1; id=2;"])
def test_a_known_policy_outlives_attempts_to_hide_it(record: str):
    world = World()
    assert world.policy() == POLICY
    world.zone["_mta-sts.corp.test TXT"], world.file = record, OSError("blocked")
    assert world.policy(80_000) == POLICY
    assert world.policy(80_000) == NO_POLICY


def test_a_policy_is_renewed_daily_before_it_ends():
    world = World()
    world.file = FILE.replace(b"86400", b"604800")
    assert world.policy().mode is Mode.ENFORCE
    world.policy(86_000)
    assert world.fetched == 1
    world.policy(1_000)
    assert world.fetched == 2
    world.file = OSError("down")
    assert world.policy(500_000).mode is Mode.ENFORCE


def test_a_policy_that_cannot_be_had_is_not_asked_for_with_every_message():
    for file in (OSError("down"), b"<html>"):
        world = World()
        world.file = file
        assert [world.policy(10) for _ in range(5)] == [NO_POLICY] * 5
        assert world.fetched == 1
        world.file = FILE
        assert world.policy(300) == POLICY
