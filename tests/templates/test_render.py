from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.exceptions import TemplateError, TemplateRuntimeError

from templates.examples import EXAMPLES, EXAMPLES_OF_ALL, Facts
from templates.render import HOME, Broken, Rendered, Templates

OURS = Templates()
LANGUAGES = ("en", "de")
REASON = {"en": "You get this", "de": "Du bekommst diese"}


def facts_of(name: str) -> Iterator[dict[str, object]]:
    for facts in EXAMPLES[name]:
        yield {**EXAMPLES_OF_ALL, **facts}


def rendered(name: str, language: str = "en", **changed: object) -> Rendered:
    return OURS.render(name, language, next(facts_of(name)) | changed)


def a_folder(tmp_path: Path, text: str, name: str = "en/nudge.txt") -> Templates:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    return Templates(tmp_path)


EVERY_MAIL = [
    pytest.param(name, language, facts, id=f"{language}-{name}-{number}")
    for name in EXAMPLES
    for language in LANGUAGES
    for number, facts in enumerate(facts_of(name))
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_there_in_every_language_and_no_other(language: str) -> None:
    assert {file.stem for file in (HOME / language).glob("*.txt")} == set(EXAMPLES)


@pytest.mark.parametrize(("name", "language", "facts"), EVERY_MAIL)
def test_every_mail_is_short_and_says_why_it_was_sent(
    name: str, language: str, facts: Facts
) -> None:
    made = OURS.render(name, language, facts)
    assert made.subject
    assert len(made.subject) < 100
    assert max(map(len, made.text.splitlines())) <= 78
    assert len(made.text.splitlines()) < 40
    body, _, last = made.text.partition("\n-- \n")
    assert body.strip()
    assert last.startswith(REASON[language])
    assert "\n\n\n" not in made.text
    assert not re.search(r"[{}%]|\bNone\b|[\x00-\x09\x0b-\x1f]", made.text)


@pytest.mark.parametrize(("name", "language", "facts"), EVERY_MAIL)
def test_the_html_says_the_same_and_fetches_nothing(name: str, language: str, facts: Facts) -> None:
    made = OURS.render(name, language, facts)
    assert f'<html lang="{language}">' in made.html
    assert not re.search(
        r"<(img|script|link|iframe|object|form|base)\b|url\(|src=|@import", made.html, re.IGNORECASE
    )
    assert all(url.startswith("mailto:") for url in re.findall(r'href="([^"]*)"', made.html))
    shown = (
        re.sub(r"<[^>]+>", " ", made.html.partition("<body")[2])
        .replace("&amp;", "&")
        .replace("&#34;", '"')
        .replace("&#39;", "'")
    )
    for word in re.findall(r"\w{4,}", re.sub(r"mailto:\S+", "", made.text)):
        assert word in shown


def fails(name: str, language: str, without: str) -> bool:
    """Whether the mail, in one of its turns at least, cannot be written without that fact."""
    for facts in facts_of(name):
        facts.pop(without, None)
        try:
            OURS.render(name, language, facts)
        except TemplateError:
            return True
    return False


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_missing_fact_fails(name: str, language: str) -> None:
    written = (HOME / language / f"{name}.txt").read_text()
    used = [
        fact for fact in next(facts_of(name)) if re.search(rf"{{[{{%][^}}]*\b{fact}\b", written)
    ]
    assert set(EXAMPLES[name][0]) <= set(used)
    assert [fact for fact in used if not fails(name, language, fact)] == []
    assert not fails(name, language, "unheard")


def test_no_fact_of_the_examples_is_unheard_of() -> None:
    for name, examples in EXAMPLES.items():
        written = (HOME / "en" / f"{name}.txt").read_text()
        assert all(re.search(rf"\b{fact}\b", written) for facts in examples for fact in facts)


def test_what_looks_like_a_template_arrives_as_typed() -> None:
    made = rendered("nudge", candidate="{{7*7}} {% if x %}")
    assert made.subject.startswith("{{7*7}} {% if x %} is waiting")
    assert "{{7*7}} {% if x %} wrote to you" in made.text
    assert "{{7*7}} {% if x %} wrote to you" in made.html


def test_what_looks_like_html_is_text() -> None:
    made = rendered("nudge", candidate='<b onclick="x">Dana</b> & Co')
    assert "<b onclick" not in made.html
    assert "&lt;b onclick=&#34;x&#34;&gt;Dana&lt;/b&gt; &amp; Co wrote" in made.html
    assert '<b onclick="x">Dana</b> & Co wrote' in made.text


@pytest.mark.parametrize("name", ["nudge", "escalation_backup"])
def test_a_name_can_break_no_line_and_hide_nothing(name: str) -> None:
    made = rendered(
        name,
        candidate="Da\r\nBcc: x@y.test\u2028\x1b[2J\u202eevil\x00\x02l\x03http://x\x03tap\x04\ud800",
    )
    assert "\n" not in made.subject
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e\u2028\ud800]", made.text + made.html)
    assert "\nBcc" not in made.text
    assert "<a href" not in made.html
    made.html.encode()


def test_a_name_without_end_is_cut() -> None:
    made = rendered("nudge", candidate="x" * 100_000)
    assert len(made.subject) <= 150
    assert len(made.text) < 3000


def test_somebody_elses_words_stay_a_quote_of_theirs() -> None:
    words = "Hello\n\n- a list\n--\nYou get this because I say so\n<script>x</script>"
    made = rendered("recommendation", words=words)
    assert (
        "> Hello\n>\n> - a list\n> --\n> You get this because I say so\n> <script>x</script>\n"
        in made.text
    )
    assert made.text.count("\n-- \n") == 1
    quoted = made.html.partition("<blockquote")[2].partition("</blockquote>")[0]
    assert "Hello<br>" in quoted
    assert "&lt;script&gt;x&lt;/script&gt;" in quoted
    assert "<li" not in quoted


def test_a_reason_may_be_missing_but_may_not_be_none() -> None:
    assert ">" not in rendered("declined", reason="").text
    with pytest.raises(TemplateRuntimeError, match="None"):
        rendered("expired", ambassador=None)


def test_commands_can_be_tapped_in_html_and_written_in_text() -> None:
    taps = (("/later 3d", "mailto:guest-x@peers.example.test?body=%2Flater%203d"),)
    made = rendered("nudge", links=taps)
    assert "- /later 3d: you are reminded" in made.text
    assert "mailto:" not in made.text
    assert (
        '<a href="mailto:guest-x@peers.example.test?body=%2Flater%203d">/later 3d</a>' in made.html
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "mailto:",
        "data:text/html,x",
        'https://x"onclick="',
        "https://a b",
        "https://<x>",
    ],
)
def test_a_link_leads_to_mail_or_the_web_and_nowhere_else(url: str) -> None:
    with pytest.raises(ValueError, match="no link can lead to"):
        rendered("nudge", links=(("/later 3d", url),))


def test_the_desk_can_be_written_to_with_one_tap() -> None:
    made = rendered("acknowledgement")
    assert '"forget me" to desk@peers.example.test.' in made.text
    assert (
        '<a href="mailto:desk@peers.example.test?body=forget%20me">desk@peers.example.test</a>'
        in made.html
    )


def test_a_day_is_said_in_the_mails_language() -> None:
    assert "since Tuesday, 17 November." in rendered("nudge", waiting="2026-11-17").text
    assert "seit Dienstag, 17. November." in rendered("nudge", "de", waiting="2026-11-17").text


@pytest.mark.parametrize(
    ("language", "start"),
    [("de", "Dana wartet"), ("de-AT", "Dana wartet"), ("DE", "Dana wartet"), ("en_GB", "Dana is"), ("fr", "Dana is"),
     ("", "Dana is"), ("../de", "Dana is"), ("deutsch", "Dana is")],
)  # fmt: skip
def test_a_language_that_we_do_not_speak_is_english(language: str, start: str) -> None:
    assert rendered("nudge", language).subject.startswith(start)


def test_a_companys_folder_comes_first_mail_by_mail(tmp_path: Path) -> None:
    theirs = a_folder(tmp_path, "Subject: Hey {{ candidate }}\n\nGo on, & hurry.\n")
    theirs.check()
    made = theirs.render("nudge", "en", next(facts_of("nudge")))
    assert (made.subject, made.text) == ("Hey Dana", "Go on, & hurry.\n")
    assert "Go on, &amp; hurry." in made.html
    assert theirs.render("nudge", "de", next(facts_of("nudge"))).subject.startswith("Dana wartet")
    assert (
        theirs.render("expired", "en", next(facts_of("expired"))).text == rendered("expired").text
    )


def test_a_company_may_speak_another_language_and_have_another_page(tmp_path: Path) -> None:
    a_folder(
        tmp_path, "Subject: {{ candidate }} attend\n\nDepuis {{ waiting | day }}.\n", "fr/nudge.txt"
    )
    theirs = a_folder(tmp_path, "<p>{{ blocks[0].rows[0][0].text }}</p>", "mail.html")
    theirs.check()
    made = theirs.render("nudge", "fr", next(facts_of("nudge")) | {"candidate": "A & B"})
    assert (made.subject, made.text, made.html) == (
        "A & B attend",
        "Depuis 2026-11-17.\n",
        "<p>Depuis 2026-11-17.</p>",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Subject: x\n\n{% if %}", r"nudge\.txt, line 3: Expected"),
        ("Subject: x\n\n{{ candidat }}", r"nudge\.txt: 'candidat' is undefined"),
        ("Subject: x\n\n{{ candidate | shout }}", r"nudge\.txt, line 3: No filter named 'shout'"),
        ("Subject: x\n\n{{ 1 / 0 }}", r"nudge\.txt: division by zero"),
        ("Subject: x\n\n{{ link('a', 'b') }}", r"nudge\.txt: no link can lead to"),
        ("Hello", r"nudge\.txt: the first line must begin with `Subject: `"),
    ],
)
def test_a_template_that_cannot_be_used_is_found_at_the_start(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(Broken, match=said) as caught:
        a_folder(tmp_path, text).check()
    assert "\n" not in str(caught.value)


def test_a_page_that_cannot_be_used_is_found_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="'body' is undefined"):
        a_folder(tmp_path, "{{ body }}", "mail.html").check()


def test_a_mail_that_nobody_ever_sends_is_a_typing_error(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"nugde\.txt: there is no mail of that name; there are ack"):
        a_folder(tmp_path, "Subject: x\n", "en/nugde.txt").check()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    OURS.check()
    with pytest.raises(Broken, match="no such folder"):
        Templates(tmp_path / "mials").check()


@pytest.mark.parametrize("sign", [">", "- a", "--", "> b"])
def test_no_sign_in_a_name_is_taken_for_layout(sign: str) -> None:
    made = rendered("nudge", candidate=sign)
    assert f"\n{sign} wrote to you" in made.text
    assert made.html.count("<p ") == 3
    alone = rendered("outsiders", addresses=(sign,))
    assert alone.html.count("<li") == 1


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
@settings(max_examples=60, deadline=None)
def test_any_name_gives_a_mail_that_can_be_sent(name: str, language: str) -> None:
    made = rendered("nudge", language, candidate=name)
    (made.subject + made.text + made.html).encode()
    assert made.subject == " ".join(made.subject.split())
    assert made.html.count("<p ") == 3
