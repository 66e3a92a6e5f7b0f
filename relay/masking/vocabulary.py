"""The words that mail programs write around what they quote, in the languages they speak."""

from __future__ import annotations

import re

# "wrote", as an attribution has it.
_WROTE = """
wrote writes schrieb schrieben geschrieben écrit ecrit escribió escribio escribe escrigué scritto
scrive schreef escreveu skrev skreiv kirjoitti napisał napisała napisał(a) pisze napsal napsala
napísal napísala napisao írta scris yazdı kirjutas rakstīja rašė viết menulis написал написала
написал(а) пишет писал писала написав написала пише έγραψε skrifaði
"""
_WROTE_ANYWHERE = "書きました のメール さんは 写道 寫道 撰写 님이 작성 כתב كتب เขียน ने लिखा"

# How an attribution begins when it begins with no name.
_LEAD = """
On Am Le El Il Op Em Den Dne Dňa W På Kl Pada Στις Vào Le El Il Em La Dana Op Am A Il Στις În Il Pe
"""

# From, as quoted headers have it.
_FROM = """
From|Von|De|Da|Van|Från|Fra|Od|Lähettäjä|Feladó|Expéditeur|Remitente|Mittente|Afzender|Avsändare
Avsender|Nadawca|Odesílatel|Odosielateľ|Gönderen|Kimden|Saatja|Nuo|No|От|От кого|Отправитель|Від
Από|差出人|送信者|发件人|寄件者|寄件人|보낸 사람|보낸사람|מאת|من|จาก|Từ|Dari|Expedidor|De la
"""
_SUBJECT = """
Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Aihe|Temat|Předmět|Predmet|Tárgy
Subiect|Konu|Тема|Θέμα|件名|主题|主旨|제목|נושא|الموضوع|เรื่อง|Chủ đề|Perihal|Assumpte|Teema
"""
_OTHERS = """
Sent|Date|To|Cc|Bcc|Reply-To|Sent on|On behalf of|Attachments|Attachment|Importance|Message-ID
Gesendet|Gesendet am|Datum|An|Kopie|Blindkopie|Antwort an|Wichtigkeit|Anlagen|Envoyé|Envoyé le|À|A
Répondre à|Pièces jointes|Copie à|Enviado|Enviado el|Enviada em|Enviado em|Enviada|Fecha|Data|Para
CCO|Responder a|Inviato|Rispondi a|Verzonden|Aan|Antwoord aan|Skickat|Till|Kopia|Sendt|Til|Kopi
Dato|Lähetetty|Vastaanottaja|Kopio|Päivämäärä|Wysłano|Wysłane|Do|DW|UDW|Odesláno|Komu|Kopie
Odoslané|Dátum|Elküldve|Címzett|Másolat|Trimis|Către|Gönderilme|Gönderildi|Tarih|Kime|Bilgi
Отправлено|Дата|Кому|Копия|Надіслано|Копія|Στάλθηκε|Ημερομηνία|Προς|Κοιν|送信日時|日時|日付|宛先
发送时间|日期|收件人|抄送|寄件日期|收件者|副本|傳送時間|보낸 날짜|날짜|받는 사람|받는사람|참조
נשלח|אל|תאריך|التاريخ|إلى|วันที่|ถึง|Ngày|Gửi|Tới|Tanggal|Kepada|Saadetud|Kellele|Kuupäev
"""


def _either(words: str, separator: str | None = None) -> str:
    """An alternation, longer words first, so that none hides another."""
    entries = {one.strip() for line in words.splitlines() for one in line.split(separator)} - {""}
    return "|".join(re.escape(one) for one in sorted(entries, key=lambda one: (-len(one), one)))


_NAME = rf"(?:{_either(_FROM, '|')}|{_either(_SUBJECT, '|')}|{_either(_OTHERS, '|')})"
_COLON = r"[\s*]{0,4}[:：]"

WROTE = re.compile(rf"(?<!\w)(?:{_either(_WROTE)})(?!\w)|{_either(_WROTE_ANYWHERE)}", re.IGNORECASE)
LEAD = re.compile(rf"(?:{_either(_LEAD)})\s", re.IGNORECASE)
FROM = re.compile(rf"(?:{_either(_FROM, '|')}){_COLON}", re.IGNORECASE)
SUBJECT = re.compile(rf"(?:{_either(_SUBJECT, '|')}){_COLON}", re.IGNORECASE)
FIELD = re.compile(
    rf"{_NAME}{_COLON}(?!//)|[A-Z][\w]{{0,30}}(?:-[\w]{{1,30}}){{1,8}}:", re.IGNORECASE
)
