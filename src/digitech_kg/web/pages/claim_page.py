"""What the page of one claim shows, and that of one passage."""

from __future__ import annotations

from dataclasses import dataclass

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import BASE, PREFIXES
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims, load_retrieval, view_claims
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.page_queries import query_claim, query_passage
from digitech_kg.web.reading.reader import GraphReader, Row, node
from digitech_kg.web.reading.text_copy import TextCopy

_DK = PREFIXES["dk"]


@dataclass(frozen=True)
class ClaimPage:
    """A claim, the claims that bear on it, and whether it gives a plain statement."""

    claim: ClaimView
    #: Claims that support, dispute, … this one.
    bearing: tuple[ClaimView, ...]
    #: Why it is no plain statement: the reserves it is made with; empty if it is one.
    reserves: tuple[str, ...]
    #: When what a source says was fetched, by the source's IRI.
    retrieved: dict[str, str]

    @property
    def query(self) -> str:
        """A query for what is on the page."""
        return query_claim(self.claim.iri)


@dataclass(frozen=True)
class PassagePage:
    """A passage, its place, and what is taken from it."""

    name: Name
    kind: Name | None
    page: str
    page_is_estimated: bool
    section: Name | None
    document: Name | None
    parents: tuple[Name, ...]
    claims: tuple[ClaimView, ...]
    things: tuple[Name, ...]
    repeats: tuple[Name, ...]
    text_hash: str
    #: From a reader's own copy, if its hash fits.
    quotation: str | None
    parts: tuple[Name, ...]

    @property
    def query(self) -> str:
        """A query for what is on the page."""
        return query_passage(self.name.iri)


def view_claim(reader: GraphReader, iri: str, language: str) -> ClaimPage:
    """Read what the page of a claim shows. Raises `NotFound` if there is no such claim."""
    own, _ = load_claims(reader, "BIND({this} AS ?claim) ?claim dk:predicate ?any .", iri)
    if iri not in own:
        raise NotFound(f"there is no claim '{iri.removeprefix(BASE)}'", hint="Search for what you meant.")
    others, _ = load_claims(reader, browse_queries.CLAIMS_ON, iri)
    names = Names(reader, language, iris_in(own) | iris_in(others))
    views = view_claims(own, names)
    if not views:
        raise NotFound(f"the claim '{iri.removeprefix(BASE)}' is incomplete", hint="Run: digitech-kg validate")
    retrieved = load_retrieval(reader, {source.iri for source in views[0].sources})
    return ClaimPage(views[0], view_claims(others, names), _reserves(views[0]), retrieved)


def _reserves(claim: ClaimView) -> tuple[str, ...]:
    found = (
        ("external", claim.external),
        ("certainty", claim.certainty.key != "asserted"),
        ("holder", bool(claim.holders)),
        ("quantifier", claim.quantifier is not None),
        ("limits", bool(claim.limits)),
    )
    return tuple(name for name, holds in found if holds)


def view_passage(reader: GraphReader, iri: str, language: str, copy: TextCopy | None = None) -> PassagePage:
    """Read what the page of a passage shows. Raises `NotFound` if there is no such passage."""
    rows = reader.rows(browse_queries.PASSAGE.format(this=node(iri)))
    if not rows:
        raise NotFound(f"there is no passage '{iri.removeprefix(BASE)}'", hint="Search for what you meant.")
    raw, _ = load_claims(reader, browse_queries.CLAIMS_IN, iri)
    names = Names(reader, language, iris_in(raw) | {t.value for row in rows for t in row.values() if t.kind == "uri"})
    kinds = {name.iri: names.name(name.iri) for name in _names(rows, "kind", names)}
    ancestors = _names(rows, "ancestor", names)
    return PassagePage(
        name=names.name(iri),
        kind=next(iter(kinds.values()), None),
        page=_text(rows, "page"),
        page_is_estimated=_text(rows, "estimated") == "true",
        section=next((a for a in ancestors if _DK + "Section" in a.kinds), None),
        document=next((a for a in ancestors if a.iri.startswith(PREFIXES["id"])), None),
        parents=ancestors,
        claims=view_claims(raw, names),
        things=_names(rows, "thing", names),
        repeats=_names(rows, "repeats", names),
        text_hash=_text(rows, "hash"),
        quotation=_quote(rows, copy),
        parts=_names(rows, "part", names),
    )


def _quote(rows: list[Row], copy: TextCopy | None) -> str | None:
    if copy is None or not _text(rows, "hash"):
        return None
    return copy.quote(int(_text(rows, "start")), int(_text(rows, "end")), _text(rows, "hash"))


def _names(rows: list[Row], variable: str, names: Names) -> tuple[Name, ...]:
    return tuple(names.name(iri) for iri in dict.fromkeys(row[variable].value for row in rows if variable in row))


def _text(rows: list[Row], variable: str) -> str:
    return next((row[variable].value for row in rows if variable in row), "")
