"""What a first contact leaves behind: a fingerprint to know copies by, and a lesson."""

from __future__ import annotations

from relay.intake.question import Question
from screening.correction import learn
from storage.records.changes import Changes
from storage.records.screening import Lesson, Likeness


def remembered(question: Question) -> Changes:
    """Kept with a new conversation, until it or its candidate is forgotten; see storage."""
    if not question.first_word:
        return Changes()
    first, verdict, thread = question.facts.first, question.verdict, question.route.thread
    likeness = Likeness(
        thread.id, question.pen.now, first.marks, first.bands, first.near, first.apart
    )
    lesson = Lesson(
        thread.id,
        learn(verdict.strengths, verdict.score, welcome=True),
        learn(verdict.strengths, verdict.score, welcome=False),
    )
    return Changes(
        likenesses=(likeness,) if first.marks else (),
        lessons=(lesson,) if verdict.strengths else (),
    )
