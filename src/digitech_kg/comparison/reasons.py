"""Say why two claims contradict each other, agree or differ, with the sentences of `reasons.toml`.

A reason is an identifier and values; its text in a language is made from the table. Where two claims are put
differently, each reserve that only one of them has gives a reason. What documents and things are called is read from
their quads when a reason first names one.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.labels import best_text, read_labels
from digitech_kg.claims.languages import LANGUAGES
from digitech_kg.claims.reserves import AXES, LIMITS, QUANTIFIERS, Axis, Effect
from digitech_kg.claims.times import name_time
from digitech_kg.comparison.firmness import denies_degree_only, relate
from digitech_kg.comparison.hierarchy import Hierarchy
from digitech_kg.comparison.stands import COUNTS, ClaimStand, shares_differ
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCTERMS, DK, NUMBERS, SKOS, TERMS, Namespaces

_FACTS: Final = (DCTERMS.issued, DK.shortName)


class Named(NamedTuple):
    """A thing, term or literal as a document speaks of it."""

    term: Any
    document: str
    #: Whether a sentence takes it as a noun: "the European Commission". A class or property stands by its bare name.
    is_noun: bool = True


class Reason(NamedTuple):
    """A sentence of the table, and what stands in it: documents by their names, things and literals."""

    identifier: str
    values: Mapping[str, Sequence[str | Named]] = MappingProxyType({})


class Descriptions:
    """Names and dates from the quads of documents and from what they share."""

    def __init__(self, documents: Mapping[str, Sequence[Quad]], shared: Sequence[Quad], names: Namespaces) -> None:
        self._names = names
        common = read_labels(shared)
        self._labels = cache(lambda document: read_labels(documents[document], common))
        # Under no name, the facts that all documents share.
        self._facts = cache(
            lambda document: GraphView(q for q in documents.get(document, shared) if q.predicate in _FACTS)
        )

    def tell(self, reason: Reason, language: str) -> str:
        """Return a reason as a sentence in a language."""
        texts = {}
        for place, values in reason.values.items():
            named = [self.name(value, language) for value in _in_language(values, language)]
            texts[place] = LANGUAGES[language].enumerate(named)
            if place == "values" and reason.identifier == "conditions":
                texts[place] = "; ".join(f"({number}) {text}" for number, text in enumerate(named, 1))
        return REASON_SENTENCES[reason.identifier][language].format(**texts)

    def name(self, value: str | Named, language: str) -> str:
        """Return what a document, thing or literal is called in a language, or else in English, or in any."""
        own = LANGUAGES[language]
        if isinstance(value, str):
            thing = self._names.thing(value)
            short = {text.language or "": text.value for text in self._said(value, DK.shortName)}
            found = best_text(short or self._labels(value).by_language(thing), (language, "en"))
            return str(own.words.quotes).format(found or value)
        if isinstance(value.term, Literal):
            text = str(value.term.value)
            return own.number(text) if value.term.datatype.value in NUMBERS else name_time(text, own.words.times)
        labels = self._labels(value.document)
        label = labels.text(value.term, language)
        return (labels.in_text(value.term, language) or own.noun(label)) if value.is_noun else label

    def issued(self, document: str) -> str:
        """Return the date of a document as its metadata give it: a year, a month or a day; "" if they give none."""
        return min((str(date.value) for date in self._said(document, DCTERMS.issued)), default="")

    def _said(self, document: str, prop: NamedNode) -> list[Any]:
        thing = self._names.thing(document)
        return [*self._facts(document).values(thing, prop), *self._facts("").values(thing, prop)]


REASON_SENTENCES: Final[Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_name("reasons.toml").read_text(encoding="utf-8")
)


def _in_language(values: Sequence[str | Named], language: str) -> Sequence[str | Named]:
    """Return the values without texts in other languages, unless there is none in this one."""
    tags = [getattr(getattr(value, "term", None), "language", None) for value in values]
    return [v for v, tag in zip(values, tags, strict=True) if tag in (None, language)] or values


_OF_THE_SUBJECT = (DK.subjectQuantifier, DK.subjectCount)


def tell_differences(first: ClaimStand, second: ClaimStand, hierarchy: Hierarchy) -> Iterator[Reason]:
    """Yield what is said of one claim and not of the other on the axes that weaken, and of times that differ."""
    for ours, theirs in ((first, second), (second, first)):
        yield from tell_reserves(ours, theirs)
        if ours.rejects and not ours.holders:
            yield _reason("view disputed, holder unnamed", ours)
        if denies_degree_only(ours, theirs):
            yield _reason("degree denied", ours)
    if shares_differ(first, second):
        for stand in (first, second):
            share = "share approximate" if DK.approximate in stand.claim.all(DK.precision) else "share"
            yield _reason(share, stand, values=stand.claim.all(DK.ownershipShare))
    if relate(first, second, DK.time, hierarchy) == "apart":
        for stand in (first, second):
            yield _reason("time", stand, values=sorted(stand.claim.all(DK.time), key=str))


def tell_reserves(ours: ClaimStand, theirs: ClaimStand) -> Iterator[Reason]:
    """Yield what weakens one claim and not the other, and how a person explains it; a report explains itself."""
    told = [reason for axis in AXES if _differs(ours, theirs, axis) for reason in _tell(ours, axis)]
    yield from told
    if told and DK.report not in ours.claim.all(DK.basis) and (notes := ours.claim.ordered(SKOS.scopeNote)):
        yield _reason("scope note", ours, values=notes)


def _differs(ours: ClaimStand, theirs: ClaimStand, axis: Axis) -> bool:
    if axis.property == DK.precision and shares_differ(ours, theirs):
        return False  # A rough share is told as one.
    views_differ = axis.property == DK.heldBy and (ours.rejects, ours.ownership) != (theirs.rejects, theirs.ownership)
    return views_differ or set(ours.claim.all(axis.property)) != set(theirs.claim.all(axis.property))


def _tell(stand: ClaimStand, axis: Axis) -> Iterator[Reason]:
    prop, of_quality = axis.property, stand.claim.gives_quality
    # To affirm something of all is to say no less. A comparison takes nothing back, but says what is spoken of.
    values = [
        value
        for value in stand.claim.ordered(prop)
        if prop == DK.comparedWith or axis.effect_of(value, of_quality=of_quality) is Effect.WEAKENING
        if (value != DK.all or stand.claim.is_negated) and (prop != DK.heldBy or value not in stand.authors)
    ]
    if values and prop == DK.heldBy:
        yield _reason(_view(stand), stand, values=values)
    elif values and axis.values:
        # All quantifiers have the same sentences.
        name = "quantifier" if prop in QUANTIFIERS else axis.name
        for value in values:
            identifier = f"{name} {value.value.removeprefix(TERMS)}"
            yield _reason(identifier, stand, values=[value], thing=_counted(stand, prop))
    elif values:
        name = "count" if prop in COUNTS else axis.name
        several = "conditions" if prop == DK.condition and len(values) > 1 else name
        yield _reason(several, stand, values=values, thing=_counted(stand, prop))


def _view(stand: ClaimStand) -> str:
    if stand.rejects:
        return "view disputed"
    if stand.is_spoken_for:
        return "view spoken for"
    if not stand.ownership:
        return "promise reported" if DK.promise in stand.claim.all(DK.mood) else "view reported"
    if stand.holders & stand.authors:
        return "view in the words of"
    return "view partlyEndorsed" if stand.ownership == 1 else "view endorsed"


def _counted(stand: ClaimStand, prop: NamedNode) -> list[Any]:
    if prop == DK.limitQuantifier:
        return sorted((value for limit in LIMITS for value in stand.claim.all(limit)), key=str)
    return [stand.claim.subject if prop in _OF_THE_SUBJECT else stand.claim.object]


def _reason(identifier: str, stand: ClaimStand, **values: Any) -> Reason:
    """Return a sentence about a claim; for a value that the table lacks, a sentence that only names it."""
    named = {key: [Named(value, stand.document) for value in found] for key, found in values.items()}
    known = identifier if identifier in REASON_SENTENCES else "other reserve"
    return Reason(known, {"document": [stand.document], **named})
