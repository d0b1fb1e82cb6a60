"""The search index of a snapshot: names, definitions and paraphrases in SQLite FTS5.

A table of words, for prefixes and for Chinese; its words are also those among which misspelt ones find what was meant
(https://www.sqlite.org/fts5.html, sections 4.3.1 and 6).
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

from pyoxigraph import Literal, NamedNode, Quad, Store
from rapidfuzz import process
from rapidfuzz.distance import OSA

from digitech_kg.namespaces import BASE, DK, GRAPH, PREFIXES, RDF, RDFS, SKOS

FILE_NAME = "search.sqlite"
_SCHEMA = """
CREATE TABLE entry (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, names TEXT NOT NULL);
CREATE INDEX entry_iri ON entry(iri);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
"""
#: The words of the table above, which FTS5 has anyway.
_VOCABULARY = "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, word, 'col')"
#: Likeness from which a misspelt word counts as the one meant: one error in four letters, two in seven.
_ALIKE = 0.7
#: Versions, and who made them, are looked up in the history.
_STORY = (BASE + "history/", BASE + "agent/")
_WORD = re.compile(r"\w+")
#: Words that may be meant by a misspelt one.
_CANDIDATES = 20


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
                for table, key in (("entry", "id"), ("word", "rowid")):
                    database.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,))  # noqa: S608
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
    names, texts = " \n".join(dict.fromkeys(entry.names)), " \n".join(entry.texts)
    database.execute("INSERT INTO entry VALUES (?, ?, ?, ?)", (number, iri, entry.kind, names))
    database.execute("INSERT INTO word(rowid, names, texts) VALUES (?, ?, ?)", (number, names, texts))


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
    """Give what fits the text, best first: every word begins a word of the entry; failing that, what comes close."""
    words = [word.casefold() for word in _WORD.findall(text)]
    if not words or not path.is_file():
        return ()
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        rows = _match(database, " AND ".join(f'"{word}" *' for word in words), limit)
        if rows:
            rows.sort(key=lambda row: _nearness(text.strip().casefold(), row[2]))
            return tuple(Hit(iri, kind) for iri, kind, _ in rows)
        return _find_alike(database, words, limit)


def _match(database: sqlite3.Connection, expression: str, limit: int) -> list[tuple[str, str, str]]:
    return database.execute(
        "SELECT iri, kind, entry.names FROM word JOIN entry ON entry.id = word.rowid WHERE word MATCH ? "
        "ORDER BY bm25(word, 10.0, 1.0), iri LIMIT ?",
        (expression, limit),
    ).fetchall()


def _nearness(text: str, names: str) -> int:
    """Shortest name that begins with the text first: the text itself before what only contains it."""
    return min((len(name) for name in names.casefold().split(" \n") if name.startswith(text)), default=10_000)


def _find_alike(database: sqlite3.Connection, words: list[str], limit: int) -> tuple[Hit, ...]:
    """Give entries with words that are spelt like these in their names, the likeliest first.

    Failing that the words written as one, then the longest of them: better something than nothing at all.
    """
    database.execute(_VOCABULARY)
    known = [term for (term,) in database.execute("SELECT term FROM vocabulary WHERE col = 'names'")]
    for sought in (words, ["".join(words)], [max(words, key=len)]):
        groups = [_alike(word, known) for word in sought]
        if not all(groups):
            continue
        either = (" OR ".join(f'"{term}"' for term in group) for group in groups)
        rows = _match(database, f"names : ({' AND '.join(f'({group})' for group in either)})", limit)
        if rows:
            rows.sort(key=lambda row: (-likeness(sought, row[2]), -_closeness(" ".join(sought), row[2])))
            return tuple(Hit(iri, kind, guessed=True) for iri, kind, _ in rows)
    return ()


def _closeness(text: str, names: str) -> float:
    return max(OSA.normalized_similarity(text, name) for name in names.casefold().split(" \n"))


def _alike(word: str, known: list[str]) -> list[str]:
    found = process.extract(
        word, known, scorer=OSA.normalized_similarity, processor=None, score_cutoff=_ALIKE, limit=_CANDIDATES
    )
    return [term for term, _, _ in found]


def likeness(words: list[str], names: str) -> float:
    """Give how much the words are spelt like words of the names: the worst of their best matches, 0 to 1.

    Two letters changed round count as one error.

    >>> round(likeness(["huwaei"], "Huawei Technologies"), 2)
    0.83
    """
    present = {word.casefold() for word in _WORD.findall(names)}
    return min(max((OSA.normalized_similarity(word, p) for p in present), default=0.0) for word in words)
