"""Which of our languages a text is written in: enough to answer in the same one."""

from __future__ import annotations

import re
from collections import Counter

# Words that hardly any text of a language does without, and that the others do not have.
_COMMON = {
    "en": """the and you your is are of to that this have with for would like about how what we my
        but from they not can be it was an at by our i'm i've""",
    "de": """der die das und ich du sie ihr ihre ist nicht mit für ein eine einen auf dem den zu von
        wie wir mein deine dein euch habe haben würde gern gerne bin bis im am bei auch aber über
        wäre hallo""",
    # Not ours, but near enough to be taken for one of them.
    "nl": "de die het een en ik je van niet dat voor met op zijn hoe jullie naar wat over",
}
_OURS = frozenset({"en", "de"})
_KNOWN = tuple((name, frozenset(words.split())) for name, words in _COMMON.items())
_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_LOOKED_AT = 4000  # characters
_FEWEST, _TIMES = 2, 2  # words that are known, and how much oftener than those of another


def tongue(text: str) -> str:
    """The language's code (`en`, `de`), or "" if it is another one or cannot be told."""
    words = _WORD.findall(text[:_LOOKED_AT].casefold())
    votes = Counter(name for word in words for name, known in _KNOWN if word in known)
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < max(_FEWEST, len(words) / 10):
        return ""
    clear = len(ranked) < 2 or ranked[0][1] >= _TIMES * ranked[1][1]
    return ranked[0][0] if clear and ranked[0][0] in _OURS else ""
