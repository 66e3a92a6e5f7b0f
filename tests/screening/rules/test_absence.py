"""Absence notes by their words: two hints, no question, and brief."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.rules.absence import absent


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Automatic reply: partial indexes", "I am away."),
        ("Out of Office: partial indexes", "I am out of the office until Monday."),
        ("Re: partial indexes", "I’m on vacation. In urgent cases please ask Bob."),
        ("Re: partial indexes", "Thanks.\n\nThis is an automatic reply."),
        ("AW: Indizes", "Ich bin derzeit nicht im Büro. In dringenden Fällen: 030 1234."),
        ("Réponse automatique : index", "Bonjour"),
        ("Absence", "Je suis absente jusqu'au 5 janvier."),
        ("RE: índices", "Estoy de vacaciones. En caso de urgencia, escriba a Ana."),
        ("Fora do escritório", "Estarei ausente até segunda."),
        ("Re: indici", "Sono in ferie. Per urgenze scrivere a Ugo."),
        ("Afwezig", "Ik ben met vakantie."),
        ("Autosvar: index", "Hej"),
        ("Fravær", "Jeg er på ferie."),
        ("Poissa", "Olen lomalla."),
        ("Nieobecność", "Przebywam na urlopie."),
        ("Re: indexy", "Jsem na dovolené. V naléhavých případech volejte Evu."),
        ("Automatikus válasz: index", "Szia"),
        ("Автоматический ответ: индексы", "Я в отпуске."),
        ("Re: індекси", "Я у відпустці. У термінових справах пишіть Олі."),
        ("Ynt: indeksler", "Yıllık izindeyim. Acil durumlarda Ece'ye yazın."),
        ("Αυτόματη απάντηση: ευρετήρια", "Λείπω."),
        ("תשובה אוטומטית: אינדקסים", "אני בחופשה"),
        ("الرد التلقائي: الفهارس", "أنا في إجازة"),
        ("स्वचालित उत्तर: सूचकांक", "मैं छुट्टी पर हूँ"),
        ("不在のお知らせ", "5月3日まで休暇をいただいております。"),
        ("回复: 索引", "我正在休假。如有紧急情况请联系王芳。"),
        ("부재중", "휴가 중입니다."),
    ],
)
def test_an_absence_note_is_recognised_in_its_language(subject: str, text: str) -> None:
    assert absent(subject, text)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Vacation", "I plan to write about vacation policies of distributed teams."),
        ("Out of office replies and idempotency", "We count each of them twice."),
        ("Automatic reply detection", "We built one, and it works in nine languages."),
        ("Out of office: how do you handle it?", "I am out of the office until Monday."),
        ("Auto-reply: a design", "How does your relay tell them apart?"),
        ("OOO execution", "Out-of-order cores reorder loads."),
        ("Elternzeit", "Ich bin vom Fach und frage mich, wie ihr das regelt."),
        ("Re: Thursday", "I am on vacation next week, so Thursday suits me better."),
        ("Re: Thursday", "I am out of the office until Tuesday but happy to talk then."),
        ("valves", "This is an automatic valve that I designed for trains."),
        ("Re: your talk", "Do you answer in urgent cases only?"),
        ("Re: hello", "> This is an automatic reply.\n\nYour relay wrote that to me."),
        ("Out of office", "I am out of the office until Monday. " + "I build valves. " * 100),
        ("", ""),
    ],
)
def test_a_person_who_writes_about_absence_is_a_person(subject: str, text: str) -> None:
    assert not absent(subject, text)


@given(st.text(max_size=300), st.text(max_size=3000))
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged(subject: str, text: str) -> None:
    assert absent(subject, text) in (True, False)
