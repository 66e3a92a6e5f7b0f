"""`peerpost directory`: the page on which candidates find the ambassadors."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import click

from config.values import Unusable
from relay.cli.office import Office, office
from relay.cli.shown import how_many
from relay.masking.identity import Identity
from relay.masking.names import first_name
from relay.masking.scrub import sniff
from relay.masking.scrub.kinds import SCRUBBERS
from relay.masking.scrub.outcome import Unscrubbable
from relay.masking.scrub.sniff import Kind
from relay.reports.directory import (
    PLAIN_COLOUR,
    WANTED_CONTRAST,
    contrast_on_white,
    files,
    write,
)
from relay.reports.showcase import Face, House, Shown, faces

SOURCE = re.compile(r"[a-z0-9-]{1,15}")
PHOTOS = {Kind.JPEG: "jpg", Kind.PNG: "png", Kind.WEBP: "webp"}
LARGEST_PHOTO = 2_000_000  # bytes


@click.command(epilog="Example:  peerpost directory --out public/people --source careers")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write it to.",
)
@click.option(
    "--source", default="", help="Where it will stand, for the report: careers, pycon ..."
)
@click.option("--colour", default=PLAIN_COLOUR, show_default=True, help="Of buttons and links.")
@click.option(
    "--photos",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of portraits: NAME.jpg, NAME.png or NAME.webp.",
)
@click.pass_obj
def directory(
    config: Path | None, out: Path, source: str, colour: str, photos: Path | None
) -> None:
    """A page of the ambassadors who have time, with a snippet, JSON, contact cards and QR codes.

    Run it every day: who is away or has no room this week is left out.
    """
    if source and not SOURCE.fullmatch(source):
        raise Unusable("--source", source, "1 to 15 small letters, digits and hyphens")
    _check(colour)
    with office(config) as here:
        with here.database.read() as connection:
            found = faces(connection, _house(here, source), first_name, here.pen.now)
        pictures: dict[str, bytes] = {}
        shown = [_with_photo(face, photos, pictures) if photos else face for face in found]
        made = files(shown, _house(here, source), colour, here.settings.relay.templates or None)
    write(out, {**made, **pictures})
    click.echo(f"{how_many(len(shown), 'ambassador')} in {out / 'index.html'}")


def _check(colour: str) -> None:
    wanted = f"#rrggbb, dark enough to be read on white (contrast {WANTED_CONTRAST} to 1)"
    try:
        readable = contrast_on_white(colour) >= WANTED_CONTRAST
    except ValueError:
        readable = False
    if not readable:
        raise Unusable("--colour", colour, wanted)


def _house(here: Office, source: str) -> House:
    settings = here.settings
    return House(
        company=settings.relay.company or settings.relay.domain,
        domain=settings.relay.domain,
        source=source,
        names=Shown(settings.privacy.names.value),
        limits=settings.ambassador,
        careers_url=settings.relay.careers_url or "",
    )


def _with_photo(face: Face, folder: Path, pictures: dict[str, bytes]) -> Face:
    """The face with its portrait, without what a camera wrote into it. Raises Unusable."""
    for ending in ("jpg", "jpeg", "png", "webp"):
        file = folder / f"{face.handle}.{ending}"
        if file.is_file():
            content = file.read_bytes()
            name = f"{face.handle}.{_ending(file.name, content)}"
            pictures[name] = _clean(file.name, content)
            return replace(face, photo=name)
    return face


def _ending(name: str, content: bytes) -> str:
    found = PHOTOS.get(sniff.kind(content)) if len(content) <= LARGEST_PHOTO else None
    if not found:
        raise Unusable("--photos", name, "a JPEG, PNG or WebP of at most 2 MB")
    return found


def _clean(name: str, content: bytes) -> bytes:
    try:
        return SCRUBBERS[sniff.kind(content)](content, Identity(()))
    except Unscrubbable as problem:
        raise Unusable("--photos", name, f"a picture that is whole ({problem})") from None
