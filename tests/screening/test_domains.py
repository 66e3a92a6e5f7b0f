"""Organisational domains and alignment."""

from __future__ import annotations

import pytest

from screening.domains import aligned, organisational


@pytest.mark.parametrize(
    ("domain", "organisation"),
    [
        ("mail.corp.example.com", "example.com"),
        ("example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("corp.example.test", "example.test"),
        ("attacker.eu.org", "attacker.eu.org"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_a_domain_belongs_to_what_was_registered(domain: str, organisation: str) -> None:
    assert organisational(domain) == organisation


def test_a_subdomain_is_aligned_unless_the_owner_is_strict() -> None:
    assert aligned("mail.example.com", "example.com")
    assert not aligned("mail.example.com", "example.com", strict=True)
    assert aligned("example.com", "example.com", strict=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("example.com", "example.org"),
        ("ample.com", "example.com"),
        ("com", "example.com"),
        ("attacker.eu.org", "eu.org"),
        ("a.co.uk", "b.co.uk"),
        ("example.com.evil.test", "example.com"),
    ],
)
def test_neighbours_and_look_alikes_are_not_aligned(one: str, other: str) -> None:
    assert not aligned(one, other)
