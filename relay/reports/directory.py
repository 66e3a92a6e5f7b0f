"""The files of the ambassadors' page: HTML, a snippet, JSON, JSON-LD, and vCards and QR codes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import segno

from relay.reports.showcase import Face, House
from relay.reports.wording import plain
from templates.pages import page

PLAIN_COLOUR = "#2a5ca5"
WANTED_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_OWN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.(?:vcf|svg|jpg|png|webp)")


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code (ISO/IEC 18004): how many modules wide, and its dark ones as an SVG path."""

    size: int
    path: str


def files(
    faces: Sequence[Face], house: House, colour: str, templates: Path | None
) -> dict[str, str]:
    """The page and all that belongs to it, by file name.

    `colour` is `#rrggbb`; a page of the company's own (`directory.html`) comes first.
    """
    shown = [_plain(face) for face in faces]
    topics = sorted({topic for face in shown for topic in face.topics}, key=str.casefold)
    codes = {face.handle: code(f"mailto:{face.address}") for face in shown}
    facts = {
        "house": house,
        "faces": shown,
        "topics": topics,
        "codes": codes,
        "colour": colour,
    }
    made = {
        "index.html": page("directory", facts, templates),
        "snippet.html": page("directory_snippet", facts, templates),
        "directory.json": _json([_facts(face) for face in shown]),
        "directory.jsonld": _json(_linked(shown, house)),
    }
    for face in shown:
        made[f"{face.handle}.vcf"] = vcard(face, house)
        made[f"{face.handle}.svg"] = page("directory_code", {"code": codes[face.handle]})
    return made


def write(folder: Path, made: Mapping[str, str | bytes]) -> None:
    """Put the files there, each at once, and take away those of ambassadors who are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        whole = folder / f".{name}.new"
        whole.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        whole.replace(folder / name)
    for old in folder.iterdir():
        if _OWN.fullmatch(old.name) and old.name not in made:
            old.unlink()


def _plain(face: Face) -> Face:
    """Without characters that would act rather than show."""
    return replace(
        face,
        name=plain(face.name),
        role=plain(face.role),
        topics=tuple(plain(topic) for topic in face.topics),
        languages=tuple(plain(language) for language in face.languages),
    )


def code(text: str) -> Code:
    """The QR code of a text, with a quiet border of two modules."""
    rows = segno.make(text, error="m", micro=False).matrix_iter(border=2)
    parts, size = [], 0
    for y, row in enumerate(rows):
        size = y + 1
        for run in re.finditer(b"\1+", bytes(row)):
            length = run.end() - run.start()
            parts.append(f"M{run.start()} {y}h{length}v1h-{length}z")
    return Code(size, "".join(parts))


def _facts(face: Face) -> dict[str, object]:
    return {
        "id": face.handle,
        "name": face.name,
        "address": face.address,
        "mailto": face.mailto,
        "role": face.role,
        "topics": list(face.topics),
        "languages": list(face.languages),
        "timezone": face.timezone,
        "answers": face.answers,
        "photo": face.photo,
    }


def _linked(faces: Iterable[Face], house: House) -> dict[str, object]:
    """The same for machines that read schema.org."""
    firm = {"@type": "Organization", "name": house.company}
    people = [
        {
            "@type": "Person",
            "name": face.name,
            "email": f"mailto:{face.address}",
            "jobTitle": face.role,
            "worksFor": firm,
            "knowsAbout": list(face.topics),
            "knowsLanguage": list(face.languages),
        }
        for face in faces
    ]
    listed = [
        {"@type": "ListItem", "position": place, "item": person}
        for place, person in enumerate(people, 1)
    ]
    return {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": listed}


def _json(document: object) -> str:
    # A page may set it into a script element: then no name may end that.
    return json.dumps(document, indent=2, ensure_ascii=False).replace("</", "<\\/") + "\n"


def vcard(face: Face, house: House) -> str:
    """A vCard (RFC 2426) of the masked address."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"FN:{_escaped(face.name)}",
        f"N:;{_escaped(face.name)};;;",
        f"ORG:{_escaped(house.company)}",
        f"EMAIL;TYPE=INTERNET:{_escaped(face.address)}",
    ]
    if face.role:
        lines.append(f"TITLE:{_escaped(face.role)}")
    if face.topics:
        lines.append("CATEGORIES:" + ",".join(map(_escaped, face.topics)))
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCARD"])


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", plain(text))


def _folded(line: str) -> str:
    """At most 75 octets in a row, and no letter cut in two (RFC 2426 section 2.6)."""
    rows, room = [""], 75
    for letter in line:
        size = len(letter.encode("utf-8"))
        if size > room:
            rows.append("")
            room = 74
        rows[-1] += letter
        room -= size
    return "\r\n ".join(rows)


def contrast_on_white(colour: str) -> float:
    """How well `#rrggbb` can be read on white, from 1 to 21 (WCAG 2.2). Raises ValueError."""
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", colour)
    if not found:
        raise ValueError("a colour such as #2a5ca5")
    red, green, blue = (_linear(int(part, 16) / 255) for part in found.groups())
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
