"""The language of a message, as far as our mails speak it."""

from __future__ import annotations

import pytest

from relay.intake.tongue import tongue


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hi Alex, how do you run migrations with two versions of the code?", "en"),
        ("Hallo Alex, wie spielt ihr Migrationen ein, wenn zwei Versionen laufen?", "de"),
        ("Hallo Alex, ich habe deinen Talk über pytest fixtures und async drivers gesehen.", "de"),
        ("Bonjour Alex, comment gérez-vous les migrations avec deux versions ?", ""),
        ("Hola Alex, ¿cómo hacéis las migraciones de la base de datos?", ""),
        ("", ""),
        ("pg_dump --schema-only", ""),
        ("你好，你们怎么做数据库迁移？", ""),
        ("de die der van het een en ik je", ""),
    ],
)
def test_the_language_is_told_or_left_open(text: str, language: str) -> None:
    assert tongue(text) == language
