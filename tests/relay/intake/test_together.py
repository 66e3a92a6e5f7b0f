"""A first mail and the answer to our question, read as one."""

from __future__ import annotations

from mails import a_case, a_message

from relay.intake.together import together
from screening.case import Disposition
from screening.message import Attachment
from screening.screen import screen

FIRST = a_message(("Subject", "partial indexes"), text="We sell indexes.\n\n-- \nKim, 555 1234 567")
ANSWER = a_message(
    ("Subject", "Re: One question before your message goes to Alex"),
    ("In-Reply-To", "<q@peers.example.test>"),
    text="I maintain a queue.\n\nOn Monday, Example Corp wrote:\n> What are you working on?",
)


def test_what_was_said_stands_together_without_quotes_and_signatures() -> None:
    assert together((FIRST,), ANSWER).text == "We sell indexes.\n\nI maintain a queue."


def test_the_header_is_the_answers_and_the_subject_the_first_mails() -> None:
    made = together((FIRST,), ANSWER)
    assert made.all("Subject") == ("partial indexes",)
    assert made.header("In-Reply-To") == "<q@peers.example.test>"
    assert made.author == ANSWER.author


def test_the_files_of_both_count() -> None:
    file = Attachment("cv.exe", "application/octet-stream", 9, b"MZ\x90")
    made = together((a_message(text="Hello.", attachments=(file,)),), ANSWER)
    assert made.attachments == (file,)
    assert screen(a_case(message=made)).disposition >= Disposition.HOLD


def test_the_links_of_an_html_mail_count() -> None:
    lure = a_message(
        text="Log in at bank.example please.",
        html='<p>Log in at <a href="https://evil.test/x">https://bank.example</a> please.</p>',
    )
    made = together((lure,), ANSWER)
    assert '<a href="https://evil.test/x">https://bank.example</a>' in made.html
    alone = {one.rule for one in screen(a_case(message=lure)).findings}
    assert alone & {one.rule for one in screen(a_case(message=made)).findings}


def test_links_in_what_an_answer_quotes_do_not_count() -> None:
    html = (
        '<p>I maintain a queue, see <a href="https://code.test/q">my queue</a>.</p>'
        '<blockquote>On Monday, Example Corp wrote: <a href="https://example.test/jobs">careers</a></blockquote>'
    )
    made = together((FIRST,), a_message(text="", html=html))
    assert "https://code.test/q" in made.html
    assert "https://example.test/jobs" not in made.html


def test_where_html_and_plain_text_differ_both_count() -> None:
    two_faced = a_message(
        text="How do you size your connection pools on the team, and what broke first when you did it?",
        html="<p>We help companies to cut their cloud costs in half by outsourcing senior developers at "
        "competitive rates; book a free demo and meet our experts any day of this week.</p>",
    )
    made = together((two_faced,), ANSWER)
    assert "connection pools" in made.text
    assert "competitive rates" in made.text


def test_without_a_question_the_message_is_what_it_is() -> None:
    assert together((), ANSWER) is ANSWER
