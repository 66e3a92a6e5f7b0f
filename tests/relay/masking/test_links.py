from __future__ import annotations

import base64

import pytest
from masks import OWN

from relay.masking.ledger import Ledger
from relay.masking.links import LOST, unwrapped, unwrapped_in

PAGE = "https://docs.example.org/a/b?x=1&y=2#part"
CODED = "https%3A%2F%2Fdocs.example.org%2Fa%2Fb%3Fx%3D1%26y%3D2%23part"
SECOND = "https-3A__docs.example.org_a_b-3Fx-3D1-26y-3D2-23part"
BYTES = base64.urlsafe_b64encode(b"?&#").decode().rstrip("=")

WRAPPED = [
    f"https://eur01.safelinks.protection.outlook.com/?url={CODED}&data=05%7C01%7C{OWN}&reserved=0",
    f"https://EUR01.safelinks.protection.outlook.com/ap/x-59584e83/?url={CODED}&data=05",
    f"https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url={CODED}&locale=en",
    f"https://urldefense.proofpoint.com/v1/url?u={CODED}&k=x&r={OWN}",
    f"https://urldefense.proofpoint.com/v2/url?u={SECOND}&d=DwMF&r=dana",
    f"https://urldefense.com/v3/__https://docs.example.org/a/b*x=1*y=2*part__;{BYTES}!!A!B$",
    f"https://linkprotect.cudasvc.com/url?a={CODED}&c=E,1,x&typo=1",
    f"https://www.google.com/url?q={CODED}&sa=D",
    f"https://eu-central-1.protection.sophos.com/?d=example.org&u={base64.b64encode(PAGE.encode()).decode()}&i=x",
    f"https://clicktime.symantec.com/a/1/x?d=y&u={CODED}",
    f"https://imsva91-ctp.trendmicro.com:443/wis/clicktime/v1/query?url={CODED}&umid=1",
    f"https://secure-web.cisco.com/1abc-def/{CODED}",
    f"https://protect2.fireeye.com/v1/url?k=x&q=1&u={CODED}",
    f"https://linklock.titanhq.com/analyse?url={CODED}&data=x",
    f"https://link.edgepilot.com/s/x/y?u={CODED}",
    f"https://url.avanan.click/v2/___{PAGE}___.YXAz",
    f"https://slack-redir.net/link?url={CODED}",
]


@pytest.mark.parametrize("wrapped", WRAPPED)
def test_a_wrapped_link_is_the_original_again(wrapped: str) -> None:
    assert unwrapped(wrapped) == PAGE


def test_runs_of_characters_that_a_wrapper_took_out_are_put_back() -> None:
    taken = base64.urlsafe_b64encode(b"??=").decode().rstrip("=")
    link = f"https://urldefense.com/v3/__https://x.example/**Aa*b__;{taken}!!A!B$"
    assert unwrapped(link) == "https://x.example/??a=b"


def test_a_link_that_was_wrapped_twice_is_unwrapped_twice() -> None:
    inner = f"https://www.google.com/url?q={CODED}"
    coded = inner.replace("%", "%25").replace(":", "%3A").replace("/", "%2F").replace("?", "%3F")
    assert unwrapped(f"https://a.safelinks.protection.outlook.com/?url={coded}") == PAGE


def test_of_a_link_that_only_its_maker_can_unwrap_the_host_is_left() -> None:
    for link in (
        "https://protect-eu.mimecast.com/s/abcDEF123?domain=docs.example.org",
        "https://url.uk.m.mimecastprotect.com/s/abcDEF123?domain=docs.example.org",
        "https://shared.outlook.inky.com/link?domain=docs.example.org&t=abc",
    ):
        assert unwrapped(link) == "https://docs.example.org/"


@pytest.mark.parametrize(
    "link",
    [
        PAGE,
        "https://example.org/?ref=safelinks.protection.outlook.com&url=https%3A%2F%2Fx.example",
        "https://www.mimecast.com/blog",
        "https://www.trendmicro.com/en/x?a=1",
        "mailto:dana@corp.test",
    ],
)
def test_any_other_link_stays_as_it_is(link: str) -> None:
    assert unwrapped(link) == link


def test_links_in_a_text_are_unwrapped_where_they_stand() -> None:
    ledger = Ledger()
    text = unwrapped_in(f"see <{WRAPPED[0]}> and ({WRAPPED[3]}), ok", ledger)
    assert text == f"see <{PAGE}> and ({PAGE}), ok" or text.count(PAGE) == 2
    assert OWN not in text
    assert [one.what for one in ledger.removed] == ["a wrapped link"]


@pytest.mark.parametrize(
    "link",
    [
        "https://a.safelinks.protection.outlook.com/?data=x",
        "https://a.safelinks.protection.outlook.com/?url=javascript%3Ax",
        "https://urldefense.com/v3/__;!!",
        "https://eu.protection.sophos.com/?u=%%%",
        "https://protect-us.mimecast.com/s/abcDEF123",
    ],
)
def test_a_link_that_nobody_else_can_open_is_left_out_in_so_many_words(link: str) -> None:
    assert unwrapped(link) == ""
    ledger = Ledger()
    assert unwrapped_in(f"see {link} or not", ledger) == f"see {LOST} or not"
    assert ledger.removed
