"""Only the ambassador speaks as the ambassador, and a token is worth nothing to others."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import pytest
from attacks import PEER, Talk, by_alex, forge, report, talk, written_to
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from mails import ed25519_key, key_record, raw_mail, signed
from wire import Wire
from world import ALEX, DOMAIN, World, marker

EVIL = "boss@evil.test"


@pytest.fixture(scope="module")
def attacked(world: World) -> Talk:
    return talk(world)


def refuse(world: World, attacked: Talk, raw: bytes, *senders: str) -> None:
    """Each is refused for good, and neither side gets mail of it."""
    before = written_to(world, attacked.candidate, ALEX, EVIL)
    for sender in senders or (EVIL,):
        assert forge(world, sender, attacked.guest, raw).refused, sender
    own = 2  # honest mails to alex, by which `written_to` knows that all others have arrived
    assert written_to(world, attacked.candidate, ALEX, EVIL) == before + own


FROM: list[str] = [
    f'"{ALEX}" <{EVIL}>',
    f"{ALEX} <{EVIL}>",
    f"<{EVIL}> ({ALEX})",
    f'"Alex Chen {ALEX}" <{EVIL}>',
    f"=?utf-8?q?{ALEX.replace('@', '=40')}?= <{EVIL}>",
    f"=?utf-8?b?{base64.b64encode(f'{ALEX}, '.encode()).decode()}?= <{EVIL}>",
    f"{ALEX}, {EVIL}",
    f"{EVIL}, {ALEX}",
    f"group: {ALEX};",
    f"{ALEX};",
    f"<@evil.test:{ALEX}>",
    f"<{ALEX}> <{EVIL}>",
    f"{ALEX}\r\n\t, {EVIL}",
    "alex.chen@corp.example.test.evil.test",
    "alex.chen@evil.test",
    "alex.chen@corp.exаmple.test",  # a Cyrillic a
    "alex.chen@cоrp.example.test",  # a Cyrillic o
    "alex.chen@corp.example.test\u200b",
    "aleх.chen@corp.example.test",  # a Cyrillic x
    '"alex.chen"@evil.test',
    "alex.chen(@corp.example.test)@evil.test",
    "alex.chen%corp.example.test@evil.test",
    f'"{ALEX}"@evil.test',
]


@pytest.mark.parametrize("author", FROM)
def test_no_spelling_of_from_makes_a_stranger_the_ambassador(
    world: World, attacked: Talk, author: str
) -> None:
    raw = raw_mail(From=author, To=attacked.guest, Subject="Re: the offer")
    for signer in ("evil.test", "mailer.test"):
        said = forge(world, EVIL, attacked.guest, signed(raw, signer), more=" SMTPUTF8")
        assert said.refused, said


def test_nothing_of_all_that_reached_anybody(world: World, attacked: Talk) -> None:
    refuse(world, attacked, raw_mail(From=ALEX, To=attacked.guest), ALEX, EVIL, "")


@pytest.mark.parametrize(
    "second", ["From", "from", "FROM ", "Sender", "To", "Subject", "Date", "Cc"]
)
def test_a_field_that_may_stand_once_stands_once(world: World, attacked: Talk, second: str) -> None:
    raw = by_alex(attacked.guest, "Hello.\r\n", Sender=ALEX, Cc=attacked.guest)
    for doubled in (
        f"{second}: {EVIL}\r\n".encode() + raw,
        raw.replace(b"\r\n\r\n", f"\r\n{second}: {EVIL}\r\n\r\n".encode(), 1),
    ):
        assert forge(world, ALEX, attacked.guest, doubled).code == 554


def _signature(**options: object) -> Callable[[str], bytes]:
    def made(guest: str) -> bytes:
        raw = raw_mail(From=ALEX, To=guest, Message_ID=f"<{marker()}@corp.example.test>")
        return signed(raw, **{"domain": "corp.example.test", **options})  # type: ignore[arg-type]

    return made


WORTHLESS = {
    "of another domain": _signature(domain="evil.test"),
    "of a domain with the same end": _signature(domain="xexample.test"),
    "of a domain with the same start": _signature(domain="corp.example.test.evil.test"),
    "of the top-level domain": _signature(domain="test"),
    "over a part of the body": _signature(length=2),
    "over nothing of the body": _signature(length=0),
    "with SHA-1": _signature(algorithm="rsa-sha1"),
    "with a revoked key": _signature(selector="revoked"),
    "with a key for testing": _signature(selector="testing"),
    "with a key for something else": _signature(selector="other"),
    "with a key of another kind": _signature(key=ed25519_key(), selector="s1"),
    "that has expired": _signature(tags="t=1000000000; x=1000000100;"),
    "from the future": _signature(tags="t=4000000000;"),
    "that does not cover From": _signature(names="to:subject:date:message-id"),
    "by a key nobody publishes": _signature(selector="nobody"),
    "for a foreign identity": _signature(tags="i=@evil.test;"),
}


@pytest.mark.parametrize("kind", WORTHLESS)
def test_a_signature_that_proves_nothing_proves_nothing(
    world: World, attacked: Talk, kind: str
) -> None:
    world.names.records |= {
        ("s1._domainkey.xexample.test", "TXT"): (key_record(),),
        ("s1._domainkey.corp.example.test.evil.test", "TXT"): (key_record(),),
        ("s1._domainkey.test", "TXT"): (key_record(),),
        ("revoked._domainkey.corp.example.test", "TXT"): ("v=DKIM1; k=rsa; p=",),
        ("testing._domainkey.corp.example.test", "TXT"): (key_record(extra="t=y; "),),
        ("other._domainkey.corp.example.test", "TXT"): (key_record(extra="s=web; "),),
    }
    assert forge(world, EVIL, attacked.guest, WORTHLESS[kind](attacked.guest)).code == 550


def test_a_sibling_vouches_only_where_the_domain_lets_it(world: World) -> None:
    """RFC 7489 section 3.1.1: relaxed alignment, unless the domain says adkim=s."""
    world.names.records |= {
        ("_dmarc.tight.org.test", "TXT"): ("v=DMARC1; p=reject; adkim=s; aspf=s",),
        ("_dmarc.loose.org.test", "TXT"): ("v=DMARC1; p=reject",),
        ("s1._domainkey.other.org.test", "TXT"): (key_record(),),
    }
    for name, code in (("tight", 550), ("loose", 250)):
        raw = signed(raw_mail(From=f"casey@{name}.org.test"), "other.org.test")
        assert forge(world, EVIL, PEER, raw).code == code


def test_a_changed_message_is_not_the_signed_one(world: World, attacked: Talk) -> None:
    raw = by_alex(attacked.guest, "I like it.\r\n")
    for changed in (
        raw.replace(b"I like it", b"I hate it"),
        raw.replace(b"Subject: hello", b"Subject: bye"),
        raw + b"P.S. send money\r\n",
        raw.replace(b"From: alex.chen@", b"From: chen@"),
    ):
        assert forge(world, EVIL, attacked.guest, changed).code == 550


def test_an_answer_counts_once_however_its_unsigned_header_is_changed(
    world: World, attacked: Talk
) -> None:
    before = written_to(world, attacked.candidate)
    for top in (b"", b"X-New: 1\r\n", b"Received: from x\r\n", b"Reply-To: boss@evil.test\r\n"):
        for sender in (EVIL, ALEX, ""):
            forge(world, sender, attacked.guest, top + attacked.answer)
    assert written_to(world, attacked.candidate) == before


def test_an_answer_to_one_is_no_answer_to_another(world: World, attacked: Talk) -> None:
    other = talk(world)
    said = forge(world, ALEX, other.guest, attacked.answer)
    assert said.code == 550
    for to in (f"{attacked.guest}.evil.test", f"undisclosed {other.guest[:-1]}"):
        unnamed = by_alex(to, "To whom?\r\n")
        assert forge(world, ALEX, other.guest, unnamed).refused


def test_a_colleague_is_not_the_ambassador(world: World, attacked: Talk) -> None:
    for colleague in ("mallory", "alex.chen.evil", "chen", "alex.chen+x", "alexchen"):
        raw = by_alex(attacked.guest, "Hello.\r\n", From=f"{colleague}@corp.example.test")
        assert forge(world, f"{colleague}@corp.example.test", attacked.guest, raw).code == 550


def test_spf_that_lets_the_whole_world_in_vouches_only_for_its_own_domain(
    world: World, attacked: Talk
) -> None:
    world.names.records[("wide.test", "TXT")] = ("v=spf1 +all",)
    raw = raw_mail(From=ALEX, To=attacked.guest)
    assert forge(world, "x@wide.test", attacked.guest, raw).code == 550
    bank = raw_mail(From="casey@mailer.test", To=PEER)
    assert forge(world, "x@wide.test", PEER, bank).code == 550


# --- DNS -----------------------------------------------------------------------------------------


def test_while_dns_is_silent_the_answer_is_neither_yes_nor_no(world: World, attacked: Talk) -> None:
    for name in ("late.test", "_dmarc.late.test", "s1._domainkey.late.test"):
        world.names.failing.add(name)
    raw = signed(raw_mail(From="casey@late.test", To=PEER), "late.test")
    assert forge(world, "casey@late.test", PEER, raw).code // 100 == 4
    assert forge(world, "casey@late.test", PEER, raw_mail(From="casey@late.test")).code // 100 == 4


def test_names_that_lead_to_each_other_end_in_no_proof(world: World) -> None:
    world.names.records |= {
        ("loop.test", "TXT"): ("v=spf1 include:loop2.test -all",),
        ("loop2.test", "TXT"): ("v=spf1 include:loop.test redirect=loop.test",),
        ("_dmarc.loop.test", "TXT"): ("v=DMARC1; p=reject",),
        ("alias.test", "CNAME"): ("alias2.test",),
        ("alias2.test", "CNAME"): ("alias.test",),
        ("bomb.test", "TXT"): (
            "v=spf1 " + " ".join(f"include:%{{i}}.{n}.bomb.test" for n in range(100)) + " +all",
        ),
        ("_dmarc.bomb.test", "TXT"): ("v=DMARC1; p=reject",),
    }
    for domain in ("loop.test", "bomb.test"):
        raw = raw_mail(From=f"casey@{domain}", To=PEER)
        asked = len(world.names.asked)
        assert forge(world, f"casey@{domain}", PEER, raw).code == 550
        assert len(world.names.asked) - asked < 60
    raw = raw_mail(From="casey@alias.test", To=PEER)
    assert forge(world, "casey@alias.test", PEER, raw).code in (250, 451, 550)


def test_a_thousand_signatures_cost_few_look_ups(world: World) -> None:
    raw = raw_mail(From="casey@mailer.test", To=PEER)
    top = signed(raw).partition(b"\r\n")[0]
    many = b"".join(
        top.replace(b"d=mailer.test", b"d=n%d.evil.test" % n) + b"\r\n" for n in range(400)
    )
    asked = len(world.names.asked)
    assert forge(world, "casey@mailer.test", PEER, many + raw).code == 550
    assert len(world.names.asked) - asked < 60


# --- tokens --------------------------------------------------------------------------------------


def test_near_misses_of_a_token_do_not_exist(world: World, attacked: Talk) -> None:
    letters = string.ascii_lowercase + string.digits
    rng, guesses = random.Random(7), []
    for address in (attacked.guest, attacked.peer, attacked.path):
        local = address.partition("@")[0]
        head, secret = local[: -len(local) // 2], local[-len(local) // 2 :]
        spots = [rng.randrange(len(secret)) for _ in range(12)]
        made = [f"{secret[:at]}{rng.choice(letters)}{secret[at + 1 :]}" for at in spots]
        made += [secret[:-1], secret[1:], secret + "a", secret[::-1], "%", "_" * len(secret), "*"]
        guesses += [f"{head}{one}@{DOMAIN}" for one in made if one != secret]
    known = {one.lower() for one in (attacked.guest, attacked.peer, attacked.path, PEER)}
    for number, guess in enumerate(guesses):
        with Wire(world.port, f"127.0.5.{number // 10 + 1}") as wire:
            wire.hello()
            said = wire.envelope(EVIL, guess)
            assert guess.lower() in known or said.refused, guess


def test_a_token_works_only_for_whom_it_was_given_to(world: World, attacked: Talk) -> None:
    thief = "thief@mailer.test"
    for address in (attacked.guest, attacked.peer, attacked.path):
        raw = signed(raw_mail(From=thief, To=address))
        assert forge(world, thief, address, raw).code == 550
    # nor does either side's work for the other side
    mine = signed(raw_mail(From=attacked.candidate, To=attacked.guest))
    assert forge(world, attacked.candidate, attacked.guest, mine).code == 550
    assert forge(world, ALEX, attacked.peer, by_alex(attacked.peer, "Hi.\r\n")).code == 550


def test_a_token_is_read_in_any_case(world: World, attacked: Talk) -> None:
    word = marker()
    shouted = attacked.guest.upper()
    assert forge(world, ALEX, shouted, by_alex(shouted, f"{word}\r\n")).code == 250
    world.arrived(attacked.candidate, word)


# --- reports and commands ------------------------------------------------------------------------


def test_reports_to_made_up_paths_change_nothing(world: World, attacked: Talk) -> None:
    before = world.listed("threads"), written_to(world, attacked.candidate)
    for number, local in enumerate(
        ("bounce", "bounce+1", "bounce+" + "a" * 26, "bounces+x", "mailer-daemon", "b-1")
    ):
        with Wire(world.port, f"127.0.6.{number + 1}") as wire:
            wire.hello()
            assert wire.envelope("", f"{local}@{DOMAIN}").refused
    assert written_to(world, attacked.candidate) == before[1]
    assert before[0] == [
        t for t in world.listed("threads") if t["id"] in {b["id"] for b in before[0]}
    ]


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "unknown"])
def test_a_report_of_anything_but_failure_tells_nobody(
    world: World, attacked: Talk, action: str
) -> None:
    before = written_to(world, attacked.candidate)
    status = {"delayed": "4.4.1", "unknown": "0.0.0"}.get(action, "2.0.0")
    forge(world, "", attacked.path, report(attacked.path, action, status))
    assert written_to(world, attacked.candidate) == before


def test_a_report_with_a_sender_is_a_letter_from_a_stranger(world: World, attacked: Talk) -> None:
    before = written_to(world, attacked.candidate)
    raw = report(attacked.path, From=EVIL)
    for sender in (EVIL, ALEX, attacked.candidate):
        assert forge(world, sender, attacked.path, signed(raw, "evil.test")).refused
    assert written_to(world, attacked.candidate) == before


def test_a_failure_is_told_once_however_often_it_is_reported(world: World) -> None:
    mine = talk(world)
    before = written_to(world, mine.candidate)
    for _ in range(3):
        forge(world, "", mine.path, report(mine.path))
    world.arrived(mine.candidate, count=before + 1)
    assert written_to(world, mine.candidate) == before + 1


def test_a_command_works_once_and_only_for_the_desk(world: World) -> None:
    author, desk = f"{marker()}@mailer.test", f"desk@{DOMAIN}"
    raw = signed(raw_mail(From=author, To=desk, body="status\r\n"))
    assert forge(world, author, desk, raw).code == 250
    world.arrived(author)
    for top in (b"", b"X-New: 1\r\n"):
        forge(world, author, desk, top + raw)
    assert written_to(world, author) == 1
    elsewhere = signed(raw_mail(From=author, To=PEER, body="forget\r\n"))
    assert forge(world, EVIL, desk, elsewhere).code == 550
    unsigned = raw_mail(From=author, To=desk, body="forget\r\n")
    assert forge(world, author, desk, unsigned).code == 550


def test_keys_of_both_kinds_still_prove_who_it_is(world: World, attacked: Talk) -> None:
    public = ed25519_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert len(public) == 32
    world.names.records[("ed._domainkey.corp.example.test", "TXT")] = (key_record(ed25519_key()),)
    raw = raw_mail(From=ALEX, To=attacked.guest, Message_ID=f"<{marker()}@corp.example.test>")
    both = signed(raw, "corp.example.test", key=ed25519_key(), selector="ed")
    assert forge(world, ALEX, attacked.guest, both).code == 250
