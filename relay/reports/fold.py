"""Events into stories and counts, one event after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from storage.history import Count, Story
from storage.records import Event, EventKind, Stage

_STAGES = tuple(Stage)
# What tells the events of one kind apart, and what is added up.
_KEYS = {
    EventKind.CONTACTED: "outcome",
    EventKind.HELD: "rules",
    EventKind.REFUSED: "rules",
    EventKind.AUTOMATIC: "rule",
    EventKind.CLOSED: "why",
    EventKind.FAILED: "kind",
    EventKind.DELIVERED: "kind",
    EventKind.STAGE_REACHED: "stage",
    EventKind.FORGOTTEN: "hours",
}


def fold(events: Iterable[Event]) -> tuple[tuple[Story, ...], tuple[Count, ...]]:
    """The stories that begin in these events, given in order of time, and the counts of all."""
    stories: dict[str, Story] = {}
    refused: list[Story] = []
    numbers: Counter[tuple[str, str, str]] = Counter()
    amounts: Counter[tuple[str, str, str]] = Counter()
    for event in events:
        key = (
            event.kind,
            event.ambassador_id or "",
            event.detail.get(_KEYS.get(event.kind, ""), ""),
        )
        numbers[key] += 1
        amounts[key] += int(event.detail.get("words", event.detail.get("attempts", "0")))
        if event.kind is EventKind.CONTACTED:
            story = _begun(event)
            if event.thread_id:
                stories[event.thread_id] = story
            else:
                refused.append(story)
        elif event.thread_id in stories:
            stories[event.thread_id] = _continued(stories[event.thread_id], event)
    counts = tuple(Count(*key, number, amounts[key]) for key, number in numbers.items())
    return (*stories.values(), *refused), counts


def _begun(event: Event) -> Story:
    outcome = event.detail.get("outcome", "")
    return Story(
        opened_at=event.at,
        outcome=outcome,
        thread_id=event.thread_id or "",
        ambassador_id=event.ambassador_id or "",
        source=event.detail.get("source", ""),
        first_words=int(event.detail.get("words", "0")),
        reached_at=event.at if outcome == "forwarded" else None,
    )


def _continued(story: Story, event: Event) -> Story:
    match event.kind:
        case EventKind.APPROVED:
            return replace(story, reached_at=story.reached_at or event.at)
        case EventKind.CANDIDATE_WROTE:
            return replace(
                story,
                candidate_turns=story.candidate_turns + 1,
                reached_at=story.reached_at or event.at,
            )
        case EventKind.AMBASSADOR_WROTE:
            return _answered(story, event)
        case EventKind.NUDGED if story.answered_at is None:
            return replace(story, nudges=story.nudges + 1)
        case EventKind.ESCALATED:
            return replace(story, escalated_to=event.detail.get("to", ""))
        case EventKind.CLOSED:
            return replace(story, closed_at=event.at, closed_why=event.detail.get("why", ""))
        case EventKind.STAGE_REACHED:
            stage = Stage(event.detail["stage"])
            return replace(story, stage=max(story.stage, stage, key=_STAGES.index))
        case _:
            return story


def _answered(story: Story, event: Event) -> Story:
    if event.detail.get("words") == "0":  # a command alone
        return story
    return replace(
        story,
        ambassador_turns=story.ambassador_turns + 1,
        answered_at=story.answered_at or event.at,
        answered_by=story.answered_by or event.detail.get("by", ""),
    )
