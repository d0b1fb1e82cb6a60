"""Write the search index of a snapshot: names, definitions and sentences in SQLite FTS5.

It has a table of words, in one spelling of their letters, whose beginnings are looked up; and a table of the pieces of
names, which finds the few among many things that a name may mean. Source: https://www.sqlite.org/fts5.html
Beside them stands the table of claims.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, TERMS, VOCABULARIES, Namespaces, value_of
from digitech_kg.search import claim_table
from digitech_kg.search.spelling import pieces, plain

FILE_NAME: Final = "search.sqlite"
#: `is_thing` is 1 for what people look for first: things rather than claims, terms and questions.
_SCHEMA: Final = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, is_thing INTEGER NOT NULL);
CREATE INDEX entry_iri ON entry(iri);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE piece USING fts5(pieces, content='', tokenize="unicode61 tokenchars '_'");
"""
_NAMES: Final = (RDFS.label, SKOS.altLabel, SKOS.hiddenLabel)
_TEXTS: Final = (DK.sentence, SKOS.definition, RDFS.comment, DK.abbreviation)
_INDEXED: Final = frozenset((*_NAMES, *_TEXTS, RDF.type, *claim_table.PROPERTIES))
#: Passages have labels such as "p. 2", versions are looked up in the history, and the rest describes the dataset.
_LEFT_OUT: Final = ("passage/", "history/", "agent/", "dataset", "graph/", "mappings/", "comparison/")


@dataclass
class _Entry:
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def write_search_index(path: Path, store: Store, names: Namespaces) -> None:
    """Write the index of all things, claims, terms and saved questions in a store to a new file.

    Raises `OSError` for what the disk refuses.
    """
    with _opened(path) as database:
        database.executescript(_SCHEMA + claim_table.SCHEMA)
        claim_table.write_claims(database, store, names)
        # To read all else takes longer than the index.
        quads = chain.from_iterable(store.quads_for_pattern(None, term, None) for term in (*_NAMES, *_TEXTS))
        for number, (iri, entry) in enumerate(sorted(_entries(quads, names)), start=1):
            _insert(database, number, iri, entry, _kind(database, iri, store, names), names)


def update_search_index(path: Path, store: Store, subjects: Iterable[NamedNode], names: Namespaces) -> None:
    """Make the entries of some subjects say what a store says of them. Raises `OSError` for what the disk refuses."""
    with _opened(path) as database:
        subjects = sorted(subjects, key=str)
        claims = [subject for subject in subjects if subject.value.startswith(names.prefixes["claim"])]
        claim_table.update_claims(database, store, claims, names)
        (last,) = database.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
        for subject in subjects:
            for (number,) in database.execute("SELECT id FROM entry WHERE iri = ?", (subject.value,)).fetchall():
                _delete(database, number, subject.value)
            for iri, entry in _entries(store.quads_for_pattern(subject, None, None), names):
                last += 1
                _insert(database, last, iri, entry, _kind(database, iri, store, names), names)


def indexed_subjects(quads: Iterable[Quad], names: Namespaces) -> set[NamedNode]:
    """Return the subjects whose entries may change when these quads come or go."""
    has_entry = _chooser(names)
    return {
        quad.subject
        for quad in quads
        if quad.predicate in _INDEXED and isinstance(quad.subject, NamedNode) and has_entry(quad)
    }


def end_of(iri: str) -> str:
    """Return the last part of an IRI, which is a name in itself."""
    return re.split("[/#]", iri)[-1]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to write to, which is of no use if the block ends with an exception.

    It is flushed to the disk together with the version that it belongs to, not before.
    """
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA journal_mode = OFF")
            yield database
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from error


def _insert(
    database: sqlite3.Connection, number: int, iri: str, entry: _Entry, kind: str, namespaces: Namespaces
) -> None:
    names, texts = ("\n".join(dict.fromkeys(map(plain, texts))) for texts in (entry.names, entry.texts))
    row = (number, iri, kind, iri.startswith(namespaces.prefixes["id"]))
    database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", row)
    database.execute("INSERT INTO word(rowid, names, texts) VALUES (?, ?, ?)", (number, names, texts))
    if names:
        # Claims, the most by far, have no names and are found by their words.
        database.execute("INSERT INTO piece(rowid, pieces) VALUES (?, ?)", (number, _pieces(iri, names)))


def _delete(database: sqlite3.Connection, number: int, iri: str) -> None:
    (names,) = database.execute("SELECT names FROM word WHERE rowid = ?", (number,)).fetchone()
    if names:
        # A table without content must be told what to forget (section 4.4.3 of FTS5's documentation).
        forget = "INSERT INTO piece(piece, rowid, pieces) VALUES ('delete', ?, ?)"
        database.execute(forget, (number, _pieces(iri, names)))
    database.execute("DELETE FROM word WHERE rowid = ?", (number,))
    database.execute("DELETE FROM entry WHERE id = ?", (number,))


def _pieces(iri: str, names: str) -> str:
    """Return the pieces of all names and of the end of the IRI, each once: how often says nothing of the likeness."""
    return " ".join(sorted(set().union(*map(pieces, (*names.split("\n"), end_of(iri))))))


def _entries(quads: Iterable[Quad], names: Namespaces) -> Iterator[tuple[str, _Entry]]:
    entries: dict[str, _Entry] = defaultdict(_Entry)
    has_entry = _chooser(names)
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, Literal) or not has_entry(quad):
            continue
        # The label of a claim is its sentence.
        if quad.predicate in _NAMES and not subject.value.startswith(names.prefixes["claim"]):
            entries[subject.value].names.append(value.value)
        elif quad.predicate in _TEXTS:
            entries[subject.value].texts.append(value.value)
    return iter(entries.items())


def _chooser(names: Namespaces) -> Callable[[Quad], bool]:
    """Return a test of whether a quad may be part of an entry."""
    ontology, left_out = names.graphs.ontology, tuple(names.base + part for part in _LEFT_OUT)

    def test(quad: Quad) -> bool:
        iri = value_of(quad.subject)
        return not iri.startswith(left_out) and (names.is_own(iri) or quad.graph_name == ontology)

    return test


def _kind(database: sqlite3.Connection, iri: str, store: Store, names: Namespaces) -> str:
    """Return the class to show: one of the project's ontology before others, and those of OWL last."""
    if claim_table.has_claim(database, iri, names):
        return DK.Claim.value

    def order(iri: str) -> tuple[bool, bool, str]:
        is_of_project = iri.startswith((TERMS, names.base))
        return iri.startswith(VOCABULARIES["owl"]), not is_of_project, iri

    graph = None if names.is_own(iri) else names.graphs.ontology
    kinds = {
        quad.object.value
        for quad in store.quads_for_pattern(NamedNode(iri), RDF.type, None, graph)
        if isinstance(quad.object, NamedNode) and not names.graphs.is_inferred(quad.graph_name)
    }
    return min(kinds, key=order, default="")
