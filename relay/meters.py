"""What is counted while the service runs, for /metrics. Nothing in it names anybody.

Several processes on one port share their counts through files in a folder of the supervisor's.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # the library's name for that folder

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)

_ANSWERS = Counter("peerpost_messages", "Answers to DATA by their code.", ["code"])
_DECIDED = Histogram(
    "peerpost_decision_seconds", "From the final dot to the answer.", buckets=_SECONDS
)
_ATTEMPTS = Counter("peerpost_attempts", "Attempts at delivery by what came of them.", ["state"])
_ATTEMPTED = Histogram("peerpost_attempt_seconds", "One attempt at delivery.", buckets=_SECONDS)


def answered(code: int, seconds: float) -> None:
    """A message got its answer, so long after its last byte."""
    _ANSWERS.labels(code).inc()
    _DECIDED.observe(seconds)


def attempted(state: str, seconds: float) -> None:
    """A delivery was attempted; `state` is what its item is in now."""
    _ATTEMPTS.labels(state).inc()
    _ATTEMPTED.observe(seconds)
