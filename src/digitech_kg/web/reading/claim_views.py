"""Claims as pages show them: the sentence, its reserves, who says it and where, and how it is put in words."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.model import SALIENCES, Claim, firmness_of, in_text_order, salience_of
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.namespaces import DK, NUMBERS, SKOS
from digitech_kg.web.http.languages import current_language, current_words, words_of
from digitech_kg.web.reading.labels import Labels, Name, say_time
from digitech_kg.web.reading.reader import GraphReader

#: How claims stand to each other, in one document and across documents.
RELATED: Final = (*RELATIONS, DK.contradicts, DK.inTensionWith, DK.corroborates, DK.firmerThan)


class ClaimView:
    """A claim of which subject and predicate are known."""

    def __init__(self, claim: Claim, labels: Labels, *, is_ordered: bool = False) -> None:
        def names(prop: NamedNode) -> tuple[Name, ...]:
            return tuple(labels.name(term.value) for term in claim.all(prop) if isinstance(term, NamedNode))

        name = labels.name(claim.iri.value)
        self.claim, self.iri, self.href = claim, name.iri, name.href
        #: The IRI of the main claim that it elaborates, or its own.
        self.main_claim = next((term.value for term in claim.all(DK.elaborates)), name.iri)
        self.negated, self.external = claim.is_negated, claim.is_external
        basis = claim.all(DK.basis)
        #: Whether its document does not say it in so many words.
        self.is_reading = DK.encoderReading in basis
        #: Whether the words that it rests on were read only as others report them.
        self.is_reported = DK.report in basis
        #: Whether its document only says that it is said, by nobody in particular: that was read there, at first hand.
        self.is_hearsay = DK.hearsay in basis
        #: The dates that it has, as they are stored.
        self.times = claim.all(DK.time)
        self.subject = labels.name(claim.subject.value)  # type: ignore[union-attr]
        self.predicate = labels.name(claim.predicate.value)  # type: ignore[union-attr]
        self.object = Name() if claim.object is None else labels.value(claim.object)
        # Nobody composes what other sources say: its parts stand for a sentence.
        parts = ": ".join((self.subject.text, self.predicate.text, self.object.text))
        #: The language is that of the sentence, if it is not the page's.
        self.sentence, self.language = parts if name.text == name.curie else name.text, name.language
        notes = (labels.in_one_language(claim.all(prop)) for prop in (SKOS.scopeNote, SKOS.editorialNote))
        self.notes = tuple(map(labels.value, chain.from_iterable(notes)))
        #: What it demands of somebody is ordered if it is part of an order.
        own = firmness_of(claim)
        self.firm = replace(own, kind="order") if is_ordered and own.kind == "norm" else own
        #: The document that makes it; None for a claim of another source.
        document = "" if claim.is_external else labels.document_of(name.iri)
        self.document = labels.name(document) if document else None
        self.document_key = document.rsplit("/", 1)[1] if document else None
        #: Each as the name of its axis and the value on it.
        self.reserves = [
            (labels.name(axis.property.value), labels.value(value))
            for axis in AXES
            for value in labels.in_one_language(claim.all(axis.property))
        ]
        self.passages = tuple(sorted(names(DK.statedIn), key=lambda passage: labels.place_in_text(passage.iri)))
        self.sources = names(DK.attestedBy)
        self.relations = [(labels.name(r.value), names(r)) for r in RELATED if claim.all(r)]

    @property
    def amount(self) -> str:
        """What it says of its subject, a number as sentences have it: "about 75,000"."""
        value, precision, words = self.claim.object, self.claim.weakest(DK.precision), current_words()
        if not isinstance(value, Literal) or value.datatype.value not in NUMBERS:
            return self.object.text
        frame = words.words.precisions.get(precision, "{number}") if precision else "{number}"
        return str(frame).format(number=words.number(value.value))

    @property
    def stance(self) -> str:
        """How the author sees the view of others, as a local name; "" if that is not told."""
        return next((value.key for value in self.values("stance")), "")

    @property
    def is_over(self) -> bool:
        """Whether it held once and no longer does: all its times are over."""
        ends = [str(time.value).partition("/")[2] for time in self.times]
        today = datetime.now(UTC).date().isoformat()
        return bool(ends) and all(end.strip(".") and end < today for end in ends)

    @property
    def limits(self) -> tuple[str, ...]:
        """What it is said of alone, the first kind with how many of them: "many countries"."""
        found = [(axis.key, value.text) for axis, value in self.reserves if axis.key.startswith("limitedTo")]
        quantifier, words = self.claim.weakest(DK.limitQuantifier), current_words()
        if quantifier == DK.all:
            quantifier = None
        return tuple(words.quantify(text, quantifier if key == found[0][0] else None, None) for key, text in found)

    def values(self, key: str) -> tuple[Name, ...]:
        """Return its values on an axis, by the local name of the axis' property, such as "cue"."""
        return tuple(value for axis, value in self.reserves if axis.key == key)


def first_time(view: ClaimView) -> tuple[str, str]:
    """Return what sorts claims by their first time; those without one come first."""
    return min((str(term.value) for term in view.times), default=""), view.iri


def by_weight(view: ClaimView) -> tuple[int, str]:
    """Return what sorts claims: those that matter most first, then as the text has them."""
    return SALIENCES.index(salience_of(view.claim)), in_text_order(view.passages[0].iri) if view.passages else ""


def load_claims(
    reader: GraphReader, iris: Sequence[str], named: Iterable[str] = ()
) -> tuple[dict[str, ClaimView], Labels]:
    """Return claims by IRI, and the labels of all that they name and of what is `named`.

    Claims without a subject or predicate are left out: nothing can be said of them.
    """
    claims, wanted = reader.book.claims(iris) if iris else [], {*named}
    wholes = {whole.value for claim in claims for whole in claim.all(DK.elaborates)}
    moods = reader.book.values(wholes, DK.mood) if wholes else {}
    orders = {NamedNode(iri) for iri, own in moods.items() if DK.order in own[DK.mood]}
    for claim in claims:
        wanted |= {claim.iri.value, *(prop.value for prop in claim.values)}
        wanted |= {term.value for terms in claim.values.values() for term in terms if isinstance(term, NamedNode)}
    labels = Labels(reader, wanted)
    complete = (claim for claim in claims if claim.subject is not None and claim.predicate is not None)
    views = (ClaimView(c, labels, is_ordered=not orders.isdisjoint(c.all(DK.elaborates))) for c in complete)
    return {view.iri: view for view in views}, labels


def load_retrieval(reader: GraphReader, claims: Iterable[Claim]) -> dict[str, str]:
    """Return when what the sources of claims say was fetched, by the source's IRI."""
    sources = {term.value for claim in claims for term in claim.all(DK.attestedBy)}
    dates = reader.book.values(sources, DK.retrievedOn) if sources else {}
    return {source: say_time(found[DK.retrievedOn][-1].value, current_language()) for source, found in dates.items()}


def axis_words(axis: Name) -> str:
    """Return what is told of a claim by its value on an axis, in words: "Whose view"."""
    key = "limitedTo" if axis.key.startswith("limitedTo") else axis.key
    return words_of("axis").get(key) or axis.text


def lang(language: str) -> Markup:
    """Return the attribute of an element whose text is in a language, with a space before it; "" for the page's own.

    >>> lang("nb")
    Markup(' lang="nb"')
    """
    return Markup(' lang="{}"').format(language) if language else Markup()
