"""Pictures that tell who took them, made by Pillow."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

SIZE = (64, 48)


def a_photo(mode: str = "RGB") -> Image.Image:
    """Noise in colours, so that every pixel counts."""
    channels = [Image.effect_noise(SIZE, 60 + 10 * number) for number in range(3)]
    return Image.merge("RGB", channels).convert(mode)


def exif_of(author: str, orientation: int = 6) -> Image.Exif:
    """An author, a place on earth, and a camera that was turned."""
    tags = Image.Exif()
    tags.update({0x013B: author, 0x8298: author, 0x0110: "Camera 5", 0x0112: orientation})
    tags.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    return tags


def a_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def pixels(content: bytes) -> list[bytes]:
    """Every frame's pixels."""
    image = opened(content)
    frames = []
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frames.append(image.convert("RGBA").tobytes())
    return frames
