"""Whole HTML pages: the report and the ambassadors' page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HOME = Path(__file__).parent


def page(name: str, facts: Mapping[str, object], folder: Path | None = None) -> str:
    """The page `NAME.html` with these facts in it, all of them escaped.

    A template of the same name in `folder` comes first. Raises a TemplateError of jinja2 if it
    names something that is not among the facts.
    """
    return _environment(folder).get_template(f"{name}.html").render(facts)


@lru_cache(maxsize=4)
def _environment(folder: Path | None) -> Environment:
    folders = [HOME] if folder is None else [folder, HOME]
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
