"""Every mail that people receive from the relay itself: templates and facts in, mail out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote as percent

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.exceptions import TemplateError, TemplateRuntimeError, TemplateSyntaxError
from jinja2.runtime import Context

from templates import days, layout
from templates.examples import EXAMPLES, EXAMPLES_OF_ALL

HOME = Path(__file__).parent
FALLBACK = "en"

_LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")  # the first subtag of RFC 5646
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's words: the subject is one line, the text has LF line ends."""

    subject: str
    text: str
    html: str


class Broken(Exception):
    """A template that cannot be used; the text is one line that names its file and the reason."""


class Block(str):
    """Text that is layout of ours already; any other value becomes one line within a sentence."""

    __slots__ = ()


class Templates:
    """Our mails; those in `folder` (`LANGUAGE/NAME.txt`, `mail.html`) come before them."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folders = (HOME,) if folder is None else (folder, HOME)
        # What the mails are rendered to is plain text; mail.html escapes all of it.
        self._mails = _environment(self._folders, autoescape=False, finalize=_value)
        self._mails.globals.update(link=_link, tap=_tap, write_to=_write_to)
        self._mails.filters.update(quote=_quote, day=_day)
        self._pages = _environment(self._folders, autoescape=True)

    def render(self, name: str, language: str, facts: Mapping[str, object]) -> Rendered:
        """The mail `name` in that language (`de`, `de-AT`), or in English where there is none.

        Raises a TemplateError of jinja2 if the template names what is not among the facts.
        """
        tag = _LANGUAGE.match(language.lower())
        wanted = tag[0] if tag else FALLBACK
        template = self._mails.select_template([f"{wanted}/{name}.txt", f"{FALLBACK}/{name}.txt"])
        return self._made(template, facts)

    def check(self) -> None:
        """Renders every mail in every language with made-up facts; raises Broken for the first that
        cannot be, and for a file in the folder that is none of our mails."""
        for folder in self._folders:
            if not folder.is_dir():
                raise Broken(f"{folder}: there is no such folder of templates")
            for file in sorted(folder.glob("*/*.txt")):
                self._check(file, f"{file.parent.name}/{file.name}")

    def _check(self, file: Path, path: str) -> None:
        if file.stem not in EXAMPLES:
            known = ", ".join(sorted(EXAMPLES))
            raise Broken(f"{file}: there is no mail of that name; there are {known}")
        try:
            template = self._mails.get_template(path)
            for facts in EXAMPLES[file.stem]:
                self._made(template, {**EXAMPLES_OF_ALL, **facts})
        except TemplateError as error:
            where = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            raise Broken(f"{file}{where}: {error.message}") from error
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            OSError,
            TypeError,
            ValueError,
        ) as error:
            raise Broken(f"{file}: {error}") from error

    def _made(self, template: Template, facts: Mapping[str, object]) -> Rendered:
        language = str(template.name).partition("/")[0]
        written = template.render({**facts, "language": language})
        first, _, rest = written.partition("\n")
        if not first.startswith(_SUBJECT):
            raise TemplateRuntimeError(f"the first line must begin with `{_SUBJECT}`")
        subject = layout.subject(first.removeprefix(_SUBJECT))
        made = layout.blocks(rest)
        page = self._pages.get_template("mail.html")
        html = page.render(language=language, subject=subject, blocks=made)
        return Rendered(subject, layout.plain(made), html)


def _environment(folders: tuple[Path, ...], **options: Any) -> Environment:
    return Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        **options,
    )


def _value(value: object) -> str:
    if value is None:
        raise TemplateRuntimeError("a fact is None; say what to write then")
    return value if isinstance(value, Block) else layout.value(str(value))


def _quote(text: str) -> Block:
    return Block(layout.quote(text))


def _link(label: str, url: str) -> Block:
    """A link that plain text shows with its URL."""
    return Block(layout.link(label, url, shown=True))


def _tap(label: str, url: str) -> Block:
    """A link whose label says enough to do without it: plain text shows the label alone."""
    return Block(layout.link(label, url, shown=False))


def _write_to(address: str, body: str = "") -> Block:
    """An address to write to, with what to write there filled in."""
    shown, text = layout.one_line(str(address)), percent(body, safe="")
    return _tap(shown, f"mailto:{percent(shown, safe='@+')}" + (f"?body={text}" if text else ""))


@pass_context
def _day(context: Context, value: date | str) -> str:
    """A date, or its ISO 8601 form, in the words of the mail's language."""
    at = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return days.written(at, str(context["language"]))
