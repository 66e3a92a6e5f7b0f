from __future__ import annotations

import pytest

from relay.masking.addresses import Desk, Guest, Peer, Plan, Postmaster, Public, Return

PLAN = Plan("peers.example.test")
TOKEN = "abcdefghij234567abcd"


@pytest.mark.parametrize(
    ("address", "destination"),
    [
        ("peer-alex@peers.example.test", Public("alex")),
        ("Peer-Alex@PEERS.example.test", Public("alex")),
        ("peer-alex+pycon@peers.example.test", Public("alex", "pycon")),
        ("peer-mary-ann.lee@peers.example.test", Public("mary-ann.lee")),
        (f"peer-alex+t.{TOKEN}@peers.example.test", Peer("alex", TOKEN)),
        (f"PEER-ALEX+T.{TOKEN.upper()}@peers.example.test", Peer("alex", TOKEN)),
        (f"guest-{TOKEN}@peers.example.test", Guest(TOKEN)),
        (f"bounce+{TOKEN}@peers.example.test", Return(TOKEN)),
        ("desk@peers.example.test", Desk()),
        ("Postmaster@peers.example.test", Postmaster("postmaster")),
        ("abuse@peers.example.test", Postmaster("abuse")),
    ],
)
def test_every_form_is_read_whatever_its_case(address: str, destination: object) -> None:
    assert PLAN.read(address) == destination


@pytest.mark.parametrize(
    "address",
    [
        "alex@peers.example.test",
        "peer-@peers.example.test",
        "peer-alex+@peers.example.test",
        "peer-alex+a-tag-of-sixteen@peers.example.test",
        "peer-alex+two.words@peers.example.test",
        f"peer-alex+t.{TOKEN[:9]}@peers.example.test",
        f"peer-alex+{TOKEN}@peers.example.test",
        f"guest-{TOKEN[:9]}@peers.example.test",
        "peer-alex@example.test",
        "peer-alex@evil-peers.example.test",
        "peer-alex@peers.example.test@evil.test",
        "peer-alex",
        "",
    ],
)
def test_what_has_no_such_form_does_not_exist(address: str) -> None:
    assert PLAN.read(address) is None


@pytest.mark.parametrize(
    "destination",
    [
        Public("alex"),
        Public("alex", "pycon"),
        Peer("alex", TOKEN),
        Guest(TOKEN),
        Return(TOKEN),
        Desk(),
        Postmaster("abuse"),
    ],
)
def test_what_is_written_is_read_again(destination: object) -> None:
    assert PLAN.read(PLAN.write(destination)) == destination


def test_a_domain_is_ours_in_both_of_its_spellings() -> None:
    plan = Plan("bücher.test")
    assert plan.ours("desk@xn--bcher-kva.test")
    assert plan.read("desk@BÜCHER.test") == Desk()
    assert not plan.ours("desk@bucher.test")
