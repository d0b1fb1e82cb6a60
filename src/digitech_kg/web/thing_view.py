"""What a page says of one resource: facts by predicate, what others say of it, and what follows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import BASE, PREFIXES
from digitech_kg.web import browse_queries
from digitech_kg.web.browse_queries import MOST_ROWS
from digitech_kg.web.claim_views import ClaimView, RawClaims, iris_in, load_claims, view_claims
from digitech_kg.web.names import Name, Names, Value
from digitech_kg.web.page_queries import query_thing
from digitech_kg.web.reader import GraphReader, Row, Term, node

_DERIVED = frozenset(PREFIXES["graph"] + name for name in ("statements", "evidence", "inferred", "catalog"))
_INFERRED = PREFIXES["graph"] + "inferred"
_OUTSIDE = (PREFIXES["graph"] + "external/", PREFIXES["graph"] + "links")
_LABEL, _TYPE = PREFIXES["rdfs"] + "label", PREFIXES["rdf"] + "type"
_ALIAS, _DEFINITION = PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "definition"
#: Shown elsewhere on the page than among the properties.
_SHOWN_APART = frozenset((_LABEL, _TYPE, _ALIAS, _DEFINITION, PREFIXES["rdfs"] + "comment"))


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A triple that is no claim: given by a file, from outside, or inferred (then with the address of its proof)."""

    value: Value
    graph: str
    why: str = ""


@dataclass(frozen=True)
class ThingView:
    """Everything that the page of a resource shows."""

    name: Name
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    definition: str
    kinds: tuple[Name, ...]
    #: Claims with the thing as subject, by predicate.
    facts: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    outside_claims: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    properties: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    outside: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    inferred: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    #: Claims with the thing as object, by predicate.
    incoming: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    beside: tuple[ClaimView, ...]
    pointing: tuple[tuple[Name, tuple[Name, ...]], ...]
    truncated: bool

    @property
    def query(self) -> str:
        """A query for what is on the page."""
        return query_thing(self.name.iri)


def view_thing(reader: GraphReader, iri: str, language: str) -> ThingView:
    """Read what the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    this = node(iri)
    triples = reader.rows(browse_queries.TRIPLES.format(this=this, limit=MOST_ROWS + 1))
    about, more_about = load_claims(reader, browse_queries.CLAIMS_ABOUT, iri)
    towards, more_towards = load_claims(reader, browse_queries.CLAIMS_TO, iri)
    beside, more_beside = load_claims(reader, browse_queries.CLAIMS_BESIDE, iri)
    pointing = reader.rows(browse_queries.INCOMING.format(this=this, limit=MOST_ROWS + 1))
    if not (triples or about or towards or beside or pointing):
        raise NotFound(f"the graph holds nothing about {iri.removeprefix(BASE)}", hint="Search for what you meant.")
    names = Names(reader, language, {iri} | _iris(triples, pointing) | _all_iris(about, towards, beside))
    claims = view_claims(about, names)
    texts = _texts(triples)
    return ThingView(
        name=names.name(iri),
        labels=tuple(sorted(names.labels(iri).items())),
        aliases=texts(_ALIAS),
        definition=next(iter(texts(_DEFINITION)), ""),
        kinds=tuple(names.name(kind) for kind in names.name(iri).kinds),
        facts=_by_predicate(c for c in claims if not c.external),
        outside_claims=_by_predicate(c for c in claims if c.external),
        properties=_plain(triples, names, lambda g: g not in _DERIVED and not g.startswith(_OUTSIDE), _SHOWN_APART),
        outside=_plain(triples, names, lambda g: g.startswith(_OUTSIDE), _SHOWN_APART),
        inferred=_plain(triples, names, lambda g: g == _INFERRED, frozenset(), subject=iri),
        incoming=_by_predicate(view_claims(towards, names)),
        beside=view_claims(beside, names),
        pointing=_pointing(pointing, names),
        truncated=more_about or more_towards or more_beside or max(len(triples), len(pointing)) > MOST_ROWS,
    )


def _iris(*results: Iterable[Row]) -> set[str]:
    return {term.value for rows in results for row in rows for term in row.values() if term.kind == "uri"}


def _all_iris(*claims: RawClaims) -> set[str]:
    return set().union(*(iris_in(group) for group in claims))


def _texts(triples: list[Row]) -> Callable[[str], tuple[str, ...]]:
    def of(prop: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row["value"].value for row in triples if row["property"].value == prop))

    return of


def _by_predicate(claims: Iterable[ClaimView]) -> tuple[tuple[Name, tuple[ClaimView, ...]], ...]:
    groups: dict[Name, list[ClaimView]] = defaultdict(list)
    for claim in claims:
        groups[claim.predicate].append(claim)
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda n: n.text.casefold()))


def _plain(
    triples: list[Row], names: Names, wanted: Callable[[str], bool], hidden: frozenset[str], *, subject: str = ""
) -> tuple[tuple[Name, tuple[PlainFact, ...]], ...]:
    groups: dict[Name, list[PlainFact]] = defaultdict(list)
    for row in triples:
        graph, prop, value = row["graph"].value, row["property"].value, row["value"]
        if not wanted(graph) or prop in hidden or value.kind == "bnode":
            continue
        why = _why(subject, prop, value) if subject else ""
        fact = PlainFact(names.value(value), graph.removeprefix(PREFIXES["graph"]), why)
        if fact not in groups[names.name(prop)]:
            groups[names.name(prop)].append(fact)
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda n: n.text.casefold()))


def _why(subject: str, prop: str, value: Term) -> str:
    """Give the address of the proof of an inferred triple."""
    end = value.value if value.kind == "uri" else json.dumps(value.value, ensure_ascii=False)
    if value.language or value.datatype:
        end += f"@{value.language}" if value.language else f"^^<{value.datatype}>"
    return url_for("why.why", subject=subject, predicate=prop, object=end)


def _pointing(rows: list[Row], names: Names) -> tuple[tuple[Name, tuple[Name, ...]], ...]:
    groups: dict[Name, list[Name]] = defaultdict(list)
    for row in rows:
        groups[names.name(row["property"].value)].append(names.name(row["thing"].value))
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda n: n.text.casefold()))
