"""Every outside scanner that is configured, asked about one message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from config import logs
from config.settings import ScannerFailure, ScreeningSettings
from screening.case import Disposition, Finding
from screening.message import Envelope
from screening.scanners.clamd import clamd
from screening.scanners.rspamd import rspamd
from screening.scanners.unanswered import Unanswered

log = logs.get(__name__)


def scan(settings: ScreeningSettings, envelope: Envelope, raw: bytes) -> tuple[Finding, ...]:
    """Asks each scanner in turn, until one says enough: what they found, or what silence means."""
    asked: list[Callable[[], Finding | None]] = []
    if settings.clamd is not None:
        asked.append(partial(clamd, settings.clamd, raw))
    if settings.rspamd is not None:
        asked.append(partial(rspamd, settings.rspamd, envelope, raw))
    findings: list[Finding] = []
    for ask in asked:
        found = _heard(ask, settings.scanner_failure)
        findings += [found] if found else []
        if found and found.disposition >= Disposition.REJECT:
            break
    return tuple(findings)


def _heard(ask: Callable[[], Finding | None], failure: ScannerFailure) -> Finding | None:
    try:
        return ask()
    except Unanswered as which:
        log.warning("a scanner did not answer", scanner=str(which))
        if failure is ScannerFailure.SKIP:
            return None
        reason = "it cannot be looked at for viruses and spam at the moment; please try again later"
        return Finding(str(which), Disposition.DEFER, reason)
