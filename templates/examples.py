"""Facts as they could be, for every mail there is: what `Templates.check` renders.

A mail stands here once for every way in which it can turn out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

Facts = Mapping[str, object]

EXAMPLES_OF_ALL: dict[str, object] = {
    "company": "Example & Sons",
    "domain": "peers.example.test",
    "desk": "desk@peers.example.test",
}
_ALEX = {"ambassador": "Alex"}
_GUEST = "mailto:guest-abcdefghij2345672345@peers.example.test?body=%2F"
_TAPS = (("/later 3d", f"{_GUEST}later%203d"), ("/pass", f"{_GUEST}pass"))
_OTHERS = (
    ("Sam", "peer-sam@peers.example.test"),
    ("Robin", "peer-robin@peers.example.test"),
)
_NUDGE = _ALEX | {"candidate": "Dana", "waiting": "2026-11-17", "number": 1, "links": ()}
_BUSY = _ALEX | {"until": "", "alternatives": ()}
_BUSY_UNTIL = _ALEX | {"until": date(2026, 12, 1), "alternatives": _OTHERS}
_HELD: dict[str, object] = {
    "id": "d5k0v2q8c4a1",
    "ambassador": "Alex",
    "by_ambassador": False,
    "received": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    "until": datetime(2026, 11, 25, 9, 30, tzinfo=UTC),
    "words": 140,
    "files": 0,
    "earlier": 0,
    "proven": True,
    "reasons": ("it reads like an offer", "it gives a price"),
    "text": "",
    "links": (
        ("approve", "mailto:desk@peers.example.test?body=approve"),
        ("decline", "mailto:desk@peers.example.test?body=decline"),
    ),
}
_HELD_TOO = _HELD | {
    "by_ambassador": True,
    "files": 2,
    "earlier": 1,
    "proven": False,
    "text": "Hello Alex,\n\nwe sell moulds.",
}

_OWN: dict[str, object] = {"other": "Dana", "until": date(2026, 12, 1)}
_AWAY = _ALEX | {"candidate": "Dana"}
_TALKS = tuple(
    ("d5k0v2q8c4a1", "Dana", date(2026, 11, 17), state)
    for state in ("pending", "waiting", "nudged", "escalated", "answered", "closed")
)
_UNDONE: dict[str, object] = {
    "line": "/latr 3d",
    "choices": ("d5k0v2q8c4a1, Dana",),
    "commands": (("/later 3d", "later", "you are reminded again then"),),
    "text": "Hello Dana,\n\nlet us talk.",
}
_PROBLEMS = (
    "unknown",
    "when",
    "day",
    "who",
    "which",
    "none",
    "team",
    "public",
    "opinion",
    "unclear",
)
_DONE = ("pass", "close", "handoff", "resume", "block", "recommend", "share", "unshare", "worth")
_TIMED = ("later", "pause")

EXAMPLES: dict[str, tuple[Facts, ...]] = {
    # to the candidate
    "acknowledgement": (_ALEX | {"held": False}, _ALEX | {"held": True}),
    "ask_back": (_ALEX,),
    "careers": tuple(
        _ALEX | {"careers": careers, "asks": asks}
        for careers in ("https://example.test/careers", "")
        for asks in (True, False)
    ),
    "employer_warning": (_ALEX | {"held": True}, _ALEX | {"held": False}),
    "declined": (_ALEX | {"reason": ""}, _ALEX | {"reason": "Wir suchen\ngerade niemanden."}),
    "expired": (_ALEX | {"asked": False}, _ALEX | {"asked": True}),
    "escalation_candidate": tuple(
        _ALEX | {"backup": backup, "away": away, "until": until}
        for backup in ("Sam", "")
        for away, until in ((False, ""), (True, ""), (True, date(2026, 12, 1)))
    ),
    "passed": (_ALEX | {"reason": ""}, _ALEX | {"reason": "Zu viel zu tun."}),
    "later_candidate": (_ALEX | {"until": date(2026, 12, 1)},),
    "stopped": ({},),
    "handover_candidate": (_ALEX | {"backup": "Sam"},),
    "closed_unanswered": (_ALEX,),
    "paused_offer": (_BUSY, _BUSY_UNTIL),
    "budget_full": (_BUSY, _BUSY_UNTIL),
    "recommend_consent": (_ALEX | {"again": False}, _ALEX | {"again": True}),
    "forgotten": ({},),
    "export": ({},),
    # to the ambassador and the backup
    "nudge": (_NUDGE, _NUDGE | {"number": 3, "links": _TAPS}),
    "escalation_backup": (_ALEX | {"backup": "Sam", "candidate": "Dana"},),
    "handover_backup": (
        _ALEX | {"backup": "Sam", "candidate": "Dana", "waiting": ""},
        _ALEX | {"backup": "Sam", "candidate": "Dana", "waiting": "2026-11-17"},
    ),
    "away_offer": (
        _AWAY | {"until": "", "backup": "", "links": ()},
        _AWAY | {"until": date(2026, 12, 1), "backup": "Sam", "links": _TAPS},
    ),
    "ended": ({"candidate": "Dana"},),
    "recommended": ({"candidate": "Dana"},),
    # to whoever wrote
    "undeliverable": (
        {"other": "Dana", "gave_up": True},
        {"other": "Dana", "gave_up": False},
    ),
    "outsiders": (
        {"addresses": ("boss@corp.example.test",)},
        {"addresses": ("boss@corp.example.test", "hr@corp.example.test")},
    ),
    "own_address": (
        _OWN | {"held": True, "addresses": ("dana@example.test",), "files": ()},
        _OWN | {"held": True, "addresses": ("dana@example.test",), "files": ("cv.pdf",)},
        _OWN | {"held": False, "addresses": (), "files": ("cv.pdf", "talk.odt")},
    ),
    "own_address_again": ({"held": True}, {"held": False}),
    "files_left_out": (
        {"other": "Dana", "files": ("cv.doc",)},
        {"other": "Dana", "files": ("cv.doc", "key.asc")},
    ),
    "typed_masked": ({"count": 1}, {"count": 2}),
    "withheld": ({"other": "Dana"},),
    "unmaskable": ({"reason": "It is encrypted, so nobody but its reader can open it."},),
    "refused_here": ({"reason": "There is no such address here."},),
    "unknown_command": (
        _UNDONE | {"line": "", "problem": "", "choices": (), "text": ""},
        *(_UNDONE | {"problem": problem} for problem in _PROBLEMS),
    ),
    "done": tuple({"orders": ((f"/{word}", word, "", "Dana"),)} for word in _DONE)
    + tuple({"orders": ((f"/{word} 3d", word, date(2026, 12, 1), "Dana"),)} for word in _TIMED),
    "worth": tuple(
        {"who": "Dana", "again": again, "links": (("yes", f"{_GUEST}yes"), ("no", f"{_GUEST}no"))}
        for again in (False, True)
    ),
    "share_request": ({"who": "Dana"},),
    "shared": ({"name": "Dana Doe", "address": "dana.doe@example.test"},),
    "coffee_proposal": ({"who": "Dana"},),
    "coffee_answer": tuple(
        {"who": "Dana", "answer": answer}
        for answer in ("accepted", "declined", "tentative", "counter")
    ),
    "status": (
        {"threads": (), "most": 0, "at_once": 9, "opened": 0, "away": False, "until": ""},
        {"threads": _TALKS, "most": 3, "at_once": 12, "opened": 1, "away": True, "until": ""},
        {
            "threads": _TALKS,
            "most": 3,
            "at_once": 0,
            "opened": 2,
            "away": True,
            "until": date(2026, 12, 1),
        },
    ),
    # to HR and the moderators
    "recommendation": (
        _ALEX
        | {
            "candidate": "Dana Doe",
            "address": "dana.doe@example.test",
            "thread": "d5k0v2q8c4a1",
            "note": "Asks the right questions.",
            "words": "I have built two compilers.\n\nI should like to build a third.",
        },
        _ALEX
        | {"candidate": "", "address": "d@example.test", "thread": "x", "note": "", "words": ""},
    ),
    "digest_held": (
        {"items": (_HELD,), "more": 0, "shows": False},
        {"items": (_HELD, _HELD_TOO), "more": 3, "shows": True},
    ),
    "report_mail": (
        {
            "figures": (
                ("New contacts", "12", "9"),
                ("Unanswered now", "1", "–"),
            ),
            "since": date(2026, 11, 16),
            "until": date(2026, 11, 22),
        },
    ),
}
