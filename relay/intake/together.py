"""What somebody wrote before and what they answered to our question, as one message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from relay.intake.orders import typed
from screening import reading
from screening.markup import Link
from screening.message import Message


def together(earlier: Sequence[Message], answer: Message) -> Message:
    """The answer with all that its author had said before, as if it had come in one mail.

    What is quoted, and signatures between the mails, are left out. The header is that of the
    answer, but for the subject, which the first mail chose.
    """
    if not earlier:
        return answer
    # Of a short answer most is our own question, quoted: that is nobody's evidence.
    answered, mails = typed(answer), (*earlier, answer)
    read = [reading.of(one) for one in earlier]
    text = "\n\n".join([*(said for one in read for said in one.texts), answered])
    links = [link for one in read if one.seen.links for link in one.links]
    links += [link for link in reading.of(answer).seen.links if link.shown in answered]
    subject = earlier[0].header("Subject")
    others = (field for field in answer.headers if field[0].lower() != "subject")
    return Message(
        author=answer.author,
        headers=(*others, ("Subject", subject)),
        text=text,
        html=_page(text, links),
        attachments=tuple(file for one in mails for file in one.attachments),
        content_type=answer.content_type,
        size=answer.size + sum(one.size for one in earlier),
    )


def _page(text: str, links: Iterable[Link]) -> str:
    """The text and where its links lead: what of an HTML body bears on the decision."""
    body = escape(text).replace("\n", "<br>")
    led = " ".join(f'<a href="{escape(one.target)}">{escape(one.shown)}</a>' for one in links)
    return f"<p>{body}</p><p>{led}</p>" if led else ""
