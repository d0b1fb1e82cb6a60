"""Ask the table of claims: how many are put in which way, and one page of those that are."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from digitech_kg.claims.firmness import SALIENCES, Firmness
from digitech_kg.claims.model import Claim
from digitech_kg.namespaces import Namespaces
from digitech_kg.search.claim_table import SCHEMA, insert_claims

_ALIKE: Final = "document, kind, certainty, voice, denied, salience, limited, conditional"
#: Those that matter most first, then as the texts have them; or as the texts have them alone.
_BY_WEIGHT: Final = "salience, document, place, name"
_BY_PLACE: Final = "document, place, name"
#: Words shown of each kind and certainty.
_MOST_CUES: Final = 2


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims of a document that are put alike, and how many they are."""

    document: str
    firm: Firmness
    #: One of `SALIENCES`.
    salience: str
    is_limited: bool
    is_conditional: bool
    count: int = 1


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """A claim, how it is put, and the passages that state it, in the order of the text."""

    iri: str
    passages: tuple[str, ...]
    put: ClaimGroup


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are meant: keys of the axes, "" for any."""

    document: str = ""
    kind: str = ""
    certainty: str = ""
    voice: str = ""
    denied: str = ""
    #: "limit" or "condition".
    reserve: str = ""

    def takes(self, group: ClaimGroup) -> bool:
        """Whether claims that are put so are meant."""
        firm = group.firm
        wanted = (
            (self.document, group.document),
            (self.kind, firm.kind),
            (self.certainty, firm.certainty),
            (self.voice, firm.voice),
            (self.denied, "1" if firm.denied else "0"),
        )
        reserves = {"": True, "limit": group.is_limited, "condition": group.is_conditional}
        return all(not asked or asked == own for asked, own in wanted) and reserves.get(self.reserve, False)

    def where(self) -> tuple[str, dict[str, str]]:
        """Return the same as a condition in SQL, with its values."""
        values = {name: getattr(self, name) for name in ("document", "kind", "certainty", "voice", "denied")}
        asked = {name: value for name, value in values.items() if value}
        reserves = {"limit": ["limited"], "condition": ["conditional"]}.get(self.reserve, [])
        return " AND ".join([*(f"{name} = :{name}" for name in asked), *reserves]) or "TRUE", asked


class ClaimTable:
    """The claims of the documents of one version. Thread-safe."""

    def __init__(self, database: sqlite3.Connection, names: Namespaces) -> None:
        self._database, self._names = database, names

    @classmethod
    def open(cls, path: Path, names: Namespaces) -> ClaimTable:
        """Return the table in a search index, for which `holds_claims` is true."""
        return cls(_connect(path), names)

    @classmethod
    def of(cls, claims: Iterable[Claim], names: Namespaces) -> ClaimTable:
        """Return a table in memory, for claims of which there is no index."""
        database = sqlite3.connect(":memory:", check_same_thread=False)
        database.executescript(SCHEMA)
        insert_claims(database, claims, names)
        return cls(database, names)

    @cached_property
    def groups(self) -> tuple[ClaimGroup, ...]:
        """How many claims each document puts in which way."""
        rows = self._database.execute(f"SELECT {_ALIKE}, claims FROM claim_count")  # noqa: S608
        return tuple(_group(row) for row in rows)

    @cached_property
    def passages(self) -> Mapping[str, int]:
        """How many passages state claims, by document."""
        return dict(self._database.execute("SELECT document, passages FROM passage_count"))

    def count(self, wanted: ClaimFilter) -> int:
        """Return how many claims a filter takes."""
        return sum(group.count for group in self.groups if wanted.takes(group))

    def page(self, wanted: ClaimFilter, *, limit: int, offset: int = 0, by_place: bool = False) -> list[str]:
        """Return the IRIs of some of the claims that a filter takes.

        Those that matter most come first, or with `by_place` the claims come as the texts have them.
        """
        where, values = wanted.where()
        order = _BY_PLACE if by_place else _BY_WEIGHT
        rows = self._database.execute(
            f"SELECT document, name FROM claim WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset",  # noqa: S608
            {**values, "limit": limit, "offset": offset},
        )
        return [self._names.claim(*row).value for row in rows]

    def of_document(self, document: str) -> list[ClaimEntry]:
        """Return the claims of a document, those that matter most first."""
        return list(self._entries(f"document = ? ORDER BY {_BY_WEIGHT}", (document,)))

    def find(self, iris: Iterable[str]) -> dict[str, ClaimEntry]:
        """Return what is known of claims, by IRI."""
        root = self._names.prefixes["claim"]
        keys = (iri.removeprefix(root).partition("/")[::2] for iri in sorted(set(iris)) if iri.startswith(root))
        found = (entry for key in keys for entry in self._entries("document = ? AND name = ?", key))
        return {entry.iri: entry for entry in found}

    def cues(self, document: str = "") -> dict[tuple[str, str], tuple[str, ...]]:
        """Return the words that show most often how claims of a kind and certainty are put, in a document or in all."""
        rows = self._database.execute(
            "SELECT kind, certainty, cue FROM cue_count WHERE :document IN ('', document) "
            "GROUP BY kind, certainty, cue ORDER BY SUM(claims) DESC, cue",
            {"document": document},
        )
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for kind, certainty, cue in rows:
            if len(found[kind, certainty]) < _MOST_CUES:
                found[kind, certainty].append(cue)
        return {key: tuple(cues) for key, cues in found.items()}

    def in_turn(self, wanted: ClaimFilter, most: int) -> list[str]:
        """Return the IRIs of the first claims that a filter takes, so that each document has its say.

        Key claims come first, and those without limits: the first such claim of each document, then the second.
        """
        documents = self._first_documents(wanted, most)
        where, values = wanted.where()
        values |= {f"document{number}": document for number, document in enumerate(documents)}
        among = ", ".join(f":document{number}" for number in range(len(documents)))
        rows = self._database.execute(
            f"SELECT document, name FROM (SELECT *, row_number() OVER ("  # noqa: S608
            f"PARTITION BY document, salience > 0, limited ORDER BY salience, place, name) AS turn "
            f"FROM claim WHERE {where} AND document IN ({among})) "
            f"ORDER BY salience > 0, limited, turn, {_BY_WEIGHT} LIMIT :limit",
            {**values, "limit": most},
        )
        return [self._names.claim(*row).value for row in rows]

    def _first_documents(self, wanted: ClaimFilter, most: int) -> list[str]:
        """Return the documents whose claims can be among the first that are told in turn."""
        firsts: dict[tuple[bool, bool], dict[str, int]] = defaultdict(dict)
        for group in filter(wanted.takes, self.groups):
            rank, first = SALIENCES.index(group.salience), firsts[group.salience != "key", group.is_limited]
            first[group.document] = min(rank, first.get(group.document, rank))
        chosen = (sorted(first, key=lambda name: (first[name], name))[:most] for first in firsts.values())
        return sorted({document for documents in chosen for document in documents})

    def _entries(self, where: str, values: tuple[str, ...]) -> Iterator[ClaimEntry]:
        root = self._names.prefixes["passage"]
        rows = self._database.execute(f"SELECT name, passages, {_ALIKE}, 1 FROM claim WHERE {where}", values)  # noqa: S608
        for name, passages, *put in rows:
            stated_in = tuple(urljoin(root, passage) for passage in passages.splitlines())
            yield ClaimEntry(self._names.claim(put[0], name).value, stated_in, _group(put))


def holds_claims(path: Path) -> bool:
    """Whether there is a search index with a table of claims; those of older versions of the program have none."""
    if not path.is_file():
        return False
    with closing(_connect(path)) as database:
        return (
            database.execute("SELECT 1 FROM pragma_table_info('claim') WHERE name = 'passages'").fetchone() is not None
        )


def _connect(path: Path) -> sqlite3.Connection:
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


def _group(row: Any) -> ClaimGroup:
    document, kind, certainty, voice, denied, salience, limited, conditional, count = row
    firm = Firmness(kind, certainty, voice, denied=bool(denied))
    return ClaimGroup(document, firm, SALIENCES[salience], bool(limited), bool(conditional), count)
