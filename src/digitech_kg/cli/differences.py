"""A change as text in a terminal: by thing and claim, what went and what came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from digitech_kg.build import Collision
from digitech_kg.namespaces import DK, RDFS, XSD, shorten, value_of
from digitech_kg.snapshot import Change, Snapshot, Topic, group_change, is_written_by_hand
from digitech_kg.snapshot.grouping import Edit, claims_without_subject, labels_in
from digitech_kg.triple_store import open_read_only

_LONGEST = 160


def describe_change(change: Change, snapshot: Snapshot | None) -> Iterator[str]:
    """Yield lines of text; a kept snapshot tells what things are called, and what claims are about.

    Of a dataset that derives, what is written by hand is shown, and the rest is counted.
    """
    derives = snapshot is not None and snapshot.manifest.derives
    shown = change.only(is_written_by_hand) if derives else change
    subjects = _subjects_of(claims_without_subject(shown), snapshot)
    topics = group_change(shown, subjects)
    names = _names(topics, shown, snapshot)
    for topic in topics:
        yield from _lines(topic, names)
    if derives:
        rest = Counter(_graph(quad) for quad in change.added | change.removed if not is_written_by_hand(quad))
        if rest:
            counts = ", ".join(f"{count:,} in {name}" for name, count in sorted(rest.items()))
            yield f"Quads that follow from it: {counts}"


def describe_collisions(collisions: Iterable[Collision]) -> Iterator[str]:
    """Yield lines of text: of each thing that changed twice, what was changed online and what in the files."""
    for collision in collisions:
        yield f"{shorten(collision.subject.strip('<>'))}  [{shorten(collision.graph.strip('<>'))}]"
        for where, change in (("online", collision.online), ("in the files", collision.files)):
            yield f"  {where}:"
            for topic in group_change(change):
                yield from (f"  {line}" for line in _edit_lines(topic.edits[0], "  "))


def _lines(topic: Topic, names: Mapping[str, str]) -> Iterator[str]:
    yield _title(topic.thing, names)
    for edit in topic.edits:
        if edit.resource != topic.thing:
            yield f"  {_title(edit.resource, names)}"
        yield from _edit_lines(edit, "  " if edit.resource == topic.thing else "    ")


def _edit_lines(edit: Edit, indent: str) -> Iterator[str]:
    for sign, quads in (("-", edit.removed), ("+", edit.added)):
        yield from (f"{indent}{sign} {_statement(quad, edit.resource)}" for quad in quads)


def _title(iri: str, names: Mapping[str, str]) -> str:
    label = names.get(iri, "")
    return f"{shorten(iri) if iri else 'Nodes without a name'}{f'  {_cut(label)}' if label else ''}"


def _statement(quad: Quad, resource: str) -> str:
    subject = "" if value_of(quad.subject) == resource else f"{quad.subject} "
    where = "" if isinstance(quad.graph_name, DefaultGraph) else f"  [{_graph(quad)}]"
    return f"{subject}{shorten(quad.predicate.value)} {_term(quad.object)}{where}"


def _graph(quad: Quad) -> str:
    return shorten(quad.graph_name.value) if isinstance(quad.graph_name, NamedNode) else str(quad.graph_name)


def _term(term: object) -> str:
    if isinstance(term, NamedNode):
        return shorten(term.value)
    if isinstance(term, Literal):
        text = str(Literal(term.value))
        if term.language:
            return f"{text}@{term.language}"
        return text if term.datatype == XSD.string else f"{text}^^{shorten(term.datatype.value)}"
    return str(term)


def _names(topics: list[Topic], change: Change, snapshot: Snapshot | None) -> dict[str, str]:
    """Give what things and claims are called: by the change itself, else by the snapshot."""
    names = {iri: labels.get("en") or next(iter(labels.values())) for iri, labels in labels_in(change).items()}
    missing = {iri for t in topics for iri in (t.thing, *(e.resource for e in t.edits)) if iri and iri not in names}
    if snapshot is not None and missing:
        store = open_read_only(snapshot.store)
        for iri in missing:
            for predicate in (RDFS.label, RDFS.comment):
                found = [q.object for q in store.quads_for_pattern(NamedNode(iri), predicate, None)]
                texts = {o.language or "": o.value for o in found if isinstance(o, Literal)}
                if texts:
                    names.setdefault(iri, texts.get("en") or next(iter(texts.values())))
    return names


def _subjects_of(claims: set[str], snapshot: Snapshot | None) -> dict[str, str]:
    if snapshot is None or not claims:
        return {}
    store = open_read_only(snapshot.store)
    found = ((c, next(store.quads_for_pattern(NamedNode(c), DK.subject, None), None)) for c in claims)
    return {claim: value_of(quad.object) for claim, quad in found if quad is not None}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
