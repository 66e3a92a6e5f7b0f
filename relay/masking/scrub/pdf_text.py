"""What a PDF document shows to a reader, and how much work it would be to read it."""

from __future__ import annotations

import io
import logging
import re
import zlib
from collections.abc import Iterator, Sequence

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from relay.masking.scrub.outcome import DAMAGED, TOO_LARGE, Unscrubbable

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file

_KNOWN = frozenset(
    ["/FlateDecode", "/LZWDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode"]
)
_LARGEST_LZW = 1 << 15  # it may grow by three orders of magnitude, and has no limit of its own
_LARGEST = 32 << 20
_MOST_PAGES = 500
# What pypdf has to parse, some seconds' work: octets of pages and fonts (these for each page anew),
# of which it parses four in the time that one octet of shown text takes, and strings.
_MOST_WORK = 3 << 20
_QUICK = 4
_STRING = 20
_LOOK = 60  # for each font and picture of a page, also if it is the same as of the last
_MOST_UNPACKED = 64 << 20
_DEEPEST = 8
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)

_LIMITS = pypdf.Configuration(
    maximum_declared_stream_length=_LARGEST,
    array_based_stream_maximum_output_length=_LARGEST,
    lzw_maximum_output_length=_LARGEST,
    run_length_maximum_output_length=_LARGEST,
    zlib_maximum_output_length=_LARGEST,
    zlib_maximum_recovery_input_length=1 << 16,
    stream_filters_maximum_length=3,
    stream_decoding_work_maximum_length=2 * _LARGEST,
    page_tree_maximum_entries=4 * _MOST_PAGES,
    jbig2dec_binary=None,
)


def filters(stream: Object) -> list[str]:
    """The names of a stream's filters, the outermost first."""
    found = stream.get("/Filter")
    names = list(found) if isinstance(found, Array) else [found]
    return [str(name) for name in names if isinstance(name, Name)]


def decoded(stream: Object) -> bytes:
    """A stream's content, if that is not too large. Raises Unscrubbable."""
    names = filters(stream)
    packed = stream.read_raw_bytes()
    if not names:
        return packed
    if not _KNOWN.issuperset(names):
        raise Unscrubbable(DAMAGED)
    if "/LZWDecode" in names and (len(packed) > _LARGEST_LZW or len(names) > 2):
        raise Unscrubbable(TOO_LARGE)
    return stream.read_bytes()


def inflated(content: bytes) -> bytes:
    """What a deflated stream holds."""
    machine = zlib.decompressobj()
    try:
        found = machine.decompress(content, _LARGEST)
    except zlib.error as error:
        raise Unscrubbable(DAMAGED) from error
    if machine.unconsumed_tail:
        raise Unscrubbable(TOO_LARGE)
    return found


def literals(content: bytes) -> str:
    """All strings that a content stream shows, as if its fonts used Latin letters."""
    shown = []
    for found in _LITERAL.finditer(content):
        if found[2] is None:
            shown.append(_ESCAPE.sub(_unescaped, found[1]))
        else:
            digits = b"".join(found[2].split())
            shown.append(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))
    return b"\n".join(shown).replace(b"\0", b"").decode("latin-1")


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes((int(code, 8) & 0xFF,)) if code.isdigit() else code.strip(b"\r\n")


def pages(content: bytes) -> Iterator[str]:
    """The text of each page. Raises Unscrubbable where it cannot be read."""
    try:
        with pypdf.apply_configuration(_LIMITS):
            for page in pypdf.PdfReader(io.BytesIO(content)).pages:
                yield page.extract_text()
    except Exception as error:
        raise Unscrubbable(DAMAGED) from error


def refuse_too_much(document: pikepdf.Pdf) -> None:
    """Raises Unscrubbable if reading all pages would take too long."""
    if len(document.pages) > _MOST_PAGES:
        raise Unscrubbable(TOO_LARGE)
    meter = _Meter()
    for page in document.pages:
        contents = page.obj.get("/Contents")
        parts = list(contents) if isinstance(contents, Array) else [contents]
        streams = [part for part in parts if isinstance(part, Stream)]
        meter.spend(meter.work(page.obj, streams, 0))


class _Meter:
    """What it will cost to read a document: its streams are unpacked once, and counted as drawn."""

    def __init__(self) -> None:
        self.left, self.unpacked = _MOST_WORK, 0
        self.streams: dict[tuple[int, int], tuple[int, int]] = {}  # cost, and what they draw
        self.forms: dict[tuple[int, int], int] = {}

    def spend(self, cost: int) -> None:
        self.left -= cost
        if self.left < 0:
            raise Unscrubbable(TOO_LARGE)

    def work(self, owner: Object, streams: Sequence[Object], depth: int) -> int:
        """The cost of some content: its own, its fonts', and its forms' as often as it draws."""
        if depth > _DEEPEST:
            raise Unscrubbable(TOO_LARGE)
        self.spend(len(streams))
        costs = [self._stream(stream) for stream in streams]
        resources, parent = owner.get("/Resources"), owner.get("/Parent")
        for _ in range(_DEEPEST):  # pages inherit them
            if resources is not None or not isinstance(parent, Dictionary):
                break
            resources, parent = parent.get("/Resources"), parent.get("/Parent")
        forms = max(self._forms(resources, depth), default=0)
        own = sum(cost for cost, _ in costs) + self._fonts(resources)
        return own + forms * sum(drawn for _, drawn in costs)

    def _stream(self, stream: Object) -> tuple[int, int]:
        if stream.objgen not in self.streams:
            content = decoded(stream)
            self.unpacked += len(content)
            if self.unpacked > _MOST_UNPACKED:
                raise Unscrubbable(TOO_LARGE)
            strings = content.count(b"(") + content.count(b"<")
            cost = len(content) // _QUICK + _STRING * strings
            self.streams[stream.objgen] = (cost, content.count(b"Do"))
        return self.streams[stream.objgen]

    def _fonts(self, resources: object) -> int:
        """The cost of the tables that turn the fonts' codes into letters."""
        total = 0
        for font in self._named(resources, "/Font"):
            table = font.get("/ToUnicode") if isinstance(font, Dictionary) else None
            if isinstance(table, Stream):
                self._stream(table)
                total += len(decoded(table)) // _QUICK
        return total

    def _forms(self, resources: object, depth: int) -> Iterator[int]:
        """The work that each form among the resources makes."""
        for form in self._named(resources, "/XObject"):
            if not isinstance(form, Stream) or form.get("/Subtype") != "/Form":
                continue
            if form.objgen not in self.forms:
                self.forms[form.objgen] = _MOST_WORK  # should it draw itself
                self.forms[form.objgen] = self.work(form, [form], depth + 1)
            yield self.forms[form.objgen]

    def _named(self, resources: object, kind: str) -> Iterator[Object]:
        found = resources.get(kind) if isinstance(resources, Dictionary) else None
        for _, one in found.items() if isinstance(found, Dictionary) else ():
            self.spend(_LOOK)
            yield one
