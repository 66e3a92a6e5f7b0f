"""PDF documents (ISO 32000-2): what lies beside the pages goes, and the pages are read."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Dictionary

from relay.masking.scrub import pdf_text, traces
from relay.masking.scrub.inside import Inside
from relay.masking.scrub.outcome import DAMAGED, PROTECTED, TOO_LARGE, Unscrubbable
from relay.masking.scrub.pdf_objects import SHOWN, Walk

# The whole process: nothing else in it reads PDFs. Without them, some bytes can ask for gigabytes.
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=32 << 20,
    png_max_memory=32 << 20,
    tiff_max_memory=32 << 20,
    run_length_max_memory=32 << 20,
    dct_max_memory=1 << 20,
    max_stream_filters=3,
    parser_max_nesting=100,
    parser_max_container_size=200_000,
    doc_max_warnings=200,
)
_MOST_OBJECTS = 100_000

_CATALOG = frozenset(
    """/Type /Version /Extensions /Pages /PageLabels /Names /Dests /ViewerPreferences
    /PageLayout /PageMode /Outlines /AcroForm /StructTreeRoot /MarkInfo /Lang
    /OutputIntents /OCProperties /OpenAction""".split()  # noqa: SIM905
)


def pdf(content: bytes, inside: Inside) -> bytes:
    """The pages without author, programs, dates, scripts, signatures, enclosed files and history.

    Links stay if they tell nothing. Raises Unscrubbable, also where the pages show an address.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise Unscrubbable(PROTECTED)
            _catalog(document)
            pdf_text.refuse_too_much(document)
            Walk(inside).clean(document.Root)
            cleaned = _saved(document)
    except pikepdf.PasswordError as error:
        raise Unscrubbable(PROTECTED) from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise Unscrubbable(DAMAGED) from error
    for page in pdf_text.pages(cleaned):
        traces.refuse_shown(page, inside.identity, SHOWN)
    return cleaned


def _saved(document: pikepdf.Pdf) -> bytes:
    for key in set(document.trailer.keys()) - {"/Root", "/Size"}:
        del document.trailer[key]
    out = io.BytesIO()
    document.save(
        out,
        deterministic_id=True,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    return out.getvalue()


def _catalog(document: pikepdf.Pdf) -> None:
    root = document.Root
    if "/Collection" in root:
        raise Unscrubbable("it is a collection of other files", "send these one by one")
    if len(document.objects) > _MOST_OBJECTS:
        raise Unscrubbable(TOO_LARGE)
    for key in set(root.keys()) - _CATALOG:
        del root[key]
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        for key in set(names.keys()) - {"/Dests"}:
            del names[key]
