"""What is wrong with what is said of documents, things and topics, as far as no shape can see it."""

from collections.abc import Collection, Iterable, Iterator
from functools import partial
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.claims.derivation import measure_coverage
from digitech_kg.claims.times import is_date
from digitech_kg.errors import name_some
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, Namespaces, value_of
from digitech_kg.sources.project import is_language
from digitech_kg.triple_store import ill_typed
from digitech_kg.validation.report import Result, fault, warn

#: What leads from something to what it belongs under.
_ABOVE: Final = frozenset((DK.isPartOf, DK.isKindOf, SKOS.broader))
#: Facts about an agent that nobody would dispute: what it is a part or kind of, where it is, and whom it belongs to.
_UNDISPUTED: Final = frozenset((DK.isPartOf, DK.isKindOf, DK.isRelatedTo, DK.isLocatedIn, DK.isAffiliatedWith))
#: Properties that show what something is said about, and whether a claim says it.
_OF_CLAIMS: Final = frozenset(
    (RDF.type, RDFS.subClassOf, DK.sentencePattern, DK.subject, DK.predicate, DK.object, DK.value)
)


def check_metadata(quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield publication dates that aren't dates, and languages without a tag.

    Dates decide which of two documents is later, and tags decide in which language words of a text are looked for.
    """
    mends = {
        DCTERMS.issued: 'no day, month or year: write "2021-06-03"^^xsd:date, "2021-06"^^xsd:gYearMonth or '
        '"2021"^^xsd:gYear, or if it is undated roughly "2021~"^^edtf:EDTF.',
        DCTERMS.language: "no tag of a language: write en, nb (not no) or zh-hans.",
    }
    for quad in (q for q in quads if q.predicate in mends and value_of(q.subject).startswith(names.prefixes["id"])):
        is_tag = not isinstance(quad.object, Literal) or is_language(quad.object.value)
        if not (is_date(quad.object) if quad.predicate == DCTERMS.issued else is_tag):
            yield fault(quad.subject, quad.predicate, quad.object, f"This is {mends[quad.predicate]}")


def check_extent(quads: Iterable[Quad], about: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield the documents among `about` that are said to be modelled whole, with passages that nothing cites."""
    whole = {quad.subject for quad in about if (quad.predicate, quad.object) == (DK.extentModelled, DK.whole)}
    for found in measure_coverage(quads, names) if whole else ():
        lacking = [iri.rpartition("/")[2] for iri in found.uncovered]
        if lacking and names.thing(found.document) in whole:
            message = (
                f"Nothing cites {name_some(lacking, 3)}, though the document is said to be modelled whole: cite them, "
                "or write dk:selected. `digitech-kg coverage --uncovered` lists them."
            )
            yield warn(names.thing(found.document), DK.extentModelled, DK.whole, message)


def check_literals(quads: Collection[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield the literals that are no value of their datatype."""
    wrong = ill_typed(quad.object for quad in quads if isinstance(quad.object, Literal))
    for subject, prop, value, _ in (quad for quad in quads if quad.object in wrong):
        if prop == DCTERMS.issued and subject.value.startswith(names.prefixes["id"]) and not is_date(value):
            continue  # `check_metadata` tells it.
        message = (
            f"“{value.value}” of {names.shorten(prop.value)} isn't an {names.shorten(value.datatype.value)} that "
            "queries can compare: correct it, or its datatype."
        )
        yield warn(subject, prop, value, message)


def check_hierarchy(quads: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield once what is above itself: part of itself, a kind of itself, or a topic below itself."""
    view = GraphView(quad for quad in quads if quad.predicate in _ABOVE)
    for prop in _ABOVE:
        told = set[Any]()
        for node in sorted((node for node, _ in view.links(prop)), key=str):
            upwards = set(reachable(view.values(node, prop), partial(view.values, predicate=prop)))
            if node in upwards and node not in told:
                told |= upwards
                message = f"By {names.shorten(prop.value)} this is above itself, maybe through others: remove a link."
                yield warn(node, prop, None, message)


def check_unclaimed(quads: Iterable[Quad], about: Iterable[Quad], names: Namespaces) -> Iterator[Result]:
    """Yield what `about` says of companies, states and people as if it were so, without a claim among `quads`.

    What is said of groups and matters only spells out their names.
    """
    view, graphs = GraphView(quad for quad in quads if quad.predicate in _OF_CLAIMS), names.graphs
    agents, groups = (set(reachable([top], partial(view.subjects, RDFS.subClassOf))) for top in (DK.Agent, DK.Group))
    said_by_claims = {prop for prop, _ in view.links(DK.sentencePattern)} - _UNDISPUTED
    for subject, prop, value, graph in about:
        is_own = graph == graphs.things or graphs.document_of(graph) is not None
        if not is_own or graphs.is_derived(graph) or prop not in said_by_claims:
            continue
        kinds = set(view.values(subject, RDF.type))
        claims = view.subjects(DK.subject, subject) if kinds & agents and not kinds & groups else None
        if claims is not None and not any(_states(view, claim, prop, value) for claim in claims):
            subject_name, name = names.shorten(subject.value), names.shorten(prop.value)
            message = (
                f"No claim says “{subject_name} {name}”: state it as a claim, with dk:subject {subject_name}, "
                f"dk:predicate {name} and dk:statedIn (dk:attestedBy for a source from outside), and take it out here."
            )
            yield warn(subject, prop, value, message)


def _states(view: GraphView, claim: Any, prop: NamedNode, value: Any) -> bool:
    ends = (*view.values(claim, DK.object), *view.values(claim, DK.value))
    return prop in view.values(claim, DK.predicate) and value in ends
