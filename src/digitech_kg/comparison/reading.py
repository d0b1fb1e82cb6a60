"""Read comparisons and what their claims say from a book, in the language of one reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Book, ClaimFilter, ClaimPair
from digitech_kg.comparison.reasons import LANGUAGES
from digitech_kg.namespaces import DCTERMS, DK, OWL, RDFS

#: Contradictions first: what a reader wants to know first.
ORDER: Final = {kind: place for place, kind in enumerate(("contradicts", "differsFrom", "firmerThan", "corroborates"))}


@dataclass(frozen=True, slots=True)
class Label:
    """What something is called, with the language of the text where it is not the reader's."""

    iri: str
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class ComparedClaim:
    """A claim for a reader: its sentence, and where which document says it."""

    claim: str
    sentence: Label
    document: str
    document_label: Label
    passages: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two claims of different documents and what the first is to the second; `kind` is its local name."""

    comparison: str
    kind: str
    reason: str
    first: ComparedClaim
    second: ComparedClaim


@dataclass(frozen=True, slots=True)
class Mention:
    """A claim about a thing: what it relates it to, and whether the thing is its subject."""

    claim: str
    predicate: str
    other: str
    is_subject: bool
    negated: bool

    @property
    def point(self) -> tuple[str, bool]:
        """What it is about: claims with the same point can be put side by side."""
        return self.predicate, self.is_subject

    @property
    def answer(self) -> tuple[str, bool]:
        """What it says on the point."""
        return self.other, self.negated


class ComparisonReader:
    """Reads for one reader, in one language."""

    def __init__(self, book: Book, language: str = "en") -> None:
        self._book = book
        self.names = book.names
        self.language = language

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents that have claims or passages, sorted."""
        return tuple(sorted({group.document for group in self._book.claim_groups} | self._book.documents.keys()))

    @cached_property
    def comparisons(self) -> tuple[ClaimPair, ...]:
        """All comparisons as the book has them, contradictions first, sorted."""
        return tuple(sorted(self._book.comparisons(), key=lambda one: ORDER.get(one.kind, len(ORDER))))

    def claim_count(self, document: str) -> int:
        """Return how many claims a document makes."""
        return self._book.count_claims(ClaimFilter(document=document))

    def about(self, thing: str) -> list[Mention]:
        """Return the claims of documents about a thing, sorted; those of sources outside are not among them."""
        found = set()
        for entry in self._book.entries(ClaimFilter(thing=thing)):
            other = entry.object.value if entry.object is not None else ""
            if entry.subject == thing:
                found.add(Mention(entry.iri, entry.predicate, other, is_subject=True, negated=entry.put.firm.denied))
            if isinstance(entry.object, NamedNode) and other == thing:
                # A symmetric property says the same of both, whichever comes first.
                as_subject, denied = entry.predicate in self._symmetric, entry.put.firm.denied
                found.add(Mention(entry.iri, entry.predicate, entry.subject, as_subject, denied))
        return sorted(found, key=lambda mention: (mention.predicate, not mention.is_subject, mention.claim))

    def is_known(self, thing: str) -> bool:
        """Whether any graph says anything of a thing."""
        return self._book.is_known(thing)

    def named_things(self) -> list[tuple[str, str]]:
        """Return IRI and label of every thing of the project's own, in all languages."""
        return self._book.named_things()

    def labels(self, iris: Iterable[str], *properties: NamedNode) -> dict[str, Label]:
        """Return what things are called, by IRI; `properties` are tried in their order."""
        wanted, among = set(iris), properties or (RDFS.label, DCTERMS.title)
        found = self._book.values(wanted, *among)
        return {
            iri: self._label(iri, [_by_language(found.get(iri, {}).get(prop, ())) for prop in among]) for iri in wanted
        }

    def read_claims(self, claims: Iterable[str]) -> dict[str, ComparedClaim]:
        """Return claims for a reader, by IRI."""
        wanted = sorted(set(claims))
        sentences = self.labels(wanted, DK.sentence, RDFS.comment)
        entries = self._book.find_entries(wanted)
        passages = {claim: entries[claim].passages if claim in entries else () for claim in wanted}
        documents = {claim: self.names.document_of(claim) or "" for claim in wanted}
        called = self.labels(
            [*(p for found in passages.values() for p in found), *map(self.document_iri, documents.values())]
        )
        return {
            claim: ComparedClaim(
                claim,
                sentences[claim],
                documents[claim],
                self._titled(documents[claim], called),
                tuple(called[passage] for passage in passages[claim]),
            )
            for claim in wanted
        }

    def read_pairs(self, found: Sequence[ClaimPair]) -> tuple[Comparison, ...]:
        """Return comparisons with what their claims say, and with their reasons."""
        claims = self.read_claims(claim for one in found for claim in (one.first, one.second))
        language = self.language if self.language in LANGUAGES else LANGUAGES[0]
        told = self._book.describe(one.iri for one in found)
        reasons = {iri: description.sentences.get(language, "") for iri, description in told.items()}
        return tuple(
            Comparison(one.iri, one.kind, reasons.get(one.iri, ""), claims[one.first], claims[one.second])
            for one in found
        )

    def document_label(self, document: str) -> Label:
        """Return the title of a document, or its name."""
        iri = self.document_iri(document)
        return self._titled(document, self._titles if iri in self._titles else self.labels([iri]))

    def document_iri(self, document: str) -> str:
        """Return the IRI of a document as a thing."""
        return self.names.thing(document).value

    @cached_property
    def _titles(self) -> dict[str, Label]:
        """What all documents are called, by IRI."""
        return self.labels(map(self.document_iri, self.documents))

    @cached_property
    def _symmetric(self) -> set[str]:
        return {prop for prop, _ in self._book.instances(OWL.SymmetricProperty)}

    def _titled(self, document: str, called: Mapping[str, Label]) -> Label:
        label = called[self.document_iri(document)]
        return label if label.text != _short(label.iri) else Label(label.iri, document)

    def _label(self, iri: str, by_property: Iterable[Mapping[str, str]]) -> Label:
        for texts in by_property:
            for language in (self.language, "en", "", *sorted(texts)):
                if language in texts:
                    return Label(iri, texts[language], language if language != self.language else "")
        return Label(iri, _short(iri))


def _by_language(values: Iterable[object]) -> dict[str, str]:
    """Return texts by language; of several in one, the first in the order of the book."""
    found: dict[str, str] = {}
    for value in values:
        if isinstance(value, Literal):
            found.setdefault(value.language or "", value.value)
    return found


def _short(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
