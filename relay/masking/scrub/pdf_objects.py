"""The objects of a PDF document, one by one: what they may keep, and what they say."""

from __future__ import annotations

import re

from pikepdf import Array, Dictionary, Name, Object, Stream, String

from relay.masking.scrub import jp2, jpeg, links, pdf_text, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

SHOWN = "it shows your address on its pages"
_MOST_VALUES = 1_500_000
# Keys that no page needs, where their values are of the type that makes them what they are.
_DROPPED: dict[str, tuple[type, ...]] = {
    "/Metadata": (Stream,),
    "/PieceInfo": (Dictionary,),
    "/LastModified": (String,),
    "/CreationDate": (String,),
    "/ModDate": (String,),
    "/M": (String,),
    "/NM": (String,),
    "/SourceModified": (String,),
    "/Thumb": (Stream,),
    "/XFA": (Array, Stream),
    "/AF": (Array, Dictionary),
    "/EF": (Dictionary,),
    "/RF": (Dictionary,),
    "/JS": (String, Stream),
}
_MUST_NOT_ACT = frozenset(
    """/Launch /GoToR /GoToE /SubmitForm /ImportData /JavaScript /Rendition /Movie /Sound
    /RichMediaExecute /Thread""".split()  # noqa: SIM905
)
_MADE_BY = re.compile(rb"Exif|ns\.adobe\.com|Photoshop|\xff\xfe")
_FONT_FILES = frozenset(("/Type1C", "/CIDFontType0C", "/OpenType"))


class Walk:
    """Walks once through every object that the document will still need."""

    def __init__(self, inside: Inside) -> None:
        self.inside = inside
        self.seen: set[tuple[int, int]] = set()
        self.strings: list[str] = []

    def clean(self, root: Object) -> None:
        """Cleans all that hangs on the root. Raises Unscrubbable, also if it shows an address."""
        waiting, values = [root], 0
        while waiting:
            found = waiting.pop()
            values += _size(found)
            if values > _MOST_VALUES:
                raise Unscrubbable(TOO_LARGE)
            if isinstance(found, String):
                self.strings.append(str(found))
            elif isinstance(found, Array):
                waiting += [one for one in found if self._is_new(one)]
            else:
                self._entries(found)
                if isinstance(found, Stream):
                    self._body(found)
                waiting += [one for _, one in found.items() if self._is_new(one)]
        said = "\n".join(self.strings)
        traces.refuse_shown(said, self.inside.identity, SHOWN)
        traces.refuse_traces(said.encode("utf-8", "replace"), self.inside.identity, SHOWN)

    def _is_new(self, found: object) -> bool:
        """Whether it is a value that may tell something, met for the first time."""
        if not isinstance(found, String | Array | Dictionary | Stream):
            return False
        if found.is_indirect:
            if found.objgen in self.seen:
                return False
            self.seen.add(found.objgen)
        return True

    def _entries(self, found: Object) -> None:
        keys = set(found.keys())
        if "/ByteRange" in keys or _name(found, "/S") in _MUST_NOT_ACT:
            for key in keys:  # a signature, or an action that reaches out
                del found[key]
            found["/S"], found["/N"] = Name("/Named"), Name("/NoOp")
            return
        if _name(found, "/S") == "/URI":
            found["/URI"] = String(links.target(str(found.get("/URI", "")), self.inside.identity))
        for key in keys & _DROPPED.keys():
            if isinstance(found[key], _DROPPED[key]):
                del found[key]
        if "/AA" in keys and isinstance(found["/AA"], Dictionary) and "/Type" not in found["/AA"]:
            del found["/AA"]
        if {"/Rect", "/Subtype", "/T"} <= keys and _name(found, "/Subtype") != "/Widget":
            del found["/T"]  # who commented
        if _name(found, "/FT") == "/Sig" and "/V" in keys:
            del found["/V"]
        for key in keys & {"/F", "/UF", "/Desc"}:
            if isinstance(found.get(key), String):
                found[key] = String(links.local_path(str(found[key])))

    def _body(self, stream: Object) -> None:
        filters = pdf_text.filters(stream)
        if "/F" in stream or "/Crypt" in filters:
            raise Unscrubbable(DAMAGED)
        if filters[-1:] == ["/DCTDecode"]:
            self._picture(stream, filters)
        elif filters == ["/JPXDecode"]:
            cleaned = jp2.jp2(stream.read_raw_bytes(), self.inside.identity)
            stream.write(cleaned, filter=Name("/JPXDecode"))
        elif not _is_opaque(stream):
            content = pdf_text.decoded(stream)
            self.inside.budget.spend(len(content))
            traces.refuse_traces(content, self.inside.identity, SHOWN)
            self.strings.append(pdf_text.literals(content))

    def _picture(self, stream: Object, filters: list[str]) -> None:
        """A JPEG among the pictures, with all that a camera wrote into it."""
        content = stream.read_raw_bytes()
        if filters == ["/FlateDecode", "/DCTDecode"]:
            content = pdf_text.inflated(content)
        elif len(filters) > 1:
            raise Unscrubbable(DAMAGED)
        parameters = stream.get("/DecodeParms")
        if isinstance(parameters, Array):
            parameters = parameters[-1]
        kept = parameters if isinstance(parameters, Dictionary) else None
        try:
            cleaned = jpeg.jpeg(content, self.inside.identity)
        except Unscrubbable:
            if _MADE_BY.search(content):
                raise
            # Cut short, as some scanners leave it, but nobody wrote anything into it.
            traces.refuse_traces(content, self.inside.identity)
            return
        stream.write(cleaned, filter=Name("/DCTDecode"), decode_parms=kept)


def _size(found: Object) -> int:
    if isinstance(found, String):
        return 1
    return len(found) if isinstance(found, Array) else len(found.keys())


def _is_opaque(stream: Object) -> bool:
    """Pixels, and the outlines of letters."""
    kind = _name(stream, "/Subtype")
    return kind == "/Image" or kind in _FONT_FILES or "/Length1" in stream


def _name(found: Object, key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, Name) else ""
