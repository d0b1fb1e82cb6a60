"""Claims as pages show them: what is said, how firmly, by whom, within which limits, and where."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.names import Name, Names, Value
from digitech_kg.web.reading.reader import GraphReader, Term, node, values

_DK = PREFIXES["dk"]
_COMMENT = PREFIXES["rdfs"] + "comment"
_NOTE = PREFIXES["skos"] + "scopeNote"
_TYPE = PREFIXES["rdf"] + "type"
#: How claims bear on claims.
RELATIONS = ("supports", "qualifies", "disputes", "illustrates", "contrastsWith", "followsFrom", "repeats")

RawClaims = dict[str, dict[str, list[Term]]]


@dataclass(frozen=True)
class ClaimView:
    """A claim for a page."""

    iri: str
    href: str | None
    comment: str
    notes: tuple[str, ...]
    subject: Name
    predicate: Name
    object: Value
    certainty: Name
    cues: tuple[str, ...]
    negated: bool
    external: bool
    holders: tuple[Name, ...]
    stance: Name | None
    quantifier: Name | None
    limits: tuple[Name, ...]
    reasons: tuple[Name, ...]
    time: str
    passages: tuple[Name, ...]
    sources: tuple[Name, ...]
    relations: tuple[tuple[Name, tuple[Name, ...]], ...]

    @property
    def plainly_denied(self) -> bool:
        """Whether it is denied without reserve: "denied" tells all then, and "asserted" beside it would confuse."""
        return self.negated and self.certainty.key == "asserted"

    @property
    def disputed(self) -> bool:
        """Whether the author says that the view is wrong."""
        return self.stance is not None and self.stance.key == "disputed"


def load_claims(
    reader: GraphReader, pattern: str, this: str, *, limit: int = browse_queries.MOST_ROWS, offset: int = 0
) -> tuple[RawClaims, bool]:
    """Read the claims that a pattern of `browse_queries` finds, by IRI; also give whether there are more."""
    which = pattern.format(this=node(this))
    found: RawClaims = defaultdict(lambda: defaultdict(list))
    for row in reader.rows(browse_queries.CLAIMS.format(which=which, limit=limit + 1, offset=offset)):
        terms = found[row["claim"].value][row["property"].value]
        if row["value"] not in terms:
            terms.append(row["value"])
    kept = sorted(found)[:limit]
    return {iri: found[iri] for iri in kept}, len(found) > limit


def load_retrieval(reader: GraphReader, sources: set[str]) -> dict[str, str]:
    """Give when what each source says was fetched, by the source's IRI."""
    rows = reader.rows(browse_queries.RETRIEVED.format(these=values(sources))) if sources else []
    return {row["source"].value: row["date"].value for row in rows}


def iris_in(claims: RawClaims) -> set[str]:
    """Give every IRI that has to be named to show the claims."""
    iris = set(claims)
    for properties in claims.values():
        iris |= properties.keys()
        iris |= {term.value for terms in properties.values() for term in terms if term.kind == "uri"}
    return iris


def view_claims(claims: RawClaims, names: Names) -> tuple[ClaimView, ...]:
    """Give claims for a page, by IRI. Claims without subject or predicate are left out: nothing can be said of them."""
    complete = {i: p for i, p in claims.items() if p.get(_DK + "subject") and p.get(_DK + "predicate")}
    return tuple(_view(iri, properties, names) for iri, properties in sorted(complete.items()))


def _view(iri: str, properties: dict[str, list[Term]], names: Names) -> ClaimView:
    def many(local: str) -> tuple[Name, ...]:
        return tuple(names.name(term.value) for term in properties.get(_DK + local, ()) if term.kind == "uri")

    def one(local: str) -> Name | None:
        return next(iter(many(local)), None)

    def texts(full: str) -> tuple[str, ...]:
        return tuple(term.value for term in properties.get(full, ()))

    value = next(iter(properties.get(_DK + "object") or properties.get(_DK + "value") or ()), None)
    name = names.name(iri)
    return ClaimView(
        iri=iri,
        href=name.href,
        comment=next(iter(texts(_COMMENT)), name.text),
        notes=texts(_NOTE),
        subject=names.name(properties[_DK + "subject"][0].value),
        predicate=names.name(properties[_DK + "predicate"][0].value),
        object=names.value(value) if value else Value(),
        certainty=one("certainty") or names.name(_DK + "certainty"),
        cues=texts(_DK + "hedgeCue"),
        negated="true" in texts(_DK + "negated"),
        external=_DK + "ExternalClaim" in texts(_TYPE),
        holders=many("heldBy"),
        stance=one("stance"),
        quantifier=one("quantifier"),
        limits=many("limitedTo"),
        reasons=many("citedReason"),
        time=", ".join(texts(_DK + "time")),
        passages=many("statedIn"),
        sources=many("attestedBy"),
        relations=tuple((names.name(_DK + r), many(r)) for r in RELATIONS if properties.get(_DK + r)),
    )
