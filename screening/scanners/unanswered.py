"""A scanner that does not answer."""

from __future__ import annotations

PATIENCE = 8.0  # seconds that one scanner has for one message


class Unanswered(Exception):
    """It is down, too slow, or says what nobody understands; the text is its name."""
