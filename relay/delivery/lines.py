"""Line ends and dots, as RFC 5321 wants them on the wire. Whole-buffer operations, all linear."""

from __future__ import annotations


def canonical(content: bytes) -> bytes:
    """Every line ends in CRLF, the last one too; a bare CR or LF counts as a line end.

    Nothing else may leave: a bare line end beside a dot ends the message early for some hosts
    (SMTP smuggling). Returns the same object if there is nothing to change.
    """
    ends = content.count(b"\r\n")
    if not ends == content.count(b"\n") == content.count(b"\r"):
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    if content and not content.endswith(b"\r\n"):
        content += b"\r\n"
    return content


def stuffed(content: bytes) -> bytes:
    """Canonical content with the leading dots doubled (RFC 5321 section 4.5.2)."""
    content = content.replace(b"\r\n.", b"\r\n..")
    return b"." + content if content.startswith(b".") else content
