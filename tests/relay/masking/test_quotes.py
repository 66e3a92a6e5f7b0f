from __future__ import annotations

import pytest
from masks import OWN, a_view

from relay.masking.cloak import Cloak
from relay.masking.ledger import Ledger
from relay.masking.quotes import Kind, regions
from relay.masking.text import masked

ATTRIBUTIONS = [
    "On Tue, 5 Mar 2024 at 10:00, {} wrote:",
    "On Tuesday, March 5th, 2024 at 10:00 AM,\n{} wrote:",
    "{} wrote:",
    "{} writes:",
    "Am Di., 5. März 2024 um 10:00 Uhr schrieb {}:",
    "Le mar. 5 mars 2024 à 10:00, {} a écrit :",
    "El mar, 5 mar 2024 a las 10:00, {} escribió:",
    "Il giorno mar 5 mar 2024 alle ore 10:00 {} ha scritto:",
    "Op di 5 mrt 2024 om 10:00 schreef {}:",
    "Em ter., 5 de mar. de 2024 às 10:00, {} escreveu:",
    "wt., 5 mar 2024 o 10:00 {} napisał(a):",
    "Den tis 5 mars 2024 kl 10:00 skrev {}:",
    "ti 5. maalisk. 2024 klo 10.00 {} kirjoitti:",
    "út 5. 3. 2024 v 10:00 odesílatel {} napsal:",
    "{} ezt írta (időpont: 2024. márc. 5., K, 10:00):",
    "вт, 5 мар. 2024 г. в 10:00, {}:",
    "05.03.2024 10:00, {} пишет:",
    "{}, 5 Mar 2024 Sal, 10:00 tarihinde şunu yazdı:",
    "2024年3月5日(火) 10:00 {}:",
    "{} 于2024年3月5日周二 10:00写道：",
    "2024년 3월 5일 (화) 오전 10:00, {}님이 작성:",
    "În mar., 5 mar. 2024 la 10:00, {} a scris:",
    "Στις Τρί 5 Μαρ 2024 στις 10:00 π.μ., ο/η {} έγραψε:",
    "Vào Th 3, 5 thg 3, 2024 vào lúc 10:00 {} đã viết:",
    "---- On Tue, 05 Mar 2024 10:00:00 +0100 {} wrote ----",
    "----- Forwarded by {} on 03/05/2024 10:00 -----",
]
HEADERS = [
    ("From", "Sent", "To", "Subject"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("De ", "Envoyé ", "À ", "Objet "),
    ("De", "Enviado el", "Para", "Asunto"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"),
    ("Od", "Wysłano", "Do", "Temat"),
    ("Från", "Skickat", "Till", "Ämne"),
    ("От", "Отправлено", "Кому", "Тема"),
    ("差出人", "送信日時", "宛先", "件名"),
    ("发件人", "发送时间", "收件人", "主题"),
    ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
]


def cleaned(text: str) -> str:
    return masked(text, Cloak(a_view()), Ledger())


def kinds(text: str) -> list[str]:
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    parts = regions(text)
    found = []
    for start, line in zip(starts, lines, strict=True):
        part = next((one for one in parts if one.start <= start < one.end), None)
        found.append(f"{part.kind if part else '-'} {line}")
    return found


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("who", ["Dana Brown", f"Dana Brown <{OWN}>", f"Brown, Dana <{OWN}>"])
@pytest.mark.parametrize("mark", ["", "> "])
def test_an_attribution_names_the_author_no_more(attribution: str, who: str, mark: str) -> None:
    line = "\n".join(mark + one for one in attribution.format(who).split("\n"))
    text = cleaned(f"I have seen it.\n\n{line}\n\n{mark}> Hello\n")
    assert "brown" not in text.lower()
    assert "Dana" in text
    assert text.startswith("I have seen it.\n\n")
    assert text.endswith("> Hello\n")


@pytest.mark.parametrize("names", HEADERS)
def test_a_quoted_header_names_the_author_no_more(names: tuple[str, ...]) -> None:
    author, sent, to, subject = names
    text = cleaned(
        f"I have seen it.\n\n{author}: Dana Brown <{OWN}>\n{sent}: Tuesday\n"
        f"{to}: Alex; Bo <bo@corp.test>; Jo <jo@other.test>\n{subject}: Brown bears\n\nHello Mr Brown\n"
    )
    assert "Dana Brown" not in text
    assert "corp.test" not in text
    assert "Alex; Bo; Jo <jo@other.test>" in text
    assert "Brown bears" in text
    assert "Hello Mr Brown" in text


def test_names_hosts_and_colleagues_in_prose_are_left_alone() -> None:
    text = "Dana Brown here, of corp.test: write to bo@corp.test.\n\n> Dana Brown said so.\n"
    assert cleaned(text) == text


def test_lines_are_told_apart() -> None:
    text = "Hello\n> old\nnew\n-- \nDana\nOn Mon, 4 Mar 2024, Alex wrote:\n> quoted"
    assert kinds(text) == [
        "new Hello",
        "quoted > old",
        "new new",
        "signature -- ",
        "signature Dana",
        "written On Mon, 4 Mar 2024, Alex wrote:",
        "quoted > quoted",
    ]


def test_a_mail_without_a_word_has_no_lines_to_tell_apart() -> None:
    assert regions("") == ()


def test_all_below_a_quoted_header_is_quoted() -> None:
    text = "Hello\nFrom: Alex\nSent: Monday\nTo: Dana\nSubject: tea\n\nold\n"
    assert kinds(text) == [
        "new Hello",
        "written From: Alex",
        "written Sent: Monday",
        "written To: Dana",
        "quoted Subject: tea",
        "quoted ",
        "quoted old",
        "- ",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "From: my point of view, yes.",
        "To do: tea.",
        "I have three questions:",
        "On Monday I wrote a test. It failed:",
        "A: yes\nB: no",
    ],
)
def test_prose_that_looks_a_little_like_it_stays_new(line: str) -> None:
    assert {part.kind for part in regions(f"Hello\n{line}\n\nBye\n")} == {Kind.NEW}


def test_raw_fields_and_routes_in_the_text_are_what_programs_wrote() -> None:
    text = cleaned(
        f"See:\n\nReceived: from ws-7.lan.corp.test ([198.51.100.9])\nX-Sender: {OWN}\n\n"
        "From: Dana Brown </o=Corp/cn=dbrown>\nSent: now\nTo: you\n\nmy router is 198.51.100.9\n"
    )
    assert "corp" not in text.lower()
    assert text.count("198.51.100.9") == 1
