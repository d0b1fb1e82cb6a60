"""What the page of a resource shows beside what documents say: lists it is on, facts from outside, plain triples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from flask import url_for
from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Fact
from digitech_kg.hooks import links_on
from digitech_kg.mappings.model import target_of
from digitech_kg.namespaces import DCAT, DK, RDF, RDFS, SD, SH, SKOS, VOID, XSD, Namespaces
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.labels import DisplayValue, Labels, Name, is_written_time
from digitech_kg.web.reading.reader import GraphReader, once_per_version

#: Shown elsewhere on the page than among the properties.
_TOLD_ABOVE: Final = frozenset((RDFS.label, RDF.type, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, RDFS.comment))
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS: Final = frozenset(
    (VOID.classPartition, VOID.propertyPartition, VOID.subset, VOID.dataDump, DCAT.distribution, SD.namedGraph)
)
#: Numbers that only programs read.
_MEASURED: Final = frozenset((XSD.decimal, XSD.double, XSD.float))
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Badge:
    """A list or the like that a thing stands on, and the claim of a source outside the documents that tells."""

    name: Name
    claim: ClaimView

    @property
    def is_past(self) -> bool:
        """Whether it stood there once and no longer does: all the times of the claim are over."""
        ends = [str(time.value).partition("/")[2] for time in self.claim.times]
        today = datetime.now(UTC).date().isoformat()
        return bool(ends) and all(end.strip(".") and end < today for end in ends)


def sort_outside(reader: GraphReader, iri: str, claims: Iterable[ClaimView]) -> dict[str, object]:
    """Return what sources outside the documents say of a thing, the latest first.

    Badges stand apart, each kind under the heading that the data give it, and so do identifiers and measurements.
    """
    told = sorted((claim for claim in claims if claim.external), key=first_time, reverse=True)
    found = ((title, _badges(iri, told, predicates)) for title, predicates in _standings(reader))
    standings = tuple((title, badges) for title, badges in found if badges)
    placed = {badge.claim.iri for _title, badges in standings for badge in badges}
    rest = [claim for claim in told if claim.iri not in placed]
    codes = [claim for claim in rest if _is_code(claim.claim.object)]
    return {"standings": standings, "facts": [claim for claim in rest if claim not in codes], "codes": codes}


def standing_titles(reader: GraphReader) -> dict[str, str]:
    """Return the headings of badges by the IRI of the predicate that they are for."""
    found = _standings(reader)
    return {predicate: title.text for title, predicates in found for predicate in predicates}


def list_badges(reader: GraphReader, iri: str, claims: Sequence[ClaimView]) -> tuple[Badge, ...]:
    """Return the lists that a thing stands on, under any heading."""
    kinds = _standings(reader)
    return tuple(badge for _title, predicates in kinds for badge in _badges(iri, claims, predicates))


def _badges(iri: str, claims: Sequence[ClaimView], predicates: Collection[str]) -> tuple[Badge, ...]:
    own = [
        claim for claim in claims if claim.external and claim.subject.iri == iri and claim.predicate.iri in predicates
    ]
    return tuple(Badge(name, claim) for claim in sorted(own, key=first_time) if (name := claim.object.name))


@once_per_version
def _standings(reader: GraphReader) -> tuple[tuple[DisplayValue, frozenset[str]], ...]:
    """Return the headings of badges that the data give, in their order, each with the predicates that it is for."""
    told = reader.book.values(reader.book.having(DK.answerPredicate), RDFS.label, SH.order, DK.answerPredicate)
    labels = Labels(reader, ())

    def order(iri: str) -> tuple[str, str]:
        return next((value.value for value in told[iri].get(SH.order, ())), ""), iri

    return tuple(
        (
            labels.best(value for value in told[iri].get(RDFS.label, ()) if isinstance(value, Literal)),
            frozenset(value.value for value in told[iri].get(DK.answerPredicate, ())),
        )
        for iri in sorted(told, key=order)
    )


def first_time(claim: ClaimView) -> tuple[str, str]:
    return min((str(term.value) for term in claim.times), default=""), claim.iri


def _is_code(value: object) -> bool:
    """Whether a value is none that people read: a measurement, an address on the web, or a code without words."""
    if not isinstance(value, Literal):
        return False
    text = value.value
    if value.datatype in _MEASURED or text.startswith(("http:", "https:", "www.")):
        return True
    is_text = value.datatype == XSD.string
    return is_text and not is_written_time(text) and re.search("[a-zæøå]", text) is None and text.isascii()


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A triple that isn't a claim: of a file, from outside, or inferred (then with the address of its proof)."""

    value: DisplayValue
    #: Where it is from or leads to.
    note: str = ""
    why: str = ""


Facts = tuple[tuple[Name, tuple[PlainFact, ...]], ...]


def group_facts(facts: Iterable[Fact], labels: Labels, names: Namespaces) -> tuple[Facts, Facts]:
    """Return what is stated of a resource beside claims, and what follows from the ontology."""
    stated, inferred = list[tuple[Name, PlainFact]](), list[tuple[Name, PlainFact]]()
    described = (names.graphs.links.value, names.graphs.catalog.value)
    for fact in facts:
        is_stated = not fact.is_derived or fact.graph in described
        if fact.is_inferred or (is_stated and fact.property not in _TOLD_ABOVE | _PARTS):
            told = inferred if fact.is_inferred else stated
            told.append((labels.name(fact.property.value), _plain_fact(fact, labels, names)))
    return by_name(stated), by_name(inferred)


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
        for link in links_on("fact", names):
            why = url_for(link.endpoint, subject=fact.subject, predicate=fact.property.value, object=end)
        if fact.document:
            note = labels.name(names.thing(fact.document).value).text
    return PlainFact(labels.value(fact.value), note, why)
