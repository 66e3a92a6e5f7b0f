"""A message as its reader takes it in: what is said in it, at most 10,000 letters of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from screening import markup
from screening.disguise import undisguised
from screening.folding import fold, tokens
from screening.languages import spoken
from screening.lexicon import lexicon
from screening.markup import Link, Seen
from screening.message import Message
from screening.quotes import parted
from screening.speech import FOR, Speech, length, speech

_HEAD, _TAIL = 8000, 2000  # letters that are examined at either end
_MARKS = 4000  # letters that are searched for precise names
_THIN = 40  # words; with fewer of their own, what is quoted or forwarded is read as well
_STUB = 15  # words of a plain part that only points to the HTML
_SQUEEZED = re.compile(r"[\W_]+")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]|]{3,500}", re.IGNORECASE)
_MARKED = re.compile(
    r"\b(?:[A-Z]{2,6}s?|[a-z]+[A-Z]\w+|[A-Za-z]{1,12}-?\d{1,5}\w{0,3}|[a-z]+_\w+)\b"
)
_GREEK = re.compile("[\u0386-\u03ce]{3}")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `said` counts phrases of each kind; a lone word counts 1, a longer one 2."""

    texts: tuple[str, ...]  # the plain body, and the HTML one where it differs; without disguise
    words: tuple[str, ...]  # tokens of subject and text
    languages: tuple[str, ...]
    said: Mapping[str, int]
    passages: tuple[tuple[Mapping[str, int], ...], ...]  # by paragraph, for each text
    hidden_said: Mapping[str, int]
    length: int  # words; two signs of Chinese, Japanese or Thai count as one
    questions: int
    own_questions: int  # those that have nothing of an offer, an application or a lure in them
    numbers: int
    marked: int  # different words such as WAL, p99, fooBar
    disguises: int
    differs: bool  # the plain body and the HTML one say different things
    forwarded: bool  # little is new, so that what it quotes was read as well
    signature: str
    links: tuple[Link, ...]
    seen: Seen

    def __contains__(self, kind: str) -> bool:
        return self.said.get(kind, 0) > 0


@dataclass(frozen=True, slots=True)
class _View:
    text: str
    words: list[str]
    speech: Speech
    languages: tuple[str, ...]
    disguises: int
    forwarded: bool
    signature: str


def of(message: Message) -> Reading:
    """What a reader of the message sees. Costs about a millisecond, whatever the size."""
    seen = markup.seen(message.html) if message.html else Seen()
    subject = undisguised(message.header("Subject")[:300])
    bodies = _bodies(message.text, seen.text)
    views = [_view(subject.text, body) for body in bodies]
    main = views[0]
    return Reading(
        texts=tuple(view.text for view in views),
        words=tuple(main.words),
        languages=main.languages,
        said=_worse([view.speech.said for view in views]),
        passages=(*(view.speech.passages for view in views), _below(main)),
        hidden_said=_hidden(seen.hidden, main.languages),
        length=length(main.words),
        questions=main.words.count("?"),
        own_questions=min(view.speech.own_questions for view in views),
        numbers=sum(word[0].isdigit() for word in main.words),
        marked=len(set(_MARKED.findall(main.text[:_MARKS]))),
        disguises=subject.disguises + max(view.disguises for view in views),
        differs=len(views) > 1,
        forwarded=main.forwarded,
        signature=main.signature,
        links=seen.links or tuple(Link(url, url) for url in _URL.findall(bodies[0])[:100]),
        seen=seen,
    )


def _bodies(plain: str, html: str) -> tuple[str, ...]:
    """The body to read, or both where they do not say the same."""
    plain, html = _ends(plain), _ends(html)
    if not html or _SQUEEZED.sub("", plain) == _SQUEEZED.sub("", html):
        return (plain,)
    ours, theirs = set(tokens(fold(plain))), set(tokens(fold(html)))
    if len(ours) < _STUB and len(theirs) > 2 * len(ours):
        return (html,)
    apart = max(len(theirs - ours) / (len(theirs) or 1), len(ours - theirs) / (len(ours) or 1))
    return (plain, html) if apart > 0.3 and len(theirs) > _STUB else (plain,)


def _ends(text: str) -> str:
    if len(text) <= _HEAD + _TAIL:
        return text
    return text[:_HEAD] + "\n\n" + text[-_TAIL:]


def _view(subject: str, body: str) -> _View:
    plain = undisguised(body)
    parts = parted(plain.text)
    forwarded = bool(parts.quoted) and length(tokens(fold(parts.new))) < _THIN
    text = f"{parts.new}\n\n{parts.quoted}" if forwarded else parts.new
    if _GREEK.search(text):
        text = text.replace(";", "?")
    words = tokens(fold(f"{subject}\n\n{text}"))
    languages = spoken(words, lexicon().frequent)
    said = speech(words, languages)
    return _View(text, words, said, languages, plain.disguises, forwarded, parts.signature)


def _below(view: _View) -> tuple[Mapping[str, int], ...]:
    """What is said under the signature: nobody is judged by it, but it may be all that is meant."""
    if not view.signature:
        return ()
    return speech(tokens(fold(view.signature[:_TAIL])), view.languages).passages


def _hidden(text: str, languages: tuple[str, ...]) -> Mapping[str, int]:
    return speech(tokens(fold(text[:_TAIL])), languages).said if text else {}


def _worse(views: list[Counter[str]]) -> dict[str, int]:
    """Of what speaks for a message the least that a body says counts, of all else the most."""
    kinds = {kind for view in views for kind in view}
    return {kind: (min if kind in FOR else max)(view[kind] for view in views) for kind in kinds}
