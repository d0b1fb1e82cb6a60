"""The search index of a snapshot: names, definitions and paraphrases in SQLite FTS5.

Two tables over the same entries: one of words, for prefixes and for Chinese, and one of trigrams, for typing errors
(https://www.sqlite.org/fts5.html, sections 4.3.1 and 4.3.4).
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.namespaces import BASE, DK, GRAPH, PREFIXES, RDF, RDFS, SKOS

FILE_NAME = "search.sqlite"
_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, names TEXT NOT NULL);
CREATE INDEX entry_iri ON entry(iri);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE piece USING fts5(names, tokenize="trigram remove_diacritics 1");
"""
#: Likeness from which a misspelt word counts as the one meant.
_ALIKE = 0.72
_WORD = re.compile(r"\w+")
#: Entries that the trigrams propose and that are then compared letter by letter.
_CANDIDATES = 300


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its IRI, the IRI of its kind, and whether only a misspelling led to it."""

    iri: str
    kind: str
    guessed: bool = False


@dataclass
class _Entry:
    kind: str = ""
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def write_search_index(path: Path, quads: Iterable[Quad]) -> None:
    """Write the index of all things, claims, terms and saved questions among `quads` to a new file.

    Raises `OSError` for what the disk refuses.
    """
    with _opened(path) as database:
        database.executescript(_SCHEMA)
        for number, (iri, entry) in enumerate(sorted(_entries(quads)), start=1):
            _insert(database, number, iri, entry)


def update_search_index(path: Path, store: Store, subjects: Iterable[NamedNode]) -> None:
    """Bring the entries of some subjects up to date with what a store says of them; raises what writing it raises."""
    with _opened(path) as database:
        (last,) = database.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
        for subject in sorted(subjects, key=str):
            for (number,) in database.execute("SELECT id FROM entry WHERE iri = ?", (subject.value,)).fetchall():
                for table, key in (("entry", "id"), ("word", "rowid"), ("piece", "rowid")):
                    database.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,))  # noqa: S608
            for iri, entry in _entries(store.quads_for_pattern(subject, None, None)):
                last += 1
                _insert(database, last, iri, entry)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to write to; what is written is kept if the block ends without an exception."""
    try:
        with closing(sqlite3.connect(path)) as database, database:
            yield database
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from error


def _insert(database: sqlite3.Connection, number: int, iri: str, entry: _Entry) -> None:
    names, texts = " \n".join(dict.fromkeys(entry.names)), " \n".join(entry.texts)
    database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (number, iri, entry.kind, names))
    database.execute("INSERT INTO word(rowid, names, texts) VALUES (?, ?, ?)", (number, names, texts))
    database.execute("INSERT INTO piece(rowid, names) VALUES (?, ?)", (number, names))


def _entries(quads: Iterable[Quad]) -> Iterator[tuple[str, _Entry]]:
    entries: dict[str, _Entry] = defaultdict(_Entry)
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not subject.value.startswith(BASE):
            continue
        if isinstance(value, Literal):
            if quad.predicate in (RDFS.label, SKOS.altLabel):
                entries[subject.value].names.append(value.value)
            elif quad.predicate in (RDFS.comment, SKOS.definition, DK.abbreviation):
                entries[subject.value].texts.append(value.value)
        elif quad.predicate == RDF.type and isinstance(value, NamedNode) and quad.graph_name != GRAPH.inferred:
            entry = entries[subject.value]
            is_ours = value.value.startswith(PREFIXES["dk"])
            if not entry.kind or (is_ours and (not entry.kind.startswith(PREFIXES["dk"]) or value.value < entry.kind)):
                entry.kind = value.value
    return ((iri, entry) for iri, entry in entries.items() if entry.names or entry.texts)


def find(path: Path, text: str, *, limit: int = 200) -> tuple[Hit, ...]:
    """Give what fits the text, best first: every word begins a word of the entry; failing that, what is spelt alike."""
    words = _WORD.findall(text)
    if not words or not path.is_file():
        return ()
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        expression = " AND ".join(f'"{word}" *' for word in words)
        rows = database.execute(
            "SELECT iri, kind, entry.names FROM word JOIN entry ON entry.id = word.rowid WHERE word MATCH ? "
            "ORDER BY bm25(word, 10.0, 1.0), iri LIMIT ?",
            (expression, limit),
        ).fetchall()
        if rows:
            rows.sort(key=lambda row: _nearness(text.strip().casefold(), row[2]))
            return tuple(Hit(iri, kind) for iri, kind, _ in rows)
        found = _find_alike(database, words, limit)
        if found or len(words) == 1:
            return found
        # Better something for the longest word than nothing at all.
        return _find_alike(database, [max(words, key=len)], limit)


def _nearness(text: str, names: str) -> int:
    """Shortest name that begins with the text first: the text itself before what only contains it."""
    return min((len(name) for name in names.casefold().split(" \n") if name.startswith(text)), default=10_000)


def _find_alike(database: sqlite3.Connection, words: list[str], limit: int) -> tuple[Hit, ...]:
    pieces = {word[i : i + 3] for word in words for i in range(len(word) - 2)}
    if not pieces:
        return ()
    expression = " OR ".join(f'"{piece}"' for piece in sorted(pieces))
    rows = database.execute(
        "SELECT iri, kind, entry.names FROM piece JOIN entry ON entry.id = piece.rowid WHERE piece MATCH ? "
        "ORDER BY bm25(piece), iri LIMIT ?",
        (expression, _CANDIDATES),
    ).fetchall()
    scored = [(likeness(words, names), iri, kind) for iri, kind, names in rows]
    kept = sorted((row for row in scored if row[0] >= _ALIKE), key=lambda row: (-row[0], row[1]))
    return tuple(Hit(iri, kind, guessed=True) for _, iri, kind in kept[:limit])


def likeness(words: list[str], names: str) -> float:
    """Give how much the words are spelt like words of the names: the worst of their best matches, 0 to 1.

    >>> round(likeness(["huawai"], "Huawei Technologies"), 2)
    0.83
    """
    present = {word.casefold() for word in _WORD.findall(names)}
    best = [max((difflib.SequenceMatcher(None, w.casefold(), p).ratio() for p in present), default=0.0) for w in words]
    return min(best)
