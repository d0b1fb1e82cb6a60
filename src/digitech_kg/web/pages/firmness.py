"""`/firmness`: how firmly documents speak, and the claims that they put in one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

from flask import Blueprint, render_template, request

from digitech_kg.book import Book, ClaimFilter, ClaimGroup
from digitech_kg.claims.firmness import KINDS, LEVELS, OTHER_LEVEL, VOICES, Firmness
from digitech_kg.claims.reserves import LIMITS
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK, Namespaces
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.documents import DocumentEntry, find_document, list_documents
from digitech_kg.web.reading.labels import part_of
from digitech_kg.web.reading.reader import GraphReader, query_for_people
from digitech_kg.web.site import Site

_PER_PART: Final = 50
_RESERVES: Final = ("limit", "condition")


#: Claims with their sentences, how they are put, and where; `$which` narrows them.
_QUERY: Final = """# Claims as sentences, with how firmly they are put and where.
SELECT DISTINCT ?statement ?kind ?certainty ?word ?holder ?document ?passage
WHERE {
  GRAPH ?graph { ?claim a dk:Claim ; dk:statedIn ?where . }
  ?claim dk:sentence ?statement .
  FILTER(LANGMATCHES(LANG(?statement), "$language"))
$which  OPTIONAL { ?claim dk:mood/rdfs:label ?kind . FILTER(LANGMATCHES(LANG(?kind), "$language")) }
  OPTIONAL { ?claim dk:certainty/rdfs:label ?certainty . FILTER(LANGMATCHES(LANG(?certainty), "$language")) }
  OPTIONAL { ?claim dk:cue ?word }
  OPTIONAL { ?claim dk:heldBy/rdfs:label ?holder . FILTER(LANGMATCHES(LANG(?holder), "$language")) }
  OPTIONAL { ?where dk:isPartOf+ ?whole . ?whole dcterms:title ?document }
  OPTIONAL { ?where rdfs:label ?passage . FILTER(LANGMATCHES(LANG(?passage), "$language")) }
}
ORDER BY ?document ?passage ?statement
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of the board: how many claims of a kind are so certain, and which words show it."""

    firm: Firmness
    count: int
    cues: tuple[str, ...]
    chosen: bool

    @property
    def shade(self) -> int:
        """How dark it is, from 1 to 4."""
        return 1 + sum(self.count >= least for least in (5, 20, 100))


@dataclass(frozen=True)
class Board:
    """How firmly the chosen documents speak, and one part of the claims that a filter takes."""

    filter: ClaimFilter
    documents: tuple[DocumentEntry, ...]
    document: DocumentEntry | None
    total: int
    plain: int
    #: The levels of certainty that have a column, from the most certain on.
    levels: tuple[str, ...]
    #: By kind, a cell for each level.
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    #: Number of claims that cross the board, by what the filter calls them.
    across: Mapping[str, int]
    found: int
    claims: tuple[ClaimView, ...]
    part: int
    parts: int
    #: "place" if the claims come as the texts have them, "" if those that matter most come first.
    sort: str
    #: A query for the claims that the filter takes.
    query: str

    def with_filter(self, **changed: str) -> dict[str, str]:
        """Return the parameters of this page with some changed; those that ask for nothing are left out."""
        kept = asdict(replace(self.filter, **changed)) | {"sort": self.sort}
        return {name: value for name, value in kept.items() if value}

    def in_order(self, sort: str) -> dict[str, str]:
        """Return the parameters of this page in another order."""
        kept = {name: value for name, value in self.with_filter().items() if name != "sort"}
        return kept | ({"sort": sort} if sort else {})

    def count(self, **wanted: str) -> int:
        """Return how many claims of the board have a kind or certainty."""
        cells = (cell for _, row in self.rows for cell in row)
        return sum(c.count for c in cells if all(getattr(c.firm, name) == value for name, value in wanted.items()))


def firmness_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/firmness`."""
    blueprint, reader = site.blueprint("firmness", __name__), site.reader

    @blueprint.get("/firmness")
    def board() -> str:
        view = view_board(reader, request.args, current_language())
        return render_template("firmness.html", board=view)

    return blueprint


def view_board(reader: GraphReader, args: Mapping[str, str], language: str) -> Board:
    """Read the board. Raises `NotFound` for a document, a kind and the like that there is not."""
    wanted = read_filter(reader, args)
    documents = list_documents(reader, language)
    book = reader.book
    groups = [group for group in book.claim_groups if wanted.document in ("", group.document)]
    levels = (*LEVELS, OTHER_LEVEL) if any(g.firm.certainty == OTHER_LEVEL for g in groups) else LEVELS
    sort, found = args.get("sort", ""), book.count_claims(wanted)
    part, parts = part_of(found, _PER_PART)
    shown: list[str] = []
    if wanted != ClaimFilter(wanted.document):
        order = "text" if sort == "place" else "weight"
        shown = book.find_claims(wanted, order=order, limit=_PER_PART, offset=(part - 1) * _PER_PART)
    return Board(
        wanted,
        documents,
        next((document for document in documents if document.name == wanted.document), None),
        sum(group.count for group in groups),
        sum(group.count for group in groups if group.firm.is_quiet),
        levels,
        _rows(groups, levels, book, wanted),
        _across(groups),
        found,
        load_claims_of(reader, shown, language),
        part,
        parts,
        sort,
        query_claims(reader.names, wanted),
    )


def read_filter(reader: GraphReader, args: Mapping[str, str]) -> ClaimFilter:
    """Return what parameters ask for. Raises `NotFound` for values that there are not."""
    levels = (*LEVELS, OTHER_LEVEL)
    known = {"kind": KINDS, "certainty": levels, "voice": VOICES[:2], "denied": ("0", "1"), "reserve": _RESERVES}
    given = {name: args.get(name, "") for name in known}
    for name, value in given.items():
        if value and value not in known[name]:
            hint = f"There are: {', '.join(known[name])}."
            raise NotFound(f"there are no claims of the kind '{value[:60]}'", hint=hint)
    document = args.get("document", "")
    if document:
        find_document(reader, document)
    return ClaimFilter(document, **given)


def query_claims(names: Namespaces, wanted: ClaimFilter) -> str:
    """Return a query for the claims that a filter takes, as a table for people."""
    which = "".join(f"  {line}\n" for line in _narrow(names, wanted))
    return query_for_people(names, _QUERY, which=which)


def _narrow(names: Namespaces, wanted: ClaimFilter) -> Iterator[str]:
    """Yield the patterns that a filter stands for."""
    for prop, key, unmarked in (("mood", wanted.kind, KINDS[0]), ("certainty", wanted.certainty, LEVELS[0])):
        if prop == "certainty" and key == OTHER_LEVEL:
            known = ", ".join(f"dk:{level}" for level in LEVELS[1:])
            yield f"?claim dk:certainty ?level . FILTER(?level NOT IN ({known}))"
        elif key:
            yield _without(f"dk:{prop}") if key == unmarked else f"?claim dk:{prop} dk:{key} ."
    if wanted.voice:
        yield _without("dk:heldBy") if wanted.voice == VOICES[0] else "?claim dk:heldBy ?any ."
    if wanted.denied:
        yield "?claim dk:negated true ." if wanted.denied == "1" else "FILTER NOT EXISTS { ?claim dk:negated true }"
    if wanted.reserve:
        properties = LIMITS if wanted.reserve == "limit" else (DK.condition,)
        yield f"?claim {'|'.join(names.shorten(prop.value) for prop in properties)} ?reserve ."
    if wanted.document:
        yield f"FILTER(?graph = {names.graphs.document(wanted.document)})"


def _without(prop: str) -> str:
    return f"FILTER NOT EXISTS {{ ?claim {prop} ?any }}"


def _rows(
    groups: list[ClaimGroup], levels: tuple[str, ...], book: Book, wanted: ClaimFilter
) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    counts: Counter[tuple[str, str]] = Counter()
    for group in groups:
        counts[group.firm.kind, group.firm.certainty] += group.count
    cues = book.cues(wanted.document)

    def cell(kind: str, level: str) -> Cell:
        shown = cues.get((kind, level), ()) if level != LEVELS[0] else ()
        chosen = (wanted.kind, wanted.certainty) == (kind, level)
        return Cell(Firmness(kind, level), counts[kind, level], shown, chosen)

    used = [kind for kind in KINDS if any(counts[kind, level] for level in levels)]
    return tuple((kind, tuple(cell(kind, level) for level in levels)) for kind in used)


def _across(groups: list[ClaimGroup]) -> dict[str, int]:
    return {
        "own": sum(group.count for group in groups if group.firm.voice == "own"),
        "other": sum(group.count for group in groups if group.firm.voice == "other"),
        "denied": sum(group.count for group in groups if group.firm.denied),
        "limit": sum(group.count for group in groups if group.is_limited),
        "condition": sum(group.count for group in groups if group.is_conditional),
    }
