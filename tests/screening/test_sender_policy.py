"""SPF: may this client send for that domain?"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mails import zone

from screening.sender_policy import check
from screening.signatures import Result

CLIENT = "192.0.2.20"


def result(record: str, client: str = CLIENT, **records: tuple[str, ...]) -> Result:
    known = {("mailer.test", "TXT"): (record,)}
    known |= {tuple(key.split("__")): value for key, value in records.items()}  # type: ignore[misc]
    known = {(name.replace("_", "."), kind): value for (name, kind), value in known.items()}
    return check(client, "casey@mailer.test", "mail.mailer.test", zone(known))


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", Result.PASS),
        ("v=spf1 ip4:198.51.100.1 -all", Result.FAIL),
        ("v=spf1 ip4:198.51.100.1 ~all", Result.NEUTRAL),
        ("v=spf1 ?all", Result.NEUTRAL),
        ("v=spf1 ip4:198.51.100.1", Result.NEUTRAL),
        ("v=spf2 -all", Result.NONE),
        ("v=spf1 nonsense -all", Result.PERMERROR),
        ("v=spf1 ip4:999.1.1.1 -all", Result.PERMERROR),
        ("v=spf1 include:nowhere.test -all", Result.PERMERROR),
        ("v=spf1 " + "x=y " * 2000 + "-all", Result.PERMERROR),
        ("v=spf1 exists:%{ir}.%{l}.x.test -all", Result.FAIL),
    ],
)
def test_the_record_decides(record: str, expected: Result) -> None:
    assert result(record) is expected


def test_mechanisms_ask_dns() -> None:
    assert result("v=spf1 a -all", mailer_test__A=(CLIENT,)) is Result.PASS
    mx = {"mailer_test__MX": ("10 mx.mailer.test",), "mx_mailer_test__A": (CLIENT,)}
    assert result("v=spf1 mx -all", **mx) is Result.PASS
    other = {"other_test__TXT": ("v=spf1 ip4:192.0.2.20 -all",)}
    assert result("v=spf1 include:other.test -all", **other) is Result.PASS
    assert result("v=spf1 redirect=other.test", **other) is Result.PASS
    assert result("v=spf1 a -all", "2001:db8::1", mailer_test__AAAA=("2001:db8::1",)) is Result.PASS
    pointer = {"20_2_0_192_in-addr_arpa__PTR": ("a.mailer.test",), "a_mailer_test__A": (CLIENT,)}
    assert result("v=spf1 ptr -all", **pointer) is Result.PASS


def test_a_client_that_speaks_ipv6_for_ipv4_is_the_same_client() -> None:
    assert result("v=spf1 ip4:192.0.2.20 -all", "::ffff:192.0.2.20") is Result.PASS


def test_a_null_sender_is_checked_by_its_helo_name() -> None:
    known = {("mail.mailer.test", "TXT"): ("v=spf1 ip4:192.0.2.20 -all",)}
    assert check(CLIENT, "", "mail.mailer.test", zone(known)) is Result.PASS
    assert check("192.0.2.99", "", "mail.mailer.test", zone(known)) is Result.FAIL


def test_a_tree_of_includes_ends_at_ten_look_ups() -> None:
    asked: list[tuple[str, str]] = []
    tree = {(f"n{n}.test", "TXT"): (f"v=spf1 include:n{n + 1}.test -all",) for n in range(40)}
    tree[("mailer.test", "TXT")] = ("v=spf1 include:n0.test -all",)
    outcome = check(CLIENT, "casey@mailer.test", "x", zone(tree, asked=asked))
    assert outcome is Result.PERMERROR
    assert len(asked) <= 12


def test_a_record_that_includes_itself_ends() -> None:
    assert result("v=spf1 include:mailer.test -all") is Result.PERMERROR
    assert result("v=spf1 redirect=mailer.test") is Result.PERMERROR


def test_names_that_do_not_exist_end_the_check() -> None:
    record = "v=spf1 " + " ".join(f"a:void{n}.test" for n in range(9)) + " -all"
    assert result(record) is Result.PERMERROR


def test_two_records_are_an_error() -> None:
    known = {("mailer.test", "TXT"): ("v=spf1 -all", "v=spf1 +all")}
    assert check(CLIENT, "casey@mailer.test", "x", zone(known)) is Result.PERMERROR


def test_silence_of_dns_decides_nothing() -> None:
    lookup = zone({("mailer.test", "TXT"): ("v=spf1 a:slow.test -all",)}, frozenset({"slow.test"}))
    assert check(CLIENT, "casey@mailer.test", "x", lookup) is Result.TEMPERROR


def test_a_client_that_comes_again_is_judged_by_what_dns_says_then() -> None:
    old = {("again.test", "TXT"): ("v=spf1 include:of.test -all",)}
    old |= {("of.test", "TXT"): ("v=spf1 ip4:192.0.2.20 -all",)}
    new = old | {("of.test", "TXT"): ("v=spf1 -all",)}
    for known, expected in ((old, Result.PASS), (old, Result.PASS), (new, Result.FAIL)):
        asked: list[tuple[str, str]] = []
        assert check(CLIENT, "casey@again.test", "x", zone(known, asked=asked)) is expected
        assert asked == [("again.test", "TXT"), ("of.test", "TXT")]
    silent = zone(old, frozenset({"of.test"}))
    assert check(CLIENT, "casey@again.test", "x", silent) is Result.TEMPERROR
    assert check(CLIENT, "casey@again.test", "x", zone(old)) is Result.PASS


def test_each_sender_of_a_domain_is_judged_where_its_record_names_them() -> None:
    known = {("again.test", "TXT"): ("v=spf1 exists:%{l}.of.test -all",)}
    known |= {("casey.of.test", "A"): ("192.0.2.1",)}
    for sender, expected in (("casey", Result.PASS), ("other", Result.FAIL)):
        assert check(CLIENT, f"{sender}@again.test", "x", zone(known)) is expected


TERMS = st.sampled_from(
    [
        *(
            "v=spf1",
            "a",
            "mx",
            "ptr",
            "all",
            "-",
            "~",
            "+",
            ":",
            "/",
            "//",
            "24",
            "=",
            "exists",
            "exp",
        ),
        *(
            "include",
            "redirect",
            "ip4",
            "ip6",
            "%{",
            "}",
            "d",
            "i",
            "p",
            "r",
            "1",
            "%",
            "%%",
            " ",
            ".",
        ),
        *("mailer.test", "192.0.2.20", "::1", "ü", "\xff", "%{p}", "%{l1r-}", "x" * 70),
    ]
)


@given(st.lists(TERMS, max_size=25), st.lists(TERMS, max_size=4), st.lists(TERMS, max_size=4))
@settings(max_examples=400, deadline=None)
def test_any_record_and_any_envelope_have_a_result(
    record: list[str], sender: list[str], helo: list[str]
) -> None:
    text = "v=spf1 " + "".join(record)
    known = {("mailer.test", "TXT"): (text,), ("mailer.test", "A"): (CLIENT,)}
    address = "".join(sender) + "@mailer.test"
    assert isinstance(check(CLIENT, address, "".join(helo), zone(known)), Result)


@pytest.mark.parametrize(
    ("client", "sender", "helo"),
    [
        ("not an address", "casey@mailer.test", "x"),
        ("", "casey@mailer.test", "x"),
        (CLIENT, "casey@mailer..test", "x"),
        (CLIENT, "@", "x"),
        (CLIENT, "", ""),
        (CLIENT, "", "[192.0.2.20]"),
        (CLIENT, "é@é.test", "é"),
        (CLIENT, "%{l}@%{d}", "%"),
    ],
)
def test_odd_envelopes_have_a_result_too(client: str, sender: str, helo: str) -> None:
    assert check(client, sender, helo, zone()) is not Result.PASS
