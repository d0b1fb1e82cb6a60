"""A document as a reader sees it: sections in order, each passage with the claims made from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from digitech_kg.errors import NotFound
from digitech_kg.namespaces import PREFIXES
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims, view_claims
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.reader import GraphReader, Row, node
from digitech_kg.web.reading.text_copy import TextCopy

_DK = PREFIXES["dk"]
#: Kinds of passages that hold others and have no words of their own.
_CONTAINERS = frozenset((_DK + "Section", _DK + "Paragraph", _DK + "Table"))
#: More claims than one document is read with.
_MOST_CLAIMS = 5000


@dataclass(frozen=True)
class PassageLine:
    """A sentence, heading or cell with its claims; `quotation` only from a copy whose hash fits."""

    name: Name
    anchor: str
    kind: Name
    page: str
    page_is_estimated: bool
    quotation: str | None
    claims: tuple[ClaimView, ...]
    repeats: Name | None
    #: Row and column of a table cell.
    cell: tuple[int, int] | None = None


@dataclass(frozen=True)
class SectionView:
    """A section and its passages in order."""

    name: Name
    anchor: str
    passages: tuple[PassageLine, ...]


@dataclass(frozen=True)
class DocumentView:
    """A document's structure. `text` says of the copy: none, matching, differing (some passages), wrong (all)."""

    name: Name
    sections: tuple[SectionView, ...]
    text: str
    claims: int
    passages: int
    truncated: bool


@dataclass
class _Raw:
    row: Row
    parents: set[str] = field(default_factory=set)


def view_document(reader: GraphReader, name: str, language: str, copy: TextCopy | None = None) -> DocumentView:
    """Read a document of the graph. Raises `NotFound` if it has no passages."""
    iri = PREFIXES["id"] + name
    passages = _passages(reader.rows(browse_queries.PASSAGES.format(this=node(iri))))
    if not passages:
        raise NotFound(f"there is no document '{name}' to read", hint="The start page lists the documents.")
    raw, truncated = load_claims(reader, browse_queries.CLAIMS_OF_DOCUMENT, iri, limit=_MOST_CLAIMS)
    kinds = {item.row["kind"].value for item in passages.values()}
    names = Names(reader, language, {iri, *passages, *kinds} | iris_in(raw))
    claims: dict[str, list[ClaimView]] = defaultdict(list)
    for claim in view_claims(raw, names):
        for passage in claim.passages:
            claims[passage.iri].append(claim)
    lines = {p: _line(p, item.row, names, claims, copy) for p, item in passages.items()}
    shown = {p: line for p, line in lines.items() if line.kind.iri not in _CONTAINERS or line.claims}
    sections = [p for p, item in passages.items() if item.row["kind"].value == _DK + "Section"]
    return DocumentView(
        names.name(iri),
        tuple(
            SectionView(
                names.name(s), lines[s].anchor, tuple(shown[p] for p in shown if p == s or _inside(p, s, passages))
            )
            for s in sections
        ),
        _verdict(copy, shown),
        len(raw),
        len(shown),
        truncated,
    )


def _passages(rows: list[Row]) -> dict[str, _Raw]:
    passages: dict[str, _Raw] = {}
    for row in rows:
        if not row["kind"].value.startswith(_DK) or row["kind"].value == _DK + "Passage":
            continue
        entry = passages.setdefault(row["passage"].value, _Raw(row))
        if "parent" in row:
            entry.parents.add(row["parent"].value)
    return passages


def _inside(passage: str, section: str, passages: dict[str, _Raw]) -> bool:
    """Whether a passage is part of a section, itself or through what it is part of."""
    seen: set[str] = set()
    waiting = [passage]
    while waiting:
        for parent in passages[waiting.pop()].parents - seen:
            if parent == section:
                return True
            seen.add(parent)
            waiting += [parent] if parent in passages else []
    return False


def _line(iri: str, row: Row, names: Names, claims: dict[str, list[ClaimView]], copy: TextCopy | None) -> PassageLine:
    def text(variable: str) -> str:
        return row[variable].value if variable in row else ""

    quotation = copy.quote(int(text("start")), int(text("end")), text("hash")) if copy and text("hash") else None
    return PassageLine(
        names.name(iri),
        iri.rsplit("/", 1)[1],
        names.name(text("kind")),
        text("page"),
        text("estimated") == "true",
        quotation,
        tuple(claims[iri]),
        names.name(text("repeats")) if "repeats" in row else None,
        (int(text("row")), int(text("column"))) if "row" in row and "column" in row else None,
    )


def _verdict(copy: TextCopy | None, lines: dict[str, PassageLine]) -> str:
    if copy is None:
        return "none"
    found = [line.quotation is not None for line in lines.values() if line.kind.iri not in _CONTAINERS]
    return "matching" if all(found) else "differing" if any(found) else "wrong"
