"""Answers in the shape that widespread mail programs give them."""

from __future__ import annotations

import html
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

QUOTED = ("Hi Alex,", "how do you run migrations?", "Dana")
Body = Callable[[str, str], tuple[str, str]]  # what is typed, who is quoted -> plain, HTML


def _marked() -> str:
    return "\n".join(f"> {line}" for line in QUOTED)


def _rows(typed: str, tag: str = "div") -> str:
    rows = (html.escape(line) or "<br>" for line in typed.split("\n"))
    return "".join(f"<{tag}>{row}</{tag}>" for row in rows)


def _gmail(typed: str, other: str) -> tuple[str, str]:
    lead = f"On Mon, Nov 16, 2026 at 9:00 AM Dana <{other}> wrote:"
    page = (
        f'<div dir="ltr">{_rows(typed)}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">On Mon, Nov 16, 2026 at 9:00&#8239;AM Dana &lt;'
        f'<a href="mailto:{other}">{other}</a>&gt; wrote:<br></div><blockquote class="gmail_quote" '
        f'style="margin:0px 0px 0px 0.8ex">{"<br>".join(QUOTED)}</blockquote></div>'
    )
    return f"{typed}\n\n{lead}\n\n{_marked()}\n", page


def _outlook_desktop(typed: str, other: str) -> tuple[str, str]:
    head = (
        f"From: Dana <{other}>\nSent: Monday, November 16, 2026 9:00 AM\nTo: Alex\nSubject: Hello"
    )
    rows = "".join(
        f'<p class="MsoNormal">{html.escape(one) or "&nbsp;"}<o:p></o:p></p>'
        for one in typed.split("\n")
    )
    fields = "<br>".join(
        f"<b>{name}:</b> {value}"
        for name, value in (
            ("From", f"Dana &lt;{other}&gt;"),
            ("Sent", "Monday, November 16, 2026 9:00 AM"),
            ("To", "Alex"),
            ("Subject", "Hello"),
        )
    )
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal '
        '{margin:0cm;} --></style></head><body lang="EN-US"><div class="WordSection1">'
        f'{rows}<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">'
        f"{fields}<o:p></o:p></p></div>{''.join(f'<p class=MsoNormal>{one}</p>' for one in QUOTED)}"
        "</div></body></html>"
    )
    return f"{typed}\n\n{head}\n\n" + "\n".join(QUOTED) + "\n", page


def _outlook_web(typed: str, other: str) -> tuple[str, str]:
    head = f"{'_' * 32}\nFrom: Dana <{other}>\nSent: Monday, November 16, 2026 9:00 AM\nTo: Alex\nSubject: Hello"
    page = (
        f'<html><body dir="ltr">{_rows(typed)}<div id="Signature"><p>Alex Chen</p></div>'
        '<div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Dana &lt;{other}&gt;<br><b>Sent:</b> '
        "Monday, November 16, 2026 9:00 AM<br><b>To:</b> Alex<br><b>Subject:</b> Hello</font></div>"
        f"{_rows(chr(10).join(QUOTED))}</body></html>"
    )
    return f"{typed}\n\nAlex Chen\n{head}\n\n" + "\n".join(QUOTED) + "\n", page


def _apple(typed: str, other: str) -> tuple[str, str]:
    lead = f"On 16 Nov 2026, at 09:00, Dana <{other}> wrote:"
    page = (
        f'<html><body>{_rows(typed)}<br id="lineBreakAtBeginningOfMessage"><div><br>'
        f'<blockquote type="cite"><div>{html.escape(lead)}</div><br><div>{"<br>".join(QUOTED)}'
        "</div></blockquote></div></body></html>"
    )
    return f"{typed}\n\n\n> {lead}\n> \n{_marked()}\n", page


def _iphone(typed: str, other: str) -> tuple[str, str]:
    plain, page = _apple(typed, other)
    sent = "Sent from my iPhone"
    return plain.replace(typed, f"{typed}\n\n{sent}", 1), page.replace(
        '<br id="lineBreak', f'<div dir="ltr">{sent}</div><br id="lineBreak', 1
    )


def _thunderbird(typed: str, other: str) -> tuple[str, str]:
    plain, _ = _gmail(typed, other)
    page = (
        f"<html><body><p>{html.escape(typed).replace(chr(10), '<br>')}</p><div "
        f'class="moz-cite-prefix">On 16.11.26 09:00, Dana wrote:<br></div><blockquote type="cite" '
        f'cite="mid:1@x">{"<br>".join(QUOTED)}</blockquote></body></html>'
    )
    return plain.replace(
        f"On Mon, Nov 16, 2026 at 9:00 AM Dana <{other}>", "On 16.11.26 09:00, Dana"
    ), page


def _k9(typed: str, other: str) -> tuple[str, str]:
    lead = f"Am 16. November 2026 09:00:00 MEZ schrieb Dana <{other}>:"
    return (
        f"{typed}\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.\n\n"
        f"{lead}\n{_marked()}\n",
        "",
    )


def _mutt(typed: str, other: str) -> tuple[str, str]:
    return f"{typed}\n\nOn Mon, Nov 16, 2026 at 09:00:00AM +0000, Dana wrote:\n{_marked()}\n", ""


def _bottom(typed: str, other: str) -> tuple[str, str]:
    return (
        f"On Mon, Nov 16, 2026 at 09:00:00AM +0000, Dana wrote:\n{_marked()}\n\n{typed}\n\n-- \nAlex\n",
        "",
    )


CLIENTS: dict[str, Body] = {
    "gmail": _gmail,
    "outlook on the desktop": _outlook_desktop,
    "outlook on the web": _outlook_web,
    "apple mail": _apple,
    "an iphone": _iphone,
    "thunderbird": _thunderbird,
    "k-9": _k9,
    "mutt": _mutt,
    "an answer below the quote": _bottom,
}


def an_answer(client: str, typed: str, author: str, to: str, html_only: bool = False) -> bytes:
    """The answer as that program sends it, without a signature of its domain."""
    plain, page = CLIENTS[client](typed, to)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = author, to, "Re: Hello"
    mail["Date"] = "Mon, 16 Nov 2026 10:00:00 +0000"
    mail["Message-ID"] = f"<{abs(hash((client, typed, to)))}@laptop.corp.example.test>"
    if html_only and page:
        mail.set_content(page, subtype="html", cte="quoted-printable")
        return mail.as_bytes()
    mail.set_content(plain, cte="quoted-printable")
    if page:
        mail.add_alternative(page, subtype="html", cte="base64")
    return mail.as_bytes()
