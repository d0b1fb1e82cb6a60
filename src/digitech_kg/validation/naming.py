"""What names give away: a thing or claim that names a state and does not lead there, and a development that is counted.

All that is found is a Warning: a name may have a reason, and nothing becomes a plain fact by it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import CLAIM_CLASSES, read_claims
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import Computed, reachable
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, TERMS, Namespaces, value_of
from digitech_kg.validation.checks import fault
from digitech_kg.validation.report import Result, Severity

_NAMES: Final = (RDFS.label, SKOS.altLabel)
_TEXTS: Final = frozenset((*_NAMES, RDFS.comment))
#: Their names tell nothing of what they have to do with a state.
_PROPER: Final = (DK.Organisation, DK.Person, DK.Document, DK.DocumentSeries, DK.Place)
#: The letters that the name of a state shares with the word for what is of it: "Norway", "Norwegian"; a long name half.
_STEM: Final = 4
_STEPS: Final = 2
_COUNTED: Final = ((DK.subjectQuantifier, DK.subject), (DK.objectQuantifier, DK.object))


def check_naming(quads: Iterable[Quad], names: Namespaces, focus: Set[Any] | None = None) -> tuple[Result, ...]:
    """Return a Warning for each thing and claim whose name or sentence names a state to which nothing leads, and for
    each claim that counts what can't be counted, such as a growth instead of the companies that grow. Only the
    subjects in `focus` are looked at; None means all."""
    graphs = names.graphs
    is_read = Computed[Any, object](lambda g: g in (graphs.ontology, graphs.things) or graphs.document_of(g))
    view = GraphView(quad for quad in quads if is_read[quad.graph_name])
    subjects = view.all_subjects() if focus is None else focus
    found = (*_without_their_state(view, subjects, names.prefixes["id"]), *_counted_developments(view, subjects))
    return tuple(replace(result, severity=Severity.WARNING) for result in found)


def _without_their_state(view: GraphView, subjects: Iterable[Any], things: str) -> Iterator[Result]:
    states = {state: _pattern(view, state) for state in view.subjects(RDF.type, DK.State)}
    any_state = re.compile("|".join(pattern.pattern for pattern in states.values()) or "(?!)")
    steps = Computed[Any, set[Any]](lambda term: _steps(view, term))
    proper = set(reachable(_PROPER, lambda kind: view.subjects(RDFS.subClassOf, kind)))
    for triple in (triple for subject in subjects for triple in view.triples_of(subject)):
        subject, text = triple.subject, triple.object
        if triple.predicate not in _TEXTS or not isinstance(text, Literal) or not any_state.search(text.value):
            continue
        is_claim = _is_a(view, subject, {DK.Claim})
        is_read = is_claim or (value_of(subject).startswith(things) and not _is_a(view, subject, proper))
        if is_read and is_claim == (triple.predicate == RDFS.comment):
            rest = _without(text.value, (thing for thing in steps[subject] if _is_a(view, thing, proper)), view)
            # A claim itself is one step from what it is about.
            near = _near(steps, subject, _STEPS + is_claim)
            for state in (state for state, pattern in states.items() if pattern.search(rest) and state not in near):
                yield _astray(triple, view.text(state, RDFS.label, ("en",)), is_claim=is_claim)


def _is_a(view: GraphView, thing: Any, classes: Container[Any]) -> bool:
    return any(kind in classes for kind in view.values(thing, RDF.type))


def _astray(triple: Quad, state: str, *, is_claim: bool) -> Result:
    what, of = ("sentence", "claim") if is_claim else ("name", "thing")
    message = (
        f"The {what} has {state} in it, and the {of} does not lead there within two steps: relate it to the state, or "
        f"to something that is related to it."
    )
    return fault(value_of(triple.subject), triple.predicate, value_of(triple.object), message, term=triple.object)


def _pattern(view: GraphView, state: Any) -> re.Pattern[str]:
    """Return what finds the name of a state and the words made from it."""
    texts = {value.value for prop in _NAMES for value in view.values(state, prop)}
    stems = {text: max(_STEM, len(text) // 2) for text in texts}
    words = (f"{text[:n]}[a-z]*" if len(text) > n and text.isalpha() else re.escape(text) for text, n in stems.items())
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b")


def _without(text: str, things: Iterable[Any], view: GraphView) -> str:
    """Return a sentence without the names of organisations in it."""
    for name in (value.value for thing in things for prop in _NAMES for value in view.values(thing, prop)):
        text = text.replace(name, "")
    return text


def _steps(view: GraphView, term: Any) -> set[Any]:
    """Return what a thing is related to, by itself or by a claim, and a claim to what it is about."""
    claims = (claim for claim in view.subjects(DK.subject, term) if _is_a(view, claim, CLAIM_CLASSES))
    said = (triple for subject in (term, *claims) for triple in view.triples_of(subject))
    return {t.object for t in said if isinstance(t.object, NamedNode) and t.predicate.value.startswith(TERMS)}


def _near(steps: Mapping[Any, set[Any]], start: Any, number: int) -> set[Any]:
    found = {start}
    for _ in range(number):
        found |= {end for term in found for end in steps[term]}
    return found


def _counted_developments(view: GraphView, subjects: Iterable[Any]) -> Iterator[Result]:
    for claim in read_claims(triple for subject in subjects for triple in view.triples_of(subject)):
        for prop, end in _COUNTED:
            thing = claim.one(end)
            if claim.all(prop) and _is_a(view, thing, {DK.Development}) and not _is_several(view, thing):
                message = (
                    "A development is one, so no part of it is counted: count those who have it, with a limit and "
                    "dk:limitQuantifier, or say with dk:degree how far it goes."
                )
                yield fault(claim.iri.value, prop, None, message)


def _is_several(view: GraphView, thing: Any) -> bool:
    """Whether the label of a thing names several: "successes"."""
    texts = view.texts(thing, RDFS.label)
    return any((language := find_language(tag)) and language.is_counted(text) for tag, text in texts.items())
