"""What a scrubber says when it cannot promise that a file tells nothing of its author."""

from __future__ import annotations


class Unscrubbable(Exception):
    """The file must not be carried.

    `reason` is a plain phrase without a full stop that goes on where the file's name ends and
    speaks to the author: "it shows your address on its pages". It quotes nothing of the file.
    `advice` tells the author, and nobody else, what to do: "send a zip".
    """

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(reason)
        self.reason, self.advice = reason, advice


DAMAGED = "it is damaged or not what it says it is, so nobody can check it"
TOO_LARGE = "it holds more than can be checked"
SHOWS_ADDRESS = "it shows your address"
PROTECTED = "it is protected with a password, so nobody can check it"
