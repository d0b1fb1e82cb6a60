"""Claims as pages show them: what is said, with which reserves, by whom and where, and in words how it is put."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from pyoxigraph import NamedNode

from digitech_kg.claims.firmness import SALIENCES, Firmness, firmness_of, in_text_order, manner_of, salience_of
from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import RELATIONS, Reserve
from digitech_kg.namespaces import DK, SKOS, Namespaces
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, say_time
from digitech_kg.web.reading.reader import GraphReader

#: How claims stand to each other, in one document and across documents.
RELATED: Final = (*RELATIONS, DK.contradicts, DK.inTensionWith, DK.corroborates, DK.firmerThan)


@dataclass(frozen=True, slots=True)
class ReserveView:
    """A value on one axis: `key` is the local name of the axis' property, `axis` what it is called."""

    key: str
    axis: Name
    value: DisplayValue


class ClaimView:
    """A claim of which subject and predicate are known; `document` is the IRI of the one that makes it, if any does."""

    def __init__(self, claim: Claim, labels: Labels, document: str | None) -> None:
        def names(prop: NamedNode) -> tuple[Name, ...]:
            return tuple(labels.name(term.value) for term in claim.all(prop) if isinstance(term, NamedNode))

        name = labels.name(claim.iri.value)
        self.claim, self.iri, self.href = claim, name.iri, name.href
        self.subject = labels.name(claim.subject.value)  # type: ignore[union-attr]
        self.predicate = labels.name(claim.predicate.value)  # type: ignore[union-attr]
        self.object = DisplayValue() if claim.object is None else labels.value(claim.object)
        # Nobody composes what other sources say: its parts stand for a sentence.
        parts = ": ".join((self.subject.text, self.predicate.text, self.object.words))
        #: The language is that of the sentence, if it is not the page's.
        self.sentence, self.language = parts if name.text == name.curie else name.text, name.language
        self.notes = tuple(map(labels.value, (*claim.all(SKOS.scopeNote), *claim.all(SKOS.editorialNote))))
        #: The document that makes it; None for a claim of another source.
        self.document = labels.name(document) if document else None
        self.reserves = tuple(_reserve(reserve, labels) for reserve in claim.reserves)
        self.passages = tuple(sorted(names(DK.statedIn), key=lambda passage: in_text_order(passage.iri)))
        self.sources = names(DK.attestedBy)
        self.relations = [(labels.name(r.value), names(r)) for r in RELATED if claim.all(r)]

    @property
    def negated(self) -> bool:
        return self.claim.is_negated

    @property
    def external(self) -> bool:
        return self.claim.is_external

    @property
    def manner(self) -> str:
        return manner_of(self.claim)

    @property
    def firm(self) -> Firmness:
        return firmness_of(self.claim)

    @property
    def document_key(self) -> str | None:
        return self.document.iri.rsplit("/", 1)[1] if self.document else None

    @property
    def times(self) -> tuple[Any, ...]:
        """The dates that it has, as they are stored."""
        return self.claim.all(DK.time)

    @property
    def stance(self) -> str:
        """How the author sees the view of others, as a local name; "" if that is not told."""
        return next((value.name.key for value in self.values("stance") if value.name), "")

    @property
    def limits(self) -> tuple[str, ...]:
        """What it is said only for."""
        return tuple(reserve.value.words for reserve in self.reserves if reserve.key.startswith("limitedTo"))

    def values(self, key: str) -> tuple[DisplayValue, ...]:
        """Return its values on an axis, by the local name of the axis' property, such as "cue"."""
        return tuple(reserve.value for reserve in self.reserves if reserve.key == key)


def by_weight(view: ClaimView) -> tuple[int, str]:
    """Return what sorts claims: those that matter most first, then as the text has them."""
    return SALIENCES.index(salience_of(view.claim)), in_text_order(view.passages[0].iri) if view.passages else ""


def load_claims(
    reader: GraphReader, iris: Sequence[str], named: Iterable[str] = ()
) -> tuple[dict[str, ClaimView], Labels]:
    claims = reader.book.claims(iris) if iris else []
    labels = Labels(reader, {*named, *iris_in(reader, claims)})
    return {view.iri: view for view in view_claims(reader, claims, labels)}, labels


def load_retrieval(reader: GraphReader, claims: Iterable[Claim]) -> dict[str, str]:
    """Return when what the sources of claims say was fetched, by the source's IRI."""
    sources = {term.value for claim in claims for term in claim.all(DK.attestedBy)}
    dates = reader.book.values(sources, DK.retrievedOn) if sources else {}
    return {source: say_time(found[DK.retrievedOn][-1].value, current_language()) for source, found in dates.items()}


def iris_in(reader: GraphReader, claims: Iterable[Claim]) -> set[str]:
    iris, names = set(), reader.names
    for claim in claims:
        iris |= {claim.iri.value, *(prop.value for prop in claim.values)}
        iris |= {term.value for terms in claim.values.values() for term in terms if isinstance(term, NamedNode)}
        if document := document_of(names, claim):
            iris.add(document)
    return iris


def document_of(names: Namespaces, claim: Claim) -> str | None:
    """Return the IRI of the document that makes a claim; None for a claim of another source."""
    name = None if claim.is_external else names.document_of(claim.iri.value)
    return names.thing(name).value if name else None


def view_claims(reader: GraphReader, claims: Iterable[Claim], labels: Labels) -> tuple[ClaimView, ...]:
    """Return claims for a page. Those without a subject or predicate are left out: nothing can be said of them."""
    complete = (claim for claim in claims if claim.subject is not None and claim.predicate is not None)
    names = reader.names
    return tuple(ClaimView(claim, labels, document_of(names, claim)) for claim in complete)


def _reserve(reserve: Reserve, labels: Labels) -> ReserveView:
    axis = labels.name(reserve.axis.property.value)
    return ReserveView(axis.key, axis, labels.value(reserve.value))


def in_words(key: str) -> str:
    """Return the local name of a term in words.

    >>> in_words("nearlyCertain")
    'nearly certain'
    """
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", key).lower()


def axis_words(reserve: ReserveView) -> str:
    """Return what is told of a claim by a reserve, in words: "Whose view"."""
    key = "limitedTo" if reserve.key.startswith("limitedTo") else reserve.key
    axes = {
        **dict.fromkeys(("subjectQuantifier", "objectQuantifier", "subjectCount", "objectCount"), _("How many")),
        "certainty": _("How firmly"),
        "mood": _("Kind"),
        "heldBy": _("Whose view"),
        "holderQuantifier": _("How many of them"),
        "stance": _("What the author thinks of it"),
        "basis": _("What it rests on"),
        "generality": _("How often"),
        "degree": _("How much"),
        "precision": _("How exactly"),
        "limitedTo": _("Only for"),
        "condition": _("On a condition"),
        "reason": _("Reason"),
        "time": _("When"),
        "duration": _("How long"),
        "cue": _("Words used"),
    }
    return axes.get(key) or reserve.axis.text


def relation_words(key: str, reverse: bool = False) -> str:
    """Return how a claim bears on another of its document, by a relation's local name; or in reverse."""
    relations = {
        "supports": (_("Supports"), _("Supported by")),
        "qualifies": (_("Limits"), _("Limited by")),
        "disputes": (_("Disputes"), _("Disputed by")),
        "illustrates": (_("Among"), _("For example")),
        "contrastsWith": (_("In contrast to"), _("In contrast to")),
        "followsFrom": (_("Follows from"), _("From this follows")),
        "repeats": (_("Repeats"), _("Repeated by")),
    }
    return relations[key][reverse]


def lang(language: str) -> Markup:
    """Return the attribute of an element whose text is in a language, with a space before it; "" for the page's own.

    >>> lang("nb")
    Markup(' lang="nb"')
    """
    return Markup(' lang="{}"').format(language) if language else Markup()
