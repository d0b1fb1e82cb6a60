"""What the page of a thing is made of: the claims of each document about it, plain facts, and where it is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from pyoxigraph import NamedNode

from digitech_kg.book import Fact, Term
from digitech_kg.mappings import target_of
from digitech_kg.namespaces import DCAT, DK, RDF, RDFS, SD, SH, SKOS, VOID, Namespaces
from digitech_kg.web.reading.claim_views import ClaimView, by_weight
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, explanation_of
from digitech_kg.web.reading.reader import GraphReader

ClaimGroups = tuple[tuple[Name, tuple[ClaimView, ...]], ...]

#: In which groups a page tells claims about a thing: those that matter most, then by how they are put.
GROUPS: Final = ("key", "stated", "denied", "reserved", "predicted", "advised", "held")
#: Shown elsewhere on the page than among the properties.
_SHOWN_APART: Final = frozenset((RDFS.label, RDF.type, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.comment))
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS: Final = frozenset(
    (
        VOID.classPartition,
        VOID.propertyPartition,
        VOID.subset,
        VOID.dataDump,
        DCAT.distribution,
        SD.namedGraph,
    )
)
_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class DocumentPart:
    """The claims of one document that have to do with a thing."""

    #: None for claims whose document is not known.
    document: Name | None
    #: How many claims have the thing as subject or object, and how many of them are key.
    total: int
    key: int
    #: What people ask first of things of its kind.
    answers: tuple[KeyAnswer, ...]
    #: Claims about what a recommendation advises.
    advice: tuple[ClaimView, ...]
    #: Claims with the thing as subject, by a key of `GROUPS`, except those that answer a question.
    about: tuple[tuple[str, tuple[ClaimView, ...]], ...]
    #: Claims about other things that have the thing as object.
    towards: tuple[ClaimView, ...]
    #: Claims that have the thing as holder, limit, condition and the like.
    beside: tuple[ClaimView, ...]

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return self.document.iri.rsplit("/", 1)[1] if self.document else "other-claims"


@dataclass(frozen=True)
class ThingClaims:
    """The claims that have to do with a thing, by the role that it has in them."""

    about: tuple[ClaimView, ...]
    towards: tuple[ClaimView, ...]
    beside: tuple[ClaimView, ...]
    advice: tuple[ClaimView, ...]

    @property
    def all(self) -> tuple[ClaimView, ...]:
        return (*self.about, *self.towards, *self.beside, *self.advice)

    @property
    def outside(self) -> ClaimGroups:
        """What sources other than the documents say, by predicate, in the order of time."""
        return group_claims(sorted((claim for claim in self.about if claim.external), key=_time))

    def of(self, document: Name | None) -> ThingClaims:
        """Return the claims of one document."""
        roles = (self.about, self.towards, self.beside, self.advice)
        return ThingClaims(
            *(tuple(claim for claim in role if not claim.external and claim.document == document) for role in roles)
        )


def split_by_document(claims: ThingClaims, questions: tuple[KeyQuestion, ...]) -> tuple[DocumentPart, ...]:
    """Return what each document says, the one that says most first."""
    documents = dict.fromkeys(claim.document for claim in claims.all if not claim.external)
    parts = [_part(document, claims.of(document), questions) for document in documents]
    return tuple(sorted(parts, key=lambda part: (-part.total, part.anchor)))


def group_of(claim: ClaimView) -> str:
    """Return in which of `GROUPS` a page tells a claim."""
    firm = claim.firm
    if firm.voice == "other":
        return "held"
    if firm.kind in ("recommendation", "norm"):
        return "advised"
    if firm.kind == "prediction":
        return "predicted"
    return {"plain": "stated", "denied": "denied"}.get(claim.manner, "denied" if firm.denied else "reserved")


def group_claims(claims: Iterable[ClaimView]) -> ClaimGroups:
    """Return claims by predicate."""
    return by_name((claim.predicate, claim) for claim in claims)


def _part(document: Name | None, claims: ThingClaims, questions: tuple[KeyQuestion, ...]) -> DocumentPart:
    answers = answer_questions(questions, claims.about, claims.towards) if claims.about or claims.towards else ()
    told = {claim.iri for answer in answers for claim in answer.claims}
    counted = {claim.iri: claim.salience for claim in (*claims.about, *claims.towards)}
    return DocumentPart(
        document,
        len(counted),
        sum(salience == "key" for salience in counted.values()),
        answers,
        _sorted(claims.advice),
        _grouped(claim for claim in claims.about if claim.iri not in told),
        _sorted(claim for claim in claims.towards if claim.iri not in told),
        _sorted(claims.beside),
    )


def _grouped(claims: Iterable[ClaimView]) -> tuple[tuple[str, tuple[ClaimView, ...]], ...]:
    groups: dict[str, list[ClaimView]] = defaultdict(list)
    for claim in _sorted(claims):
        groups["key" if claim.salience == "key" else group_of(claim)].append(claim)
    return tuple((key, tuple(groups[key])) for key in GROUPS if groups[key])


def _sorted(claims: Iterable[ClaimView]) -> tuple[ClaimView, ...]:
    return tuple(sorted(claims, key=lambda claim: (*by_weight(claim), claim.iri)))


def _time(claim: ClaimView) -> tuple[str, str]:
    return min((str(term.value) for term in claim.times), default=""), claim.iri


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A triple that isn't a claim: of a file, from outside, or inferred (then with the address of its proof)."""

    value: DisplayValue
    #: Where it is from or leads to.
    note: str = ""
    why: str = ""


Facts = tuple[tuple[Name, tuple[PlainFact, ...]], ...]


@dataclass(frozen=True)
class FactGroups:
    """The facts on a resource, by what kind of graph holds them."""

    own: Facts
    outside: Facts
    #: What it is called in other data.
    links: Facts
    #: What the catalogue says of the dataset or of a part of it.
    described: Facts
    inferred: Facts


def group_facts(facts: Iterable[Fact], labels: Labels, names: Namespaces) -> FactGroups:
    """Return what is said of a resource by what kind of graph says it."""
    groups: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[_group_of(fact, names)].append(fact)

    def shown(group: str, hidden: Collection[NamedNode] = _SHOWN_APART) -> Facts:
        kept = (fact for fact in groups[group] if fact.property not in hidden)
        return by_name((labels.name(fact.property.value), _plain_fact(fact, labels, names)) for fact in kept)

    return FactGroups(
        own=shown("own"),
        outside=shown("outside"),
        links=shown("links"),
        described=shown("described", _SHOWN_APART | _PARTS),
        inferred=shown("inferred", ()),
    )


def _group_of(fact: Fact, names: Namespaces) -> str:
    """Return the field of `FactGroups` that a fact belongs to; "" for what a page doesn't show."""
    graphs = names.graphs
    apart = {graphs.links.value: "links", graphs.catalog.value: "described", graphs.comparison.value: ""}
    if fact.graph in apart:
        return apart[fact.graph]
    if fact.graph.startswith(f"{graphs.root}external/"):
        return "outside"
    return "inferred" if fact.is_inferred else "" if fact.is_derived else "own"


def by_name(entries: Iterable[tuple[Name, _Entry]]) -> tuple[tuple[Name, tuple[_Entry, ...]], ...]:
    """Return entries by the name that they come with, each once, the names in alphabetical order."""
    groups: dict[Name, dict[_Entry, None]] = defaultdict(dict)
    for name, entry in entries:
        groups[name][entry] = None
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda name: name.text.casefold()))


def _plain_fact(fact: Fact, labels: Labels, names: Namespaces) -> PlainFact:
    note, why = "", ""
    if fact.graph == names.graphs.links.value and (target := target_of(fact.value.value)) is not None:
        note = target.title
    elif fact.graph.startswith(f"{names.graphs.root}external/"):
        note = fact.graph.removeprefix(names.graphs.root)
    elif fact.is_inferred:
        end = fact.value.value if isinstance(fact.value, NamedNode) else str(fact.value)
        why = explanation_of(fact.subject, fact.property.value, end, names)
        if fact.document:
            note = labels.name(names.thing(fact.document).value).text
    return PlainFact(labels.value(fact.value), note, why)


_PROPERTIES: Final = (DK.askedOfClass, SH.order, DK.answerPredicate, DK.incomingAnswerPredicate, DK.tellsSilence)


@dataclass(frozen=True, slots=True)
class KeyQuestion:
    """A question, answered by claims with these predicates that have the thing as subject, or as object."""

    name: Name
    asked_of: str
    predicates: frozenset[str]
    incoming: bool
    #: Whether the page says so if a document does not answer.
    needed: bool


@dataclass(frozen=True, slots=True)
class KeyAnswer:
    """A question with its claims; none means that the document does not say."""

    name: Name
    claims: tuple[ClaimView, ...]


def list_key_questions(reader: GraphReader, kinds: Iterable[str], language: str) -> tuple[KeyQuestion, ...]:
    """Return the questions asked of a thing of some kinds, in their order; of several kinds the first one asked of."""
    questions, of = _load(reader, reader.version, language), set(kinds)
    asked = next((each.asked_of for each in questions if each.asked_of in of), None)
    return tuple(each for each in questions if each.asked_of == asked)


@lru_cache(maxsize=8)
def _load(reader: GraphReader, _version: str, language: str) -> tuple[KeyQuestion, ...]:
    told = reader.book.values(reader.book.having(DK.askedOfClass), *_PROPERTIES)
    labels = Labels(reader, language, told)
    in_order = sorted(told, key=lambda iri: (int(_first(told[iri], SH.order) or 0), iri))
    return tuple(_question(labels.name(iri), told[iri]) for iri in in_order)


def _question(name: Name, told: Mapping[NamedNode, Sequence[Term]]) -> KeyQuestion:
    incoming = told.get(DK.incomingAnswerPredicate, ())
    return KeyQuestion(
        name,
        _first(told, DK.askedOfClass),
        frozenset(term.value for term in incoming or told.get(DK.answerPredicate, ())),
        bool(incoming),
        _first(told, DK.tellsSilence) == "true",
    )


def _first(told: Mapping[NamedNode, Sequence[Term]], prop: NamedNode) -> str:
    return next((term.value for term in told.get(prop, ())), "")


def answer_questions(
    questions: Iterable[KeyQuestion], about: Iterable[ClaimView], towards: Iterable[ClaimView]
) -> tuple[KeyAnswer, ...]:
    """Answer questions from the claims of one document about a thing, and those with it as object."""
    sides = {False: tuple(about), True: tuple(towards)}
    found = ((question, _answer(question, sides[question.incoming])) for question in questions)
    return tuple(answer for question, answer in found if answer.claims or question.needed)


def _answer(question: KeyQuestion, claims: tuple[ClaimView, ...]) -> KeyAnswer:
    return KeyAnswer(question.name, tuple(claim for claim in claims if claim.predicate.iri in question.predicates))
