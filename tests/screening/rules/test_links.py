"""Links that say something else than where they lead, and what other links say."""

from __future__ import annotations

import pytest
from mails import a_case, a_message

from screening.case import Case, Disposition
from screening.rules.links import links, misleading

ASKING = "Please verify your account and log in here to view the document."


def linked(target: str, shown: str, text: str = "Please look.") -> Case:
    html = f'<p>{text} <a href="{target}">{shown}</a></p>'
    return a_case(message=a_message(text=f"{text} {shown}", html=html))


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("http://evil.test/login", "https://www.bank.test/login"),
        ("http://bank.test.evil.test/", "www.bank.test"),
        ("https://evil.test", "https://bank.co.uk/x"),
    ],
)
def test_text_that_names_another_host_is_held(target: str, shown: str) -> None:
    finding = misleading(linked(target, shown))
    assert finding is not None
    assert finding.disposition is Disposition.HOLD


def test_and_refused_if_it_asks_for_an_account() -> None:
    finding = misleading(linked("http://evil.test/login", "https://www.bank.test/", ASKING))
    assert finding is not None
    assert finding.disposition is Disposition.REJECT


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://www.bank.test/a", "https://bank.test/a"),
        ("https://docs.bank.test/a", "www.bank.test"),
        ("https://bank.test/a", "our page"),
        ("https://bank.test/a", "see bank.test, section 2"),
        ("mailto:casey@mailer.test", "casey@mailer.test"),
        ("https://eur01.safelinks.protection.outlook.com/?url=x", "https://bank.test/a"),
    ],
)
def test_honest_links_are_let_be(target: str, shown: str) -> None:
    assert misleading(linked(target, shown)) is None


def test_a_host_that_imitates_another_is_refused() -> None:
    for target in ("https://pаypal.test/", "https://xn--pypal-4ve.test/"):
        finding = misleading(linked(target, "pay"))
        assert finding is not None
        assert finding.disposition is Disposition.REJECT


def test_a_host_in_one_script_is_no_imitation() -> None:
    assert misleading(linked("https://почта.test/", "почта")) is None


def test_a_form_for_a_password_is_refused() -> None:
    case = a_case(message=a_message(text="x", html="<form><input type='password'></form>"))
    finding = misleading(case)
    assert finding is not None
    assert finding.disposition is Disposition.REJECT


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see https://github.com/a/b", "code_host"),
        ("see https://git.mailer.test/a", "code_host"),
        ("book https://calendly.com/a", "calendar"),
        ("go https://bit.ly/a", "shortener"),
        ("write https://wa.me/49123", "chat_host"),
        ("fill https://forms.gle/a", "form_host"),
        ("open http://192.0.2.7/a", "numeric"),
        ("read https://x.test/?utm_source=mail", "tracked"),
        (" ".join(f"https://h{number}.test/" for number in range(6)), "many_links"),
    ],
)
def test_hosts_say_what_a_link_is_for(text: str, named: str) -> None:
    found = {finding.rule for finding in links(a_case(message=a_message(text=text)))}
    assert {named, "linked"} <= found


def test_a_broken_link_breaks_nothing() -> None:
    assert misleading(linked("http://[::1", "http://x.test")) is None
