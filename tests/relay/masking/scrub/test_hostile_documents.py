"""Documents that are broken, or made to keep us busy."""

from __future__ import annotations

import pikepdf
import pytest
from documents import a_changed_pdf, a_docx, a_pdf, a_run, an_odt
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.masking.identity import Identity
from relay.masking.scrub.kinds import scrub
from relay.masking.scrub.outcome import Unscrubbable

ME = "dana.keller@private.test"
IDENTITY = Identity((ME,), hosts=("ws-7.lan.private.test",), surnames=("Keller",))


def _swelling(document: pikepdf.Pdf) -> None:
    """A form that draws a form that draws …: sixteen times each, ten deep."""
    inner = document.make_stream(
        b"BT (x) Tj ET", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form
    )
    for _ in range(7):
        outer = document.make_stream(
            b"/F Do " * 16,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=inner)),
        )
        inner = outer
    page = document.pages[0].obj
    page.Resources.XObject = pikepdf.Dictionary(F=inner)
    page.Contents = document.make_stream(b"/F Do")


def _itself(document: pikepdf.Pdf) -> None:
    form = document.make_stream(b"/F Do", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    document.pages[0].obj.Resources.XObject = pikepdf.Dictionary(F=form)
    document.pages[0].obj.Contents = document.make_stream(b"/F Do")


def _flood(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(b"BT (a) Tj ET\n" * 400_000)


def _blown_up(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.Contents = document.make_stream(bytes(70 << 20))


def _many_times_the_same(document: pikepdf.Pdf) -> None:
    content = document.make_stream(bytes(30 << 20))
    document.pages[0].obj.Contents = pikepdf.Array([content] * 10_000)


def _endless_fonts(document: pikepdf.Pdf) -> None:
    fonts = pikepdf.Dictionary({f"/F{n}": document.make_indirect({"/A": n}) for n in range(9000)})
    for _ in range(20):
        document.add_blank_page()
    for page in document.pages:
        page.obj.Resources = pikepdf.Dictionary(Font=document.make_indirect(fonts))


@pytest.mark.parametrize(
    "change", [_swelling, _itself, _flood, _blown_up, _many_times_the_same, _endless_fonts]
)
def test_a_pdf_that_would_keep_us_busy_is_refused(change) -> None:
    with pytest.raises(Unscrubbable):
        scrub(a_changed_pdf(change), IDENTITY)


SAMPLES = [a_pdf("About queues", author=ME), a_docx(a_run("x"), ME), an_odt("x", ME)]


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=120, deadline=None)
def test_broken_documents_raise_nothing_else(content: bytes, data: st.DataObject) -> None:
    broken = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    try:
        cleaned = scrub(bytes(broken), IDENTITY)
    except Unscrubbable:
        return
    assert ME.encode() not in cleaned
