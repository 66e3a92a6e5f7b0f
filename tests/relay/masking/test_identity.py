from __future__ import annotations

import pytest

from relay.masking.identity import Identity, gather, union
from relay.masking.names import first_name, surnames

ME = Identity(("dana.brown@corp.example.test",))


def masked(identity: Identity, text: str, *, traces: bool = False) -> str:
    for span in reversed(identity.traces_in(text) if traces else identity.addresses_in(text)):
        text = f"{text[: span.start]}#{text[span.end :]}"
    return text


@pytest.mark.parametrize(
    "spelled",
    [
        "dana.brown@corp.example.test",
        "DANA.Brown@Corp.EXAMPLE.test",
        "dana.brown+jobs@corp.example.test",
        "dana.brown@mx1.corp.example.test",
        "dana.brown@example.test",
        '"dana.brown"@corp.example.test',
        "dana.brown @ corp.example.test",
        "dana.brown@corp.\n> example.test",
        "dana.bro\nwn@corp.example.test",
        "dana.brown(work)@corp.example.test",
        "dana.brown＠corp．example．test",
        "ｄａｎａ.brown@corp.example.test",
        "dana.\u200bbrown@cor\u00adp.example.test",
        "dana.brown (at) corp.example.test",
        "dana.brown[at]corp[dot]example[dot]test",
        "dana dot brown at corp dot example dot test",
        "dana.brown AT corp.example.test",
        "dana.brown@corp[.]example[.]test",
    ],
)
def test_an_own_address_is_found_in_every_spelling(spelled: str) -> None:
    assert masked(ME, f"Write to {spelled}, please.") == "Write to #, please."
    assert masked(ME, f"<{spelled}>") == "<#>"
    assert masked(ME, spelled) == "#"


@pytest.mark.parametrize(
    "other",
    [
        "jordana.brown@corp.example.test",
        "jor.dana.brown@corp.example.test",
        "dana.brown@corp.example.testing",
        "dana.brown@notcorp.example.net",
        "dana.browne@corp.example.test",
        "mary@corp.example.test",
        "dana.brown",
        "Dana Brown",
        "corp.example.test",
        "https://corp.example.test/dana.brown",
        "Dana Brown, Corp Example Test",
    ],
)
def test_what_is_no_own_address_is_left_alone(other: str) -> None:
    assert masked(ME, f"Write to {other}, please.") == f"Write to {other}, please."


def test_a_tag_in_the_known_address_does_not_hide_the_plain_one() -> None:
    assert masked(Identity(("dana+peers@corp.test",)), "dana@corp.test") == "#"


def test_dots_and_aliases_count_where_the_provider_says_so() -> None:
    gmail = Identity(("dana.brown@gmail.com",))
    for spelled in ("danabrown@gmail.com", "d.a.n.a.brown+x@googlemail.com", "danabrown@GMAIL.com"):
        assert masked(gmail, f"at {spelled}!") == "at #!"
    assert masked(ME, "danabrown@corp.example.test") == "danabrown@corp.example.test"


def test_a_domain_is_found_as_u_labels_and_as_a_labels() -> None:
    for known in ("dana@bücher.test", "dana@xn--bcher-kva.test"):
        identity = Identity((known,))
        assert masked(identity, "dana@bücher.test dana@XN--BCHER-KVA.test") == "# #"
        assert masked(identity, "dana@BU\u0308CHER.test") == "#"


def test_a_local_part_beyond_ascii_is_found_composed_decomposed_and_in_capitals() -> None:
    identity = Identity(("dána.ß@corp.test",))
    for spelled in ("dána.ß@corp.test", "da\u0301na.ß@corp.test", "DÁNA.SS@corp.test"):
        assert masked(identity, f"({spelled})") == "(#)"


def test_a_quoted_local_part_is_found_with_its_blank() -> None:
    identity = Identity(('"dana brown"@corp.test',))
    assert masked(identity, 'me: "dana brown"@corp.test.') == "me: #."


def test_a_short_name_is_not_made_of_two_words() -> None:
    identity = Identity(("tom@corp.test",))
    assert masked(identity, "to m@corp.test") == "to m@corp.test"
    assert masked(identity, "to\nm@corp.test") == "#"


def test_what_programs_write_loses_hosts_numbers_ids_names_and_colleagues() -> None:
    identity = Identity(
        ("dana.brown@corp.test",), ("ws-1.lan",), ("10.1.2.3",), ("<1@ws-1.lan>",), ("Brown",)
    )
    text = "Dana Brown of mail.corp.test (ws-1.lan [10.1.2.3]) and bo@corp.test, 1@ws-1.lan"
    assert masked(identity, text, traces=True) == "Dana # of # (# [#]) and #, #"
    assert masked(identity, text) == text
    assert masked(identity, "Brownian 110.1.2.3", traces=True) == "Brownian 110.1.2.3"


def test_a_public_providers_domain_tells_nothing() -> None:
    identity = Identity(("dana@gmail.com",))
    assert (
        masked(identity, "bo@gmail.com and gmail.com", traces=True) == "bo@gmail.com and gmail.com"
    )


def test_the_work_grows_with_the_text_only() -> None:
    for piece in ("@corp.test", "dana@", "a.", "dana at ", "dana+", '"', "(", "d a n a "):
        assert masked(Identity(("dana@corp.test",)), piece * 40_000).count("#") <= 40_000


HEADER = b"""Received: from ws-1.lan.corp.test (laptop [10.1.2.3])
\t(Authenticated sender: dana@corp.test)
\tby mx.corp.test (Postfix) with ESMTPSA id 4F1 for <peer-alex@peers.test>;
\tTue, 05 Mar 2024 10:00:01 +0000
From: =?utf-8?q?Dana_Br=C3=BCning?= <dana@corp.test>
Reply-To: Dana <dana@home.test>, "x y"@z.test
To: peer-alex@peers.test, friend@else.test
Message-ID: <1@ws-1.lan.corp.test>
References: <ours@peers.test> <0@old.test>
Subject: hi

Sender: not@header.test
"""


def test_an_identity_is_gathered_from_header_session_and_memory() -> None:
    identity = gather(
        HEADER, "gw.corp.test", "192.0.2.7", ["d@phone.test"], ["Dana Brüning"], ours="peers.test"
    )
    assert set(identity.addresses) == {
        "d@phone.test", "dana@corp.test", "dana@home.test", '"x y"@z.test'
    }  # fmt: skip
    assert {"gw.corp.test", "ws-1.lan.corp.test", "mx.corp.test"} <= set(identity.hosts)
    assert "laptop" not in identity.hosts
    assert set(identity.ips) == {"192.0.2.7", "10.1.2.3"}
    assert set(identity.message_ids) == {"<1@ws-1.lan.corp.test>", "<0@old.test>"}
    assert set(identity.surnames) == {"Brüning", "Bruning", "Bruening"}


def test_a_union_knows_what_each_of_its_parts_knows() -> None:
    one, two = Identity(("a@x.test",), ips=("10.0.0.1",)), Identity(("b@x.test", "a@x.test"))
    assert union(one, two) == one | two == Identity(("a@x.test", "b@x.test"), ips=("10.0.0.1",))


@pytest.mark.parametrize(
    ("name", "first", "hidden"),
    [
        ("Alex Chen", "Alex", ("Chen",)),
        ("Chen, Alex", "Alex", ("Chen",)),
        ("CHEN Alex", "Alex", ("CHEN",)),
        ("Dr. Alex Chen, PhD", "Alex", ("Chen",)),
        ("Alex van der Berg", "Alex", ("van der Berg", "Berg")),
        ("Alex Chen (Corp Ltd.)", "Alex", ("Chen", "Corp", "Ltd")),
        ("Alex", "Alex", ()),
        ("陈小明", "小明", ("陈小明",)),
        ("山田 太郎", "太郎", ("山田",)),
        ("alex.chen@corp.test", "", ()),
        ("", "", ()),
    ],
)
def test_of_a_name_the_first_is_shown(name: str, first: str, hidden: tuple[str, ...]) -> None:
    assert first_name(name) == first
    assert sorted(surnames(name)) == sorted(hidden)


@pytest.mark.parametrize(
    "glued", ["E-mail{}", "MAIL{}", "mailto{}", "From_{}", "+493012345{}", "_{}_", "*{}*", "({})"]
)
def test_what_loses_its_blanks_does_not_hide_an_address(glued: str) -> None:
    assert masked(ME, glued.format("dana.brown@corp.example.test")) == glued.format("#")
    assert masked(ME, "xDana.Brown@corp.example.testPhone") == "x#Phone"


@pytest.mark.parametrize(
    "other", ["jordana.brown", "marie-dana.brown", "x.dana.brown", "1dana.brown"]
)
def test_a_longer_name_is_somebody_elses(other: str) -> None:
    assert masked(ME, f"{other}@corp.example.test") == f"{other}@corp.example.test"
