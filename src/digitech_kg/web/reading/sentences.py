"""Main claims as every page tells them: a sentence with its marks, who says it, its details; and groups of these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, view_claims
from digitech_kg.web.reading.documents import NO_DOCUMENT, DocumentName, name_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.marks import Answer, Mark, certainty_mark, is_second_hand, reserve_marks
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True, slots=True)
class Detail:
    """A claim that elaborates a main one."""

    name: Name
    is_reading: bool = False


@dataclass(frozen=True)
class Sentence:
    """A claim where it is told. Without marks it is said plainly."""

    claim: ClaimView
    document: DocumentName = NO_DOCUMENT
    marks: tuple[Mark, ...] = ()
    details: tuple[Detail, ...] = ()
    #: Where its document stands on the issue that is told.
    position: Answer | None = None
    #: Further passages that state it, where one of them is at hand.
    others: tuple[Name, ...] = ()

    @property
    def is_second_hand(self) -> bool:
        """Whether its words were read only as others quote them."""
        return self.document.is_second_hand or is_second_hand(self.claim)

    @property
    def passages(self) -> tuple[str, ...]:
        """The IRIs of its passages: claims with the same ones stand in one sentence."""
        return tuple(passage.iri for passage in self.claim.passages)


@dataclass(frozen=True)
class Group:
    """Sentences below one heading, such as those of a document; all but the first `shown` ones fold out."""

    sentences: tuple[Sentence, ...] = ()
    document: DocumentName = NO_DOCUMENT
    shown: int = 12
    #: Where the document stands on the issue that is told.
    position: Answer | None = None

    @property
    def open(self) -> tuple[Sentence, ...]:
        """The sentences that are shown at once."""
        return self.sentences[: self.shown]

    @property
    def folded(self) -> tuple[Sentence, ...]:
        """The sentences that fold out."""
        return self.sentences[self.shown :]


#: Where nothing is said.
NOTHING: Final = Group()


def tell(
    claim: ClaimView,
    documents: Mapping[str, DocumentName],
    details: Iterable[Detail] = (),
    *,
    position: Answer | None = None,
    in_full: bool = False,
) -> Sentence:
    """Return a claim with marks of what is not plain in it; `in_full` marks also certainty and limits."""
    key = claim.document_key or ""
    # A document without passages goes by its key.
    document = documents.get(key) or DocumentName(key, key)
    level = [] if claim.firm.certainty == "certain" and not in_full else [certainty_mark(claim)]
    marks = (*level, *reserve_marks(claim, document.speaks_for, with_limits=in_full))
    return Sentence(claim, document, marks, tuple(details), position)


class Telling:
    """Main claims, read at once with their details; `labels` also has the names of other things that are `named`."""

    def __init__(self, reader: GraphReader, mains: Sequence[str], language: str, named: Iterable[str] = ()) -> None:
        book, self.documents = reader.book, name_documents(reader, language)
        self._parts = book.parts_of(mains) if mains else {}
        claims: list[Claim] = book.claims(mains) if mains else []
        parts = [part for own in self._parts.values() for part in own]
        self.labels = Labels(reader, language, {*named, *parts, *iris_in(reader, claims)})
        bases = book.values(parts, DK.basis) if parts else {}
        self._readings = {iri for iri, own in bases.items() if DK.encoderReading in own[DK.basis]}
        views = {view.iri: view for view in view_claims(reader, claims, self.labels)}
        #: The sentences by the IRI of the claim, in the order that was asked for.
        self.sentences = {iri: tell(views[iri], self.documents, self._details(iri)) for iri in mains if iri in views}

    def in_place(self, main: str, others: Iterable[str] = ()) -> tuple[Sentence, ...]:
        """Return a main claim as it is read at a passage, with the IRIs of its further ones; none if it is incomplete.

        Who reads a document through sees denials marked, too.
        """
        one = self.sentences.get(main)
        if one is None:
            return ()
        denied = (Mark("no", _("Says that it is not")),) if one.claim.negated else ()
        return (replace(one, marks=(*denied, *one.marks), others=tuple(map(self.labels.name, others))),)

    def _details(self, main: str) -> tuple[Detail, ...]:
        return tuple(Detail(self.labels.name(part), part in self._readings) for part in self._parts.get(main, ()))


def group_by_document(sentences: Iterable[Sentence], shown: int) -> tuple[Group, ...]:
    """Return sentences by document, in the order in which documents first speak."""
    found: dict[str, list[Sentence]] = {}
    for one in sentences:
        found.setdefault(one.document.key, []).append(one)
    return tuple(Group(tuple(own), own[0].document, shown) for own in found.values())


def join_alike(claims: Iterable[ClaimView]) -> tuple[ClaimView, ...]:
    """Return claims without those that read the same as one before them in the same document."""
    found: dict[tuple[str | None, str], ClaimView] = {}
    for claim in claims:
        found.setdefault((claim.document_key, claim.sentence), claim)
    return tuple(found.values())
