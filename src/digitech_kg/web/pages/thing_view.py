"""What a page says of one resource: facts by predicate, what others say of it, and what follows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import url_for

from digitech_kg.errors import NotFound
from digitech_kg.linking.targets import target_of
from digitech_kg.namespaces import BASE, PREFIXES
from digitech_kg.web.pages.glance import Answer, answer_questions, count_firmness
from digitech_kg.web.pages.neighbourhood import Neighbourhood, draw_neighbourhood
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.browse_queries import MOST_ROWS
from digitech_kg.web.reading.claim_views import ClaimView, RawClaims, iris_in, load_claims, load_retrieval, view_claims
from digitech_kg.web.reading.names import Name, Names, Value
from digitech_kg.web.reading.page_queries import query_thing
from digitech_kg.web.reading.reader import GraphReader, Row, Term, node

_DERIVED = frozenset(PREFIXES["graph"] + name for name in ("statements", "evidence", "inferred", "catalog"))
_INFERRED = PREFIXES["graph"] + "inferred"
_CATALOG, _LINKS, _OUTSIDE = (PREFIXES["graph"] + name for name in ("catalog", "links", "external/"))
_LABEL, _TYPE = PREFIXES["rdfs"] + "label", PREFIXES["rdf"] + "type"
_SOURCE = PREFIXES["dk"] + "attestedBy"
_ALIAS, _DEFINITION = PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "definition"
#: Shown elsewhere on the page than among the properties.
_SHOWN_APART = frozenset((_LABEL, _TYPE, _ALIAS, _DEFINITION, PREFIXES["rdfs"] + "comment"))
#: Lists of parts of the dataset, by the hundred; each has a page of its own.
_PARTS = frozenset(
    PREFIXES["void"] + name for name in ("classPartition", "propertyPartition", "subset", "dataDump")
) | {
    PREFIXES["dcat"] + "distribution",
    PREFIXES["sd"] + "namedGraph",
}
#: A name longer than this is not repeated in front of what points to it.
_BRIEF = 32


@dataclass(frozen=True, slots=True)
class PlainFact:
    """A triple that is no claim: given by a file, from outside, or inferred (then with the address of its proof)."""

    value: Value
    #: Where it is from or leads to.
    note: str = ""
    why: str = ""


@dataclass(frozen=True)
class ThingView:
    """Everything that the page of a resource shows."""

    name: Name
    labels: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    definition: str
    kinds: tuple[Name, ...]
    #: What people ask first of things of its kind.
    glance: tuple[Answer, ...]
    #: Claims about what a recommendation advises.
    advice: tuple[ClaimView, ...]
    #: How many claims of the document there are of each certainty, on a page that has all of them.
    firmness: tuple[tuple[Name, int], ...]
    #: How many more deny without reserve.
    denied: int
    neighbourhood: Neighbourhood | None
    #: Claims with the thing as subject, by predicate, but those at a glance.
    facts: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    outside_claims: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    properties: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    outside: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    #: What it is called in other data.
    links: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    #: What the catalogue tells of the dataset or of a part of it.
    described: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    inferred: tuple[tuple[Name, tuple[PlainFact, ...]], ...]
    #: Claims with the thing as object, by predicate.
    incoming: tuple[tuple[Name, tuple[ClaimView, ...]], ...]
    beside: tuple[ClaimView, ...]
    pointing: tuple[tuple[Name, tuple[Name, ...]], ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]
    part: int
    parts: int

    @property
    def path(self) -> str:
        """Its IRI without the part that all of ours share."""
        return self.name.iri.removeprefix(BASE)

    @property
    def brief_name(self) -> str:
        """Its name where that is short, else ""."""
        return self.name.text if len(self.name.text) <= _BRIEF else ""

    @property
    def key(self) -> str:
        """Its name in the explorer."""
        return self.name.iri.removeprefix(PREFIXES["id"])

    @property
    def readable_as(self) -> str:
        """The name of its reading view, if it is a document whose passages are in the graph."""
        parts = (name for predicate, names in self.pointing if predicate.key == "isPartOf" for name in names)
        return self.key if any(name.iri.startswith(f"{PREFIXES['passage']}{self.key}/") for name in parts) else ""

    @property
    def query(self) -> str:
        """A query for what is on the page."""
        return query_thing(self.name.iri)


@dataclass(frozen=True)
class _Raw:
    """Everything that one part of a page is made of."""

    triples: list[Row]
    about: RawClaims
    towards: RawClaims
    beside: RawClaims
    advice: RawClaims
    pointing: list[Row]
    texts: list[Row]
    parts: int

    @property
    def claims(self) -> tuple[RawClaims, ...]:
        return (self.about, self.towards, self.beside, self.advice)


def view_thing(reader: GraphReader, iri: str, language: str, part: int = 1) -> ThingView:
    """Read what a part of the page of a resource shows. Raises `NotFound` if the graph holds nothing about it."""
    raw = _read(reader, iri, part)
    sources = {t.value for group in raw.claims for c in group.values() for t in c.get(_SOURCE, ())}
    names = Names(reader, language, {iri} | _iris(raw.triples, raw.pointing) | _all_iris(*raw.claims))
    about, towards = view_claims(raw.about, names), view_claims(raw.towards, names)
    types = [row["value"].value for row in raw.triples if row["property"].value == _TYPE]
    glance = answer_questions(types, about, towards) if part == 1 else ()
    told = {claim.iri for answer in glance for claim in answer.claims}
    rest = [claim for claim in about if claim.iri not in told]
    counted = [c for c in (*about, *towards) if not c.external] if raw.parts == 1 else []
    texts = _texts(raw.texts)
    return ThingView(
        name=names.name(iri),
        labels=tuple(sorted(names.labels(iri).items())),
        aliases=texts(_ALIAS),
        definition=next(iter(texts(_DEFINITION)), ""),
        kinds=tuple(names.name(kind) for kind in names.name(iri).kinds),
        glance=glance,
        advice=view_claims(raw.advice, names),
        firmness=count_firmness(counted),
        denied=sum(claim.plainly_denied for claim in counted),
        neighbourhood=draw_neighbourhood(names.name(iri), (*about, *towards)) if part == 1 else None,
        facts=_by_predicate(c for c in rest if not c.external),
        outside_claims=_by_predicate(c for c in rest if c.external),
        properties=_plain(raw.triples, names, _is_own, _SHOWN_APART),
        outside=_plain(raw.triples, names, lambda g: g.startswith(_OUTSIDE), _SHOWN_APART),
        links=_plain(raw.triples, names, lambda g: g == _LINKS, _SHOWN_APART),
        described=_plain(raw.triples, names, lambda g: g == _CATALOG, _SHOWN_APART | _PARTS),
        inferred=_plain(raw.triples, names, lambda g: g == _INFERRED, frozenset(), subject=iri),
        incoming=_by_predicate(claim for claim in towards if claim.iri not in told),
        beside=view_claims(raw.beside, names),
        pointing=_pointing(raw.pointing, names),
        retrieved=load_retrieval(reader, sources),
        part=part,
        parts=raw.parts,
    )


def _read(reader: GraphReader, iri: str, part: int) -> _Raw:
    this, offset = node(iri), (part - 1) * MOST_ROWS
    triples = reader.rows(browse_queries.TRIPLES.format(this=this, limit=MOST_ROWS + 1, offset=offset))
    pointing = reader.rows(browse_queries.INCOMING.format(this=this, limit=MOST_ROWS + 1, offset=offset))
    patterns = (browse_queries.CLAIMS_ABOUT, browse_queries.CLAIMS_TO, browse_queries.CLAIMS_BESIDE)
    lists = [load_claims(reader, pattern, iri, offset=offset) for pattern in patterns]
    (about, _), (towards, _), (beside, _) = lists
    advice, _ = load_claims(reader, browse_queries.CLAIMS_ABOUT_ADVICE, iri) if part == 1 else ({}, False)
    if not (triples or pointing or any(claims for claims, _ in lists)):
        which = f"part {part} of " if part > 1 else ""
        hint = "Search for what you meant."
        raise NotFound(f"the graph holds nothing about {which}{iri.removeprefix(BASE)}", hint=hint)
    is_long = part > 1 or max(len(triples), len(pointing)) > MOST_ROWS or any(more for _, more in lists)
    return _Raw(
        triples[:MOST_ROWS],
        about,
        towards,
        beside,
        advice,
        pointing[:MOST_ROWS],
        reader.rows(browse_queries.TEXTS.format(this=this)),
        _count_parts(reader, this) if is_long else 1,
    )


def _count_parts(reader: GraphReader, this: str) -> int:
    """Give into how many parts the longest list of the page falls."""
    counts = [int(row["count"].value) for row in reader.rows(browse_queries.LENGTHS.format(this=this))]
    return max(1, -(-max(counts) // MOST_ROWS))


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
        fact = PlainFact(names.value(value), _note(graph, value), why)
        if fact not in groups[names.name(prop)]:
            groups[names.name(prop)].append(fact)
    return tuple((name, tuple(groups[name])) for name in sorted(groups, key=lambda n: n.text.casefold()))


def _is_own(graph: str) -> bool:
    return graph not in _DERIVED and graph != _LINKS and not graph.startswith(_OUTSIDE)


def _note(graph: str, value: Term) -> str:
    if graph == _LINKS and (target := target_of(value.value)) is not None:
        return target.title
    return graph.removeprefix(PREFIXES["graph"]) if graph.startswith(_OUTSIDE) else ""


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
