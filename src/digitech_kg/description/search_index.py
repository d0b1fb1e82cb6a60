"""The search index of a snapshot: names, definitions and paraphrases in SQLite FTS5 (https://www.sqlite.org/fts5.html).

A table of words, whose beginnings are looked up, in one spelling of their letters; and a table of the pieces of names,
which finds the few among many things that a name may mean. Which of these it means, the matcher of names decides.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.linking.matching import Entity, NameIndex, pieces, plain, whole
from digitech_kg.namespaces import BASE, DK, GRAPH, PREFIXES, RDF, RDFS, SKOS

FILE_NAME = "search.sqlite"
#: Counted up when the tables below change; a file of an earlier format is read without pieces.
_FORMAT = 2
_SCHEMA = f"""
PRAGMA user_version = {_FORMAT};
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL);
CREATE INDEX entry_iri ON entry(iri);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE piece USING fts5(pieces, content='', tokenize="unicode61 tokenchars '_'");
"""
#: Score of the matcher from which a thing is shown as close, and the higher one where the words are found elsewhere.
_CLOSE, _CLOSER = 65.0, 80.0
#: Things farther than this from the best one are left out.
_LAG = 15.0
#: How much a term or a question has to fit better than a thing, for which people look first.
_THING_LEAD = 5.0
#: Things that share the most pieces with a name.
_CANDIDATES = 100
_NOWHERE = 10_000
_THINGS = PREFIXES["id"]
#: Versions, and who made them, are looked up in the history.
_STORY = (BASE + "history/", BASE + "agent/")


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its IRI, the IRI of its kind, and whether only a likeness of names led to it."""

    iri: str
    kind: str
    guessed: bool = False
    #: How much of its name the text is, or how like it: 0 to 100.
    score: float = 0.0


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
    """Bring the entries of some subjects up to date with what a store says of them; raises what writing it raises.

    A file of an earlier format is written anew.
    """
    with closing(sqlite3.connect(path)) as database:
        is_ours = _has_our_format(database)
    if not is_ours:
        path.unlink()
        write_search_index(path, store)
        return
    with _opened(path) as database:
        (last,) = database.execute("SELECT coalesce(max(id), 0) FROM entry").fetchone()
        for subject in sorted(subjects, key=str):
            for (number,) in database.execute("SELECT id FROM entry WHERE iri = ?", (subject.value,)).fetchall():
                _delete(database, number, subject.value)
            for iri, entry in _entries(store.quads_for_pattern(subject, None, None)):
                last += 1
                _insert(database, last, iri, entry)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file to write to, which is of no use if the block ends with an exception.

    It is written to the disk when the version is that it belongs to, so no earlier.
    """
    try:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA journal_mode = OFF")
            yield database
    except sqlite3.OperationalError as error:
        number = errno.ENOSPC if error.sqlite_errorcode == sqlite3.SQLITE_FULL else errno.EIO
        raise OSError(number, os.strerror(number)) from error


def _insert(database: sqlite3.Connection, number: int, iri: str, entry: _Entry) -> None:
    names, texts = ("\n".join(dict.fromkeys(map(plain, texts))) for texts in (entry.names, entry.texts))
    database.execute("INSERT INTO entry VALUES (?, ?, ?)", (number, iri, entry.kind))
    database.execute("INSERT INTO word(rowid, names, texts) VALUES (?, ?, ?)", (number, names, texts))
    if names:
        # Claims, the most by far, have none, and are found by their words.
        database.execute("INSERT INTO piece(rowid, pieces) VALUES (?, ?)", (number, _pieces(iri, names)))


def _delete(database: sqlite3.Connection, number: int, iri: str) -> None:
    (names,) = database.execute("SELECT names FROM word WHERE rowid = ?", (number,)).fetchone()
    if names:
        # Such a table keeps no text, so what it forgets is said once more (section 4.4.3 of FTS5's documentation).
        forget = "INSERT INTO piece(piece, rowid, pieces) VALUES ('delete', ?, ?)"
        database.execute(forget, (number, _pieces(iri, names)))
    database.execute("DELETE FROM word WHERE rowid = ?", (number,))
    database.execute("DELETE FROM entry WHERE id = ?", (number,))


def _pieces(iri: str, names: str) -> str:
    """Give the pieces of all names and of the end of the IRI, each once: how often says nothing of the likeness."""
    return " ".join(sorted(set().union(*map(pieces, (*names.split("\n"), _end(iri))))))


def _entries(quads: Iterable[Quad]) -> Iterator[tuple[str, _Entry]]:
    entries: dict[str, _Entry] = defaultdict(_Entry)
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not subject.value.startswith(BASE) or subject.value.startswith(_STORY):
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
    """Give what fits the text, best first.

    What fits has this name but for its legal form, or words that begin like all those of the text. Unless the text
    begins one of its names, those with names like the text are added, and what is most like it comes first.
    """
    sought = plain(text)
    if not sought or not path.is_file():
        return ()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        same = _having_pieces(database, [whole(text)], limit)
        found = list(dict.fromkeys([*same, *_having_words(database, sought.split(), limit)]))
        found.sort(key=lambda row: _nearness(sought, row.names))
        if not found or _nearness(sought, found[0].names) == _NOWHERE:
            return _by_likeness(text, found, _having_pieces(database, pieces(text), _CANDIDATES))[:limit]
        return tuple(Hit(row.iri, row.kind, score=_covered(sought, row.names)) for row in found[:limit])


class _Row(NamedTuple):
    """An entry of the index with its names, one a line, in their plain form."""

    iri: str
    kind: str
    names: str


def _has_our_format(database: sqlite3.Connection) -> bool:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    return bool(version == _FORMAT)


def _having_words(database: sqlite3.Connection, words: list[str], limit: int) -> list[_Row]:
    rows = "SELECT rowid FROM word WHERE word MATCH ? ORDER BY bm25(word, 10.0, 1.0), rowid LIMIT ?"
    return _read(database, rows, " AND ".join(f'"{word}" *' for word in words), limit)


def _having_pieces(database: sqlite3.Connection, sought: Iterable[str], limit: int) -> list[_Row]:
    """Give the entries that have the most, and the rarest, of some pieces."""
    if not _has_our_format(database):
        return []
    rows = "SELECT rowid FROM piece WHERE piece MATCH ? ORDER BY rank LIMIT ?"
    return _read(database, rows, " OR ".join(f'"{piece}"' for piece in sorted(sought)), limit)


def _read(database: sqlite3.Connection, rows: str, expression: str, limit: int) -> list[_Row]:
    """Read the entries that `rows` numbers, in that order (that of CROSS JOIN): only these are joined."""
    query = f"WITH best AS MATERIALIZED ({rows}) SELECT iri, kind, names FROM best CROSS JOIN entry ON id = best.rowid "  # noqa: S608
    query += "CROSS JOIN word ON word.rowid = best.rowid"
    return [_Row(*row) for row in database.execute(query, (expression, limit))]


def _entity(row: _Row) -> Entity:
    first, *others = (*row.names.split("\n"), _end(row.iri)) if row.names else (_end(row.iri),)
    return Entity(row.iri, first, tuple(others))


def _end(iri: str) -> str:
    """Give the last part of an IRI, a name in itself."""
    return re.split("[/#]", iri)[-1]


def _nearness(sought: str, names: str) -> int:
    """Shortest name that begins with the text first: the text itself before what only contains it."""
    return min((len(name) for name in names.split("\n") if name.startswith(sought)), default=_NOWHERE)


def _covered(sought: str, names: str) -> float:
    return 100.0 * len(sought) / _nearness(sought, names)


def _by_likeness(text: str, found: list[_Row], alike: list[_Row]) -> tuple[Hit, ...]:
    """Give what the matcher ranks, then what only has the words; of what only is alike, no more than is close."""
    rows, fitting = {row.iri: row for row in (*found, *alike)}, dict.fromkeys(row.iri for row in found)
    ranked = NameIndex(map(_entity, rows.values())).rank(text, limit=len(rows))
    scores = {c.entity.id: c.score - _THING_LEAD * (not c.entity.id.startswith(_THINGS)) for c in ranked}
    least = max(_CLOSER if found else _CLOSE, max(scores.values(), default=0.0) - _LAG)
    close = [iri for iri in scores if scores[iri] >= least or iri in fitting]
    close.sort(key=lambda iri: -scores[iri])
    return tuple(
        Hit(iri, rows[iri].kind, guessed=iri not in fitting, score=scores.get(iri, 0.0))
        for iri in dict.fromkeys([*close, *fitting])
    )
