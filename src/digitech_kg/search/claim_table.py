"""The claims of the documents in the search index: a table of how they are put, and what it adds up to by document.

Pages count, filter and page claims by it and need not read them. What a document says of its claims stands in its own
graph, so a graph is read at a time.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.claims.firmness import SALIENCES, firmness_of, in_text_order, salience_of
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import LIMITS
from digitech_kg.namespaces import DK, RDF, Namespaces

#: `salience` is a place in `SALIENCES`, `place` sorts as the text has the first passage, and `passages` and `cues` are
#: lines.
SCHEMA: Final = """
CREATE TABLE claim (
    document TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, certainty TEXT NOT NULL, voice TEXT NOT NULL,
    denied INTEGER NOT NULL, salience INTEGER NOT NULL, limited INTEGER NOT NULL, conditional INTEGER NOT NULL,
    place TEXT NOT NULL, passages TEXT NOT NULL, cues TEXT NOT NULL, PRIMARY KEY (document, name)) WITHOUT ROWID;
CREATE TABLE claim_count (
    document TEXT NOT NULL, kind TEXT NOT NULL, certainty TEXT NOT NULL, voice TEXT NOT NULL, denied INTEGER NOT NULL,
    salience INTEGER NOT NULL, limited INTEGER NOT NULL, conditional INTEGER NOT NULL, claims INTEGER NOT NULL);
CREATE INDEX claim_count_document ON claim_count(document);
CREATE TABLE cue_count (
    document TEXT NOT NULL, kind TEXT NOT NULL, certainty TEXT NOT NULL, cue TEXT NOT NULL, claims INTEGER NOT NULL);
CREATE INDEX cue_count_document ON cue_count(document);
CREATE TABLE passage_count (document TEXT PRIMARY KEY, passages INTEGER NOT NULL);
"""
#: The properties of a claim that the table tells of.
PROPERTIES: Final = (
    DK.certainty,
    DK.mood,
    DK.negated,
    DK.heldBy,
    DK.salience,
    DK.cue,
    DK.condition,
    DK.statedIn,
    *LIMITS,
)
_ALIKE: Final = "kind, certainty, voice, denied, salience, limited, conditional"
_COUNTS: Final = ("claim_count", "cue_count", "passage_count")


def write_claims(database: sqlite3.Connection, store: Store, names: Namespaces) -> None:
    """Fill the empty tables with the claims of all documents in a store."""
    for document in names.graphs.documents_among(store.named_graphs()):
        insert_claims(database, read_claims(_quads_of(document, store, names)), names)


def update_claims(database: sqlite3.Connection, store: Store, claims: Iterable[NamedNode], names: Namespaces) -> None:
    """Make the tables say of some claims what a store says of them."""
    touched = set()
    for claim in claims:
        document = names.document_of(claim.value)
        if document is None:
            continue
        touched.add(document)
        database.execute("DELETE FROM claim WHERE document = ? AND name = ?", _key(claim.value, names))
        quads = store.quads_for_pattern(claim, None, None, names.graphs.document(document))
        _insert_rows(database, read_claims(quads), names)
    for document in sorted(touched):
        _count(database, document)


def insert_claims(database: sqlite3.Connection, claims: Iterable[Claim], names: Namespaces) -> None:
    """Add claims of documents that the tables do not have yet."""
    for document in sorted(_insert_rows(database, claims, names)):
        _count(database, document)


def has_claim(database: sqlite3.Connection, iri: str, names: Namespaces) -> bool:
    """Whether an IRI is that of a claim in the tables."""
    if not iri.startswith(names.prefixes["claim"]):
        return False
    found = database.execute("SELECT 1 FROM claim WHERE document = ? AND name = ?", _key(iri, names))
    return found.fetchone() is not None


def _insert_rows(database: sqlite3.Connection, claims: Iterable[Claim], names: Namespaces) -> set[str]:
    """Add claims and return the names of their documents."""
    rows = [_row(claim, names) for claim in claims if names.document_of(claim.iri.value) and not claim.is_external]
    database.executemany(f"INSERT INTO claim VALUES ({', '.join('?' * 12)})", sorted(rows))  # noqa: S608
    return {row[0] for row in rows}


def _quads_of(document: str, store: Store, names: Namespaces) -> Iterator[Quad]:
    graph = names.graphs.document(document)
    for prop, value in ((RDF.type, DK.Claim), *((prop, None) for prop in PROPERTIES)):
        yield from store.quads_for_pattern(None, prop, value, graph)


def _key(claim: str, names: Namespaces) -> tuple[str, str]:
    """Return a document and the name of one of its claims."""
    document, _, name = claim.removeprefix(names.prefixes["claim"]).partition("/")
    return document, name


def _row(claim: Claim, names: Namespaces) -> tuple[Any, ...]:
    firm = firmness_of(claim)
    root = names.prefixes["passage"]
    passages = [passage.value.removeprefix(root) for passage in claim.passages if isinstance(passage, NamedNode)]
    passages.sort(key=in_text_order)
    return (
        *_key(claim.iri.value, names),
        firm.kind,
        firm.certainty,
        firm.voice,
        firm.denied,
        SALIENCES.index(salience_of(claim)),
        any(claim.all(limit) for limit in LIMITS),
        bool(claim.all(DK.condition)),
        in_text_order(passages[0] if passages else ""),
        "\n".join(passages),
        "\n".join(cue.value for cue in claim.all(DK.cue) if isinstance(cue, Literal)),
    )


def _count(database: sqlite3.Connection, document: str) -> None:
    """Add up anew what a document has."""
    for table in _COUNTS:
        database.execute(f"DELETE FROM {table} WHERE document = ?", (document,))  # noqa: S608
    database.execute(
        f"INSERT INTO claim_count SELECT document, {_ALIKE}, COUNT(*) FROM claim WHERE document = ? "  # noqa: S608
        f"GROUP BY {_ALIKE}",
        (document,),
    )
    stated = database.execute("SELECT passages FROM claim WHERE document = ? AND passages != ''", (document,))
    if passages := {passage for (lines,) in stated for passage in lines.split("\n")}:
        database.execute("INSERT INTO passage_count VALUES (?, ?)", (document, len(passages)))
    rows = database.execute("SELECT kind, certainty, cues FROM claim WHERE document = ? AND cues != ''", (document,))
    cues = Counter((kind, level, cue.casefold()) for kind, level, lines in rows for cue in lines.split("\n"))
    database.executemany(
        "INSERT INTO cue_count VALUES (?, ?, ?, ?, ?)", [(document, *cue, count) for cue, count in sorted(cues.items())]
    )
