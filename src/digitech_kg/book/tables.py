"""Read the rows of an open book, with a connection for each thread."""

import json
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book.schema import LABELS, SENTENCES, STATEMENTS, TITLE, Term, order_of, statement, term_of
from digitech_kg.errors import Gone
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import OWL, RDF, RDFS, Namespaces

#: Classes that say nothing about a thing.
_NO_KINDS: Final = frozenset(term.value for term in (OWL.NamedIndividual, OWL.Thing, RDFS.Resource))
_DESCRIBING: Final = (*LABELS, TITLE, *SENTENCES, RDF.type)
_EVERYTHING: Final = -1
#: Numbers of IRIs that are kept in memory.
_MOST_NUMBERS: Final = 1000
#: Names of a namespace that a misspelt one is compared with: each takes time, and imported data may have a million.
_MOST_COMPARED: Final = 5000


@dataclass(frozen=True, slots=True)
class BookFact:
    subject: str
    property: NamedNode
    value: Term
    #: The IRI of the graph; "" for the default graph.
    graph: str
    #: The name of the document that the graph belongs to; "" for graphs that documents share.
    document: str
    #: Whether it follows from statements, and whether a commit wrote it.
    is_inferred: bool
    is_derived: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What a thing is called, each text by its language, and the IRIs of its classes, sorted.

    Of several labels in a language, that of the first of `LABELS` is taken, then the first from A to Z.
    """

    labels: Mapping[str, str]
    #: Titles, which documents have.
    titles: Mapping[str, str]
    #: Sentences, which claims and comparisons have.
    sentences: Mapping[str, str]
    kinds: tuple[str, ...]


class Tables:
    """Reads the rows of one book. Thread-safe: each thread has a connection of its own."""

    def __init__(self, path: Path, names: Namespaces) -> None:
        self.path, self.names = path, names
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._threads = threading.local()
        self._numbers: dict[str, int] = {}

    def rows(self, query: str, *values: Any, **named: Any) -> list[Any]:
        """Return the rows of a statement, by its name or text; all that a book is asked passes here.

        Raises `Gone` if its file is gone.
        """
        connection: sqlite3.Connection | None = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = self._connect()
        return connection.execute(STATEMENTS.get(query, query), named or values).fetchall()

    def _connect(self) -> sqlite3.Connection:
        try:
            return sqlite3.connect(self._address, uri=True, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise gone(self.path.parent) from error

    def column(self, query: str, *values: Any, **named: Any) -> list[str]:
        """Return the first column of a statement."""
        return [row[0] for row in self.rows(query, *values, **named)]

    def grouped(self, query: str, *values: Any, **named: Any) -> defaultdict[Any, list[str]]:
        """Return the second column of a statement by the first."""
        return grouped(self.rows(query, *values, **named))

    def number(self, iri: str | NamedNode) -> int:
        """Return the number of an IRI in the table of terms; 0, which no term has, if the book doesn't know it."""
        return self._look_up([iri])[0]

    def numbers(self, iris: Iterable[str | NamedNode]) -> str:
        """Return the numbers of IRIs that the book knows as JSON, which a statement reads by `json_each`."""
        return json.dumps(list(filter(None, self._look_up(iris))))

    def _look_up(self, iris: Iterable[str | NamedNode]) -> list[int]:
        wanted = [iri if isinstance(iri, str) else iri.value for iri in iris]
        known = {iri: self._numbers[iri] for iri in wanted if iri in self._numbers}
        if unknown := [iri for iri in wanted if iri not in known]:
            known |= dict.fromkeys(unknown, 0) | dict(self.rows("numbers", json.dumps(unknown)))
            # Only few IRIs are asked for again and again: those of the vocabularies.
            self._numbers = known if len(self._numbers) > _MOST_NUMBERS else self._numbers | known
        return [known[iri] for iri in wanted]

    def describe(self, iris: Iterable[str]) -> dict[str, Description]:
        """Return what things are called and of which kinds they are, by IRI. Those without name and kind are left out.

        All in one statement, however many there are.
        """
        return {iri: _description(own) for iri, own in self.values(iris, *_DESCRIBING).items()}

    def see_also(self, iris: Iterable[str]) -> dict[str, str]:
        """Return where things point (`rdfs:seeAlso`), the first of several: a term for the same, or a page."""
        told = self.values(iris, RDFS.seeAlso)
        return {iri: min(term.value for term in terms) for iri, own in told.items() for terms in own.values()}

    def is_known(self, iri: str) -> bool:
        """Whether anything is said of a thing."""
        this = self.number(iri)
        return bool(self.rows("is_known", this)) if this else False

    def nearest(self, iri: str) -> str:
        """Return the short name that an IRI may have been meant to have, of those in its namespace; "" for none."""
        space = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
        known = self.column("names_between", space, f"{space}~", _MOST_COMPARED)
        return self.names.guess(iri, known) or ""

    def facts(self, iri: str, *, properties: Iterable[NamedNode] = (), limit: int = _EVERYTHING) -> list[BookFact]:
        """Return what is said of a thing in any graph, by property and value; with some properties or with all."""
        wanted = tuple(properties)
        rows = self.rows(
            _of_these("facts", wanted),
            this=self.number(iri),
            properties=self.numbers(wanted),
            limit=limit,
        )
        return [
            BookFact(iri, NamedNode(prop), term_of(text, kind), graph, document, aside == 1, bool(derived))
            for prop, text, kind, graph, document, aside, derived in rows
        ]

    def values(self, iris: Iterable[str], *properties: NamedNode) -> dict[str, dict[NamedNode, tuple[Term, ...]]]:
        """Return the values of some properties, or of all, of things: each once, but for graphs that stand aside.

        By IRI and property: `values(documents, DCTERMS.creator)["…"][DCTERMS.creator]`. What has none is left out.
        """
        found: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for iri, prop, text, kind in self.rows(
            _of_these("values", properties),
            iris=json.dumps(sorted(set(iris))),
            properties=self.numbers(properties),
        ):
            found[iri][prop].add(term_of(text, kind))
        # There are few properties, and each comes with many things.
        named = cache(NamedNode)
        # Most have one value.
        return {
            iri: {
                named(prop): tuple(sorted(terms, key=order_of) if len(terms) > 1 else terms)
                for prop, terms in sorted(own.items())
            }
            for iri, own in found.items()
        }

    def linked(self, numbers: Iterable[int], prop: NamedNode) -> defaultdict[int, list[str]]:
        """Return the IRIs that a property leads to from things, all by number, but for graphs that stand aside."""
        return self.grouped("linked", json.dumps(list(numbers)), self.number(prop))

    def pointing(self, iri: str, *properties: NamedNode, limit: int = _EVERYTHING) -> list[tuple[str, NamedNode]]:
        """Return the things that have a thing as the value of a property, with the property, by property and IRI.

        Claims, what a commit wrote, and what graphs of no project say of its own things are left out. With `properties`
        only these count: `pointing(iri, DK.mentions)` gives the passages that name a thing, `pointing(iri,
        DK.describedIn)` what a passage describes.
        """
        rows = self.rows(
            _of_these("pointing", properties),
            this=self.number(iri),
            properties=self.numbers(properties),
            base=self.names.base,
            limit=limit,
        )
        return [(thing, NamedNode(prop)) for thing, prop in rows]

    def having(self, prop: NamedNode) -> list[str]:
        """Return the IRIs of what has a property, sorted. All that is said is read for it: keep the answer."""
        return self.column("having", self.number(prop))

    def classes_below(self, *classes: str | NamedNode) -> set[str]:
        """Return the IRIs of classes and of all those below them (`rdfs:subClassOf`)."""
        found = self.column("classes_below", classes=self.numbers(classes))
        return {*found, *(cls if isinstance(cls, str) else cls.value for cls in classes)}

    def classes_above(self, classes: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Return the classes directly above some classes, above those, and so on, by class."""
        return self.grouped("classes_above", classes=self.numbers(classes))

    def class_counts(self, root: str) -> dict[str, int]:
        """Return how many things whose IRIs begin with `root` have each class. What stands aside is left out."""
        return dict(self.rows("class_counts", root, f"{root}\U0010ffff"))

    def instances(self, *classes: str | NamedNode, inferred: bool = False) -> list[tuple[str, str]]:
        """Return the things of some classes, each with its class, sorted. What is inferred only if asked for."""
        return self.rows("instances", classes=self.numbers(classes), inferred=inferred)

    def called(self, texts: Iterable[Literal]) -> dict[Literal, set[str]]:
        """Return the things that have a text as label or sentence, by the text. Texts of nothing are left out."""
        wanted = {(text.value, f"@{text.language}"): text for text in texts if text.language}
        found: dict[Literal, set[str]] = defaultdict(set)
        for text, kind, thing in self.rows(
            "called",
            texts=json.dumps(sorted({text for text, _ in wanted})),
            properties=self.numbers((*LABELS, *SENTENCES)),
        ):
            if (text, kind) in wanted:
                found[wanted[text, kind]].add(thing)
        return dict(found)


def gone(version: Path) -> Gone:
    """Return the error that says that a version, by its directory, was removed while it was read."""
    hint = "It was removed while it was being read. Ask for the newest version."
    return Gone(f"the version in {version.name} is no longer kept", hint=hint)


def _of_these(name: str, properties: Sequence[NamedNode]) -> str:
    """Return a statement that reads the values of some properties, or of all if there are none."""
    return statement(name, these=statement("these_properties") if properties else "")


def _description(own: Mapping[NamedNode, tuple[Term, ...]]) -> Description:
    def texts(*properties: NamedNode) -> dict[str, str]:
        found: dict[str, str] = {}
        for value in (value for prop in properties for value in own.get(prop, ())):
            if isinstance(value, Literal):
                found.setdefault(value.language or "", value.value)
        return dict(sorted(found.items()))

    kinds = (kind.value for kind in own.get(RDF.type, ()) if isinstance(kind, NamedNode))
    named = tuple(kind for kind in kinds if kind not in _NO_KINDS)
    return Description(texts(*LABELS), texts(TITLE), texts(*SENTENCES), named)
