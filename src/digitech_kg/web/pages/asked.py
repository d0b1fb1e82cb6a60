"""What a text that somebody typed asks for: an issue, a saved question, a topic, things, or nothing that is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from digitech_kg.book import NAMES, Book, Hit
from digitech_kg.matching.asking import Match, Span, candidates, is_slip, spans_of
from digitech_kg.matching.spelling import is_in_chinese, plain
from digitech_kg.namespaces import DK, SKOS

#: From which score something is the answer, and from which it is worth a line below it.
_SURE: Final = 0.62
_CLOSE: Final = 0.4
_MOST_CLOSE: Final = 6
#: What is added to the score of a kind, so that of two that fit as well the better answer comes first.
_BONUS: Final = {"issue": 0.03, "question": 0.0, "topic": -0.05}
#: The scores of a text that is the name of a thing, alone or within words that stand in any question.
_NAME: Final = 1.1
_NAME_ASKED: Final = 0.98
#: The least share of a text that a thing has to be if nothing else is known of it.
_PART: Final = 0.4
_EXACT: Final = 0.999
#: From which likeness a name is meant that is spelt otherwise.
_GUESSED: Final = 80.0
_PAGES: Final = frozenset(("issue", "question"))
_MATCHED: Final = frozenset(cls.value for cls in (DK.Issue, DK.SavedQuestion, SKOS.Concept))
#: Kinds of things about which nobody asks by themselves.
_NO_SUBJECTS: Final = frozenset(cls.value for cls in (DK.Characteristic, DK.Degree))


@dataclass(frozen=True)
class Meant:
    """What is asked for. Of "claims" only the words are known; of "nothing" not even these."""

    #: "issue", "question", "topic", "said", "claims" or "nothing".
    kind: str
    #: The IRI of the issue, saved question or topic.
    iri: str = ""
    #: The name of the document whose words are asked for.
    document: str = ""
    #: IRIs of the things that are spoken of.
    things: tuple[str, ...] = ()
    #: Words that were misspelt, each with what it was taken for.
    cured: tuple[tuple[str, str], ...] = ()
    #: Whether only the likeness of a name led to the thing.
    is_guessed: bool = False
    #: What else fits, best first, and the topics near to words that no document has.
    close: tuple[Match, ...] = ()
    near: tuple[str, ...] = ()
    #: The words by which claims are found, and what a search for names finds.
    words: str = ""
    hits: tuple[Hit, ...] = ()


def read_question(book: Book, text: str, limit: int) -> Meant:
    """Return what a text asks for, with at most so many hits of a search for names."""
    cured = tuple(_cures(book, plain(text)))
    meant = text
    for wrong, right in cured:
        meant = plain(meant).replace(wrong, right)
    spans = spans_of(meant, book.named_in(candidates(meant)), book.asked.words)
    return replace(_Reading(book, meant, spans, limit).meant(), cured=cured) if spans else Meant("nothing")


def _cures(book: Book, text: str) -> Iterable[tuple[str, str]]:
    """Yield the words of a text that stand nowhere, each with the one that is like it."""
    if book.named_in([text]):
        return
    for word in text.split():
        is_known = word in book.asked.words or is_in_chinese(word) or book.says(word)
        if not is_known and (right := book.asked.cure(word)):
            yield word, right


class _Reading:
    """One text, read against all that can be answered."""

    def __init__(self, book: Book, text: str, spans: Sequence[Span], limit: int) -> None:
        self._book, self._index, self._text, self._spans = book, book.asked, text, spans
        self._content = [span for span in spans if not span.is_common]
        self._matches = self._index.rank(spans)
        # Issues, questions and topics are found by their words already.
        self._hits = tuple(hit for hit in book.search(text, limit=limit) if hit.kind not in _MATCHED)
        kinds = book.describe({iri for span in spans for iri in span.things})
        self._subjects = [
            replace(span, things=own)
            for span in self._content
            if (own := tuple(i for i in span.things if i in kinds and not _NO_SUBJECTS & set(kinds[i].kinds)))
        ]

    def meant(self) -> Meant:
        """Return what is asked for, with what else fits."""
        found = self._best() or self._guess() or self._part() or self._words()
        others = (m for m in self._matches if m.answerable.kind in _PAGES and m.answerable.iri != found.iri)
        close = tuple(match for match in others if match.score >= _CLOSE)
        words = " ".join(span.text for span in self._content)
        return replace(found, close=close[:_MOST_CLOSE], words=words, hits=self._hits)

    def _best(self) -> Meant | None:
        """Return what fits best, if it fits well."""
        options = [self._named(), self._said()]
        for match in self._matches:
            if match.answerable.kind in _BONUS:
                kind, is_exact = match.answerable.kind, match.score >= _EXACT
                made = Meant(kind, match.answerable.iri, things=self._things())
                # A question that is called so knows better than the page of a thing what is asked for.
                options.append((match.score + (_NAME if is_exact and kind == "question" else _BONUS[kind]), made))
        near = tuple(m.answerable.iri for m in self._matches if m.answerable.kind == "near" and m.score >= _SURE)
        score, best = max(options, key=lambda option: option[0])
        if score < _SURE and near and not self._is_said():
            return Meant("nothing", near=near)
        return best if score >= _SURE else None

    def _named(self) -> tuple[float, Meant]:
        """Return the thing whose name the whole text is."""
        words = sorted(plain(self._text).split())
        if len(self._content) == 1 and self._subjects:
            return (_NAME if len(self._spans) == 1 else _NAME_ASKED), self._of(self._subjects)
        if self._hits and sorted(self._hits[0].matched.split()) == words and self._is_thing(self._hits[0]):
            return _NAME, self._of([Span(self._text, (self._hits[0].iri,))])
        return 0.0, Meant("nothing")

    def _said(self) -> tuple[float, Meant]:
        """Return the things and the document, or the things and the topic, that the text has together."""
        rest = [span for span in self._spans if span not in self._content or not self._is_subject(span)]
        subjects = self._of(self._subjects)
        topic = next((m for m in self._index.rank(rest) if m.answerable.kind == "topic" and m.score >= _SURE), None)
        if not self._subjects or (not topic and not (subjects.document and subjects.things)):
            return 0.0, subjects
        had = self._share(self._subjects) if not topic else 1.0
        return _NAME_ASKED * had, replace(subjects, iri=topic.answerable.iri if topic else "")

    def _guess(self) -> Meant | None:
        """Return the thing whose name is like the text."""
        first = next(filter(self._is_thing, self._hits), None)
        if first is None or not (first.matched or self._is_alike(first)):
            return None
        return replace(self._of([Span(self._text, (first.iri,))]), is_guessed=first.guessed)

    def _is_thing(self, hit: Hit) -> bool:
        return hit.iri.startswith(self._book.names.prefixes["id"])

    def _is_alike(self, hit: Hit) -> bool:
        """Whether a name is so much like the text that this is a slip: "Huaway", but not "Ericsson" for "Verizon"."""
        names = self._book.values([hit.iri], *NAMES).get(hit.iri, {})
        texts = [value.value for values in names.values() for value in values]
        return hit.score >= _GUESSED or any(
            is_slip(self._text, part) for text in texts for part in (text, *text.split())
        )

    def _part(self) -> Meant | None:
        """Return the things that a part of the text names."""
        return self._of(self._subjects) if self._subjects and self._share(self._subjects) >= _PART else None

    def _words(self) -> Meant:
        if any(hit.kind == DK.Claim.value for hit in self._hits):
            return Meant("claims")
        return Meant("nothing")

    def _things(self) -> tuple[str, ...]:
        return tuple(span.things[0] for span in self._subjects)

    def _is_subject(self, span: Span) -> bool:
        return any(span.text == subject.text for subject in self._subjects)

    def _is_said(self) -> bool:
        """Whether claims or names have all the words that are not common."""
        return all(self._book.says(word) for span in self._content for word in span.text.split())

    def _share(self, spans: Sequence[Span]) -> float:
        def weigh(some: Sequence[Span]) -> float:
            return sum(self._index.weight(word) for span in some for word in span.text.split())

        return weigh(spans) / weigh(self._content or self._spans)

    def _of(self, spans: Sequence[Span]) -> Meant:
        """Return the document and the things that spans name."""
        documents = {iri: name for name, iri in self._book.documents.items()}
        spoken = [next((iri for iri in span.things if iri in documents), "") for span in spans]
        document = next(filter(None, spoken), "")
        things = tuple(span.things[0] for span, own in zip(spans, spoken, strict=True) if not own)
        if document and not things:
            return Meant("said", things=(document,))
        return Meant("said", document=documents.get(document, ""), things=things)
