"""What ends a command that could not do its work."""

from __future__ import annotations


class Failed(Exception):
    """It could not be done; the text is the one line that says why (exit status 1)."""
