"""Which hosts take mail for a domain."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from letters import records

from relay.delivery.exchangers import abroad, addresses, exchangers
from relay.delivery.outcome import Deferred, Refused
from screening.dns import Undecided


def found(zone: dict[str, str], domain: str = "corp.test", own: str = "") -> object:
    return exchangers(domain, records(zone), sorted, own)


def test_exchangers_come_by_preference_and_equals_in_the_order_they_are_given():
    zone = {"corp.test MX": "20 c.test, 5 z.test, 10 b.test, 10 A.test."}
    assert found(zone) == ("z.test", "a.test", "b.test", "c.test")
    backwards = exchangers("Corp.Test.", records(zone), lambda hosts: sorted(hosts)[::-1])
    assert backwards == ("z.test", "b.test", "a.test", "c.test")


def test_a_domain_without_mx_is_its_own_exchanger_if_it_has_an_address():
    assert found({"corp.test A": "192.0.2.1"}) == ("corp.test",)
    assert found({"corp.test AAAA": "2001:db8::1"}) == ("corp.test",)
    assert isinstance(found({"other.test A": "192.0.2.1"}), Refused)


def test_a_null_mx_takes_no_mail_but_one_among_others_is_ignored():
    refused = found({"corp.test MX": "0 .", "corp.test A": "192.0.2.1"})
    assert isinstance(refused, Refused)
    assert refused.reply.startswith("5.1.10")
    assert found({"corp.test MX": "0 ., 10 a.test"}) == ("a.test",)


@pytest.mark.parametrize("name", ["corp.test MX", "corp.test A"])
def test_dns_that_does_not_say_defers(name: str):
    assert isinstance(found({name: "?", "corp.test AAAA": "2001:db8::1"}), Deferred)


def test_our_own_name_ends_the_list():
    zone = {"corp.test MX": "10 a.test, 20 us.test, 20 b.test, 30 c.test"}
    assert found(zone, own="US.test") == ("a.test",)
    assert isinstance(found({"corp.test MX": "10 us.test, 20 b.test"}, own="us.test"), Refused)


@pytest.mark.parametrize("domain", ["[192.0.2.1]", "[IPv6:::1]", "", "a..ü", "ü" * 70 + ".test"])
def test_a_domain_that_dns_cannot_know_is_refused(domain: str):
    assert isinstance(found({}, domain), Refused)


def test_an_international_domain_is_looked_up_as_a_labels():
    assert found({"xn--bcher-kva.test MX": "1 a.test"}, "BÜCHER.test") == ("a.test",)


def test_few_addresses_of_each_family_are_tried_ipv4_first():
    zone = {"a.test A": "192.0.2.1, 192.0.2.2, 192.0.2.3", "a.test AAAA": "2001:db8::1"}
    assert list(addresses("a.test", records(zone), abroad)) == [
        "192.0.2.1",
        "192.0.2.2",
        "2001:db8::1",
    ]
    zone["a.test A"] = "?"
    assert list(addresses("a.test", records(zone), abroad)) == ["2001:db8::1"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "169.254.1.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
    ],
)
def test_an_address_that_means_this_machine_is_no_exchanger(address: str):
    assert not abroad(ip_address(address))


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.5", "2001:db8::1", "fd00::5"])
def test_other_hosts_are_abroad_the_companys_inner_ones_too(address: str):
    assert abroad(ip_address(address))


def test_the_builder_of_records_is_undecided_where_it_is_told_to_be():
    with pytest.raises(Undecided):
        records({"a.test A": "?"})("a.test", "A")
