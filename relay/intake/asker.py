"""Who asks the desk for something: a proven address, and what is stored under it."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records import Ambassador, Candidate, Thread


@dataclass(frozen=True, slots=True)
class Asker:
    """A candidate, an ambassador, both, or nobody known; with the threads of each."""

    address: str
    candidate: Candidate | None = None
    ambassador: Ambassador | None = None
    threads: tuple[Thread, ...] = ()
