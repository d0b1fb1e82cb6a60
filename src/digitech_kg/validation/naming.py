"""What names give away: a thing or claim that names a state and does not lead there, and a development that is counted.

All that is found is a Warning: a name may have a reason, and nothing becomes a plain fact by it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import read_claims
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, TERMS, Namespaces, value_of
from digitech_kg.validation.checks import fault
from digitech_kg.validation.report import Result, Severity

_NAMES: Final = (RDFS.label, SKOS.altLabel)
#: Their names tell nothing of what they have to do with a state.
_PROPER: Final = (DK.Organisation, DK.Person, DK.Document, DK.DocumentSeries, DK.Place)
#: The letters that the name of a state shares with the word for what is of it: "Norway", "Norwegian".
_STEM: Final = 4
_STEPS: Final = 2
_COUNTED: Final = ((DK.subjectQuantifier, DK.subject), (DK.objectQuantifier, DK.object))


def check_naming(quads: Iterable[Quad], names: Namespaces) -> tuple[Result, ...]:
    """Return a Warning for each thing and claim whose name or sentence names a state to which nothing leads, and for
    each claim that counts what can't be counted, such as a growth instead of the companies that grow."""
    graphs = names.graphs
    quads = [q for q in quads if q.graph_name in (graphs.ontology, graphs.things) or graphs.document_of(q.graph_name)]
    view = GraphView(quads)
    found = (*_without_their_state(quads, view, names.prefixes["id"]), *_counted_developments(quads, view))
    return tuple(replace(result, severity=Severity.WARNING) for result in found)


def _without_their_state(quads: Sequence[Quad], view: GraphView, things: str) -> Iterator[Result]:
    states = {state: _pattern(view, state) for state in view.subjects(RDF.type, DK.State)}
    steps = _steps(quads)
    proper = {thing for kind in _narrower(view, _PROPER) for thing in view.subjects(RDF.type, kind)}
    claims = set(view.subjects(RDF.type, DK.Claim))
    for quad in quads:
        is_claim = quad.subject in claims
        is_text = quad.predicate == RDFS.comment if is_claim else quad.predicate in _NAMES
        if not is_text or not isinstance(quad.object, Literal) or quad.subject in proper:
            continue
        if is_claim or value_of(quad.subject).startswith(things):
            text = _without(quad.object.value, steps[quad.subject] & proper, view)
            named = [state for state, pattern in states.items() if pattern.search(text)]
            # A claim itself is one step from what it is about.
            near = _near(steps, quad.subject, _STEPS + is_claim) if named else set()
            for state in (state for state in named if state not in near):
                yield _astray(quad, view.text(state, RDFS.label, ("en",)), is_claim=is_claim)


def _astray(quad: Quad, state: str, *, is_claim: bool) -> Result:
    what, of = ("sentence", "claim") if is_claim else ("name", "thing")
    message = (
        f"The {what} has {state} in it, and the {of} does not lead there within two steps: relate it to the state, or "
        f"to something that is related to it."
    )
    return fault(value_of(quad.subject), quad.predicate, value_of(quad.object), message, term=quad.object)


def _pattern(view: GraphView, state: Any) -> re.Pattern[str]:
    """Return what finds the name of a state and the words made from it."""
    texts = {value.value for prop in _NAMES for value in view.values(state, prop)}
    words = (f"{text[:_STEM]}[a-z]*" if len(text) > _STEM and text.isalpha() else re.escape(text) for text in texts)
    return re.compile(rf"\b(?:{'|'.join(sorted(words))})\b")


def _without(text: str, things: Iterable[Any], view: GraphView) -> str:
    """Return a sentence without the names of organisations in it."""
    for name in (value.value for thing in things for prop in _NAMES for value in view.values(thing, prop)):
        text = text.replace(name, "")
    return text


def _steps(quads: Iterable[Quad]) -> dict[Any, set[Any]]:
    """Return what each thing is related to, by itself or by a claim, and each claim to what it is about."""
    steps: dict[Any, set[Any]] = defaultdict(set)
    for quad in quads:
        if quad.predicate.value.startswith(TERMS) and isinstance(quad.object, NamedNode):
            steps[quad.subject].add(quad.object)
    for claim in read_claims(quads):
        steps[claim.subject] |= steps[claim.iri]
    return steps


def _near(steps: dict[Any, set[Any]], start: Any, number: int) -> set[Any]:
    found = {start}
    for _ in range(number):
        found |= {end for term in found for end in steps.get(term, ())}
    return found


def _narrower(view: GraphView, classes: Iterable[NamedNode]) -> set[NamedNode]:
    return set(reachable(classes, lambda kind: view.subjects(RDFS.subClassOf, kind)))


def _counted_developments(quads: Iterable[Quad], view: GraphView) -> Iterator[Result]:
    for claim in read_claims(quads):
        for prop, end in _COUNTED:
            thing = claim.one(end)
            if claim.all(prop) and DK.Development in view.values(thing, RDF.type) and not _is_several(view, thing):
                message = (
                    "A development is one, so no part of it is counted: count those who have it, with a limit and "
                    "dk:limitQuantifier, or say with dk:degree how far it goes."
                )
                yield fault(claim.iri.value, prop, None, message)


def _is_several(view: GraphView, thing: Any) -> bool:
    """Whether the label of a thing names several: "successes"."""
    texts = view.texts(thing, RDFS.label)
    return any((language := find_language(tag)) and language.is_counted(text) for tag, text in texts.items())
