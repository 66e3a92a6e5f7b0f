"""The one door to flanker, which takes a tenth of a second to import: the first mail waits for it.

It warns about its own source and logs the addresses that it cannot read; and since the tables it
ships name their tokens in another order than ply does by now, ply would make them again and write
them into site-packages, which fails when two processes do it at once. All that is prevented here.
"""

from __future__ import annotations

import functools
import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ply import yacc

logging.getLogger("flanker.addresslib._parser.lexer").disabled = True
_importing = threading.Lock()


@functools.cache
def addresses() -> tuple[Any, Any]:
    """Its grammar of addresses, and the lexer that is cloned for each list."""
    with _tamed():
        from flanker.addresslib._parser import parser as grammar
        from flanker.addresslib._parser.lexer import lexer
    return grammar, lexer


@functools.cache
def mime() -> Any:
    """Its reader of messages."""
    with _tamed():
        from flanker import mime as reader
    return reader


@contextmanager
def _tamed() -> Iterator[None]:
    with _importing, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        original = yacc.yacc
        # Optimized, it takes the tables as they are.
        yacc.yacc = functools.partial(original, optimize=True, write_tables=False)
        try:
            yield
        finally:
            yacc.yacc = original
