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
_HELD = (
    "d5k0v2q8c4a1",
    "Alex",
    datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    ("it names another host than it shows", "it is a first contact"),
)
_DECISIONS = (
    ("approve d5k0v2q8c4a1", "mailto:desk@peers.example.test?body=approve"),
    ("decline d5k0v2q8c4a1", "mailto:desk@peers.example.test?body=decline"),
)

EXAMPLES: dict[str, tuple[Facts, ...]] = {
    # to the candidate
    "acknowledgement": (_ALEX | {"held": False}, _ALEX | {"held": True}),
    "ask_back": (_ALEX,),
    "employer_warning": (_ALEX,),
    "declined": (_ALEX | {"reason": ""}, _ALEX | {"reason": "Wir suchen\ngerade niemanden."}),
    "expired": (_ALEX,),
    "escalation_candidate": (_ALEX | {"backup": "Sam"}, _ALEX | {"backup": ""}),
    "handover_candidate": (_ALEX | {"backup": "Sam"},),
    "closed_unanswered": (_ALEX,),
    "paused_offer": (_BUSY, _BUSY_UNTIL),
    "budget_full": (_BUSY, _BUSY_UNTIL),
    "recommend_consent": (_ALEX,),
    "forgotten": ({},),
    # to the ambassador and the backup
    "nudge": (_NUDGE, _NUDGE | {"number": 3, "links": _TAPS}),
    "escalation_backup": (_ALEX | {"backup": "Sam", "candidate": "Dana"},),
    # to whoever wrote
    "undeliverable": (
        {"other": "Dana", "gave_up": True},
        {"other": "Dana", "gave_up": False},
    ),
    "outsiders": (
        {"addresses": ("boss@corp.example.test",)},
        {"addresses": ("boss@corp.example.test", "hr@corp.example.test")},
    ),
    "typed_masked": ({"count": 1}, {"count": 2}),
    "withheld": ({"other": "Dana"},),
    "unmaskable": ({"reason": "It is encrypted, so nobody but its reader can open it."},),
    "refused_here": ({"reason": "There is no such address here."},),
    "unknown_command": (
        {"word": "latr", "commands": (("/later 3d", "you are reminded in three days"),)},
        {"word": "", "commands": (("status", "your open conversations"),)},
    ),
    "share_request": ({"who": "Dana"},),
    "shared": ({"name": "Dana Doe", "address": "dana.doe@example.test"},),
    "coffee_proposal": ({"who": "Dana"},),
    "status": ({"threads": ()}, {"threads": ("2026-11-17: waiting", "2026-11-02: answered")}),
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
        {"items": (_HELD,), "links": ()},
        {"items": (_HELD, _HELD), "links": _DECISIONS},
    ),
    "report_mail": ({},),
}
