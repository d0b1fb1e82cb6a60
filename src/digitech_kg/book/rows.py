"""Make the rows of a book from the quads about each subject."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, groupby, islice, repeat
from operator import itemgetter
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from digitech_kg.book.schema import ASKED_BITS, NAMES, Term, kind_of, order_of, statement, term_of
from digitech_kg.claims.model import CLAIM_CLASSES, SALIENCES, firmness_of, make_claim, salience_of
from digitech_kg.claims.passages import make_passage
from digitech_kg.iteration import batched
from digitech_kg.matching.spelling import by_character, pieces, plain
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, TERMS, VOCABULARIES, Namespaces, is_true, local_name

_TEXTS: Final = (DK.sentence, SKOS.definition, RDFS.comment, DK.abbreviation)
#: By what a claim is asked for.
_ASKED: Final = (DK.sentence, RDFS.comment, DK.cue, SKOS.hiddenLabel)
_MOST_ASKED: Final = 1 << ASKED_BITS
#: Passages have labels such as "p. 2", and the rest describes the dataset.
_NOT_SOUGHT: Final = ("passage/", "dataset", "graph/", "mappings/", "comparison/")
_DERIVED_TABLES: Final = ("claim", "passage", "entry")
#: The columns of the tables that have others beside them.
_COLUMNS: Final = {"word": "(rowid, names, texts)", "asked": "(rowid, texts, shared)", "piece": "(rowid, pieces)"}
#: Subjects whose rows are inserted together.
_BATCH: Final = 5_000
#: By the names of tables.
TableRows = dict[str, list[tuple[Any, ...]]]
_Values = Mapping[NamedNode, list[Term]]


class _Said(NamedTuple):
    """A value of a property, its number, the IRI of the graph, and how far that stands aside."""

    value: Term
    number: int
    graph: str
    aside: int


def _in_order(said: _Said) -> tuple[bool, str, str, str]:
    return *order_of(said.value), said.graph


class SubjectRows(NamedTuple):
    """What is said of one subject: the values of each property, in their order."""

    number: int
    iri: str
    said: Mapping[NamedNode, Sequence[_Said]]

    def values(self, graph: str = "") -> _Values:
        """Return the values in graphs that don't stand aside, of one or of all."""
        told = ((p, [s.value for s in said if not s.aside and graph in ("", s.graph)]) for p, said in self.said.items())
        return {prop: values for prop, values in told if values}


def iter_subjects(database: sqlite3.Connection, numbers: Sequence[int] | None = None) -> Iterator[SubjectRows]:
    """Yield all subjects of a book, or some of them, with what is said of them."""
    where = f"WHERE said.subject IN ({', '.join('?' * len(numbers))})" if numbers is not None else ""
    # There are few properties, kinds and graphs: to look them up here is faster than to join them to each row.
    kinds = dict(database.execute("SELECT id, text FROM kind"))
    graphs = {number: place for number, *place in database.execute("SELECT id, iri, aside FROM graph")}
    text_of = "SELECT text FROM term WHERE id = ?"
    properties = cache(lambda prop: NamedNode(database.execute(text_of, (prop,)).fetchone()[0]))
    rows = database.execute(statement("subjects", where=where), numbers or ())
    for (number, iri), own in groupby(rows, key=itemgetter(0, 1)):
        said: dict[NamedNode, list[_Said]] = defaultdict(list)
        for _, _, prop, text, kind, value, graph in own:
            said[properties(prop)].append(_Said(term_of(text, kinds[kind]), value, *graphs[graph]))
        for found in said.values():
            if len(found) > 1:
                found.sort(key=_in_order)
        yield SubjectRows(number, iri, said)


def delete_rows(database: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """Delete the rows that follow from what was said of subjects."""
    these = (json.dumps(list(numbers)),)
    for number, names, iri in database.execute(statement("words_of"), these).fetchall():
        if names:
            database.execute(statement("forget_pieces"), (number, _pieces(iri, names)))
        database.execute("DELETE FROM word WHERE rowid = ?", (number,))
    asked = ((number << ASKED_BITS, ((number + 1) << ASKED_BITS) - 1) for number in numbers)
    database.executemany("DELETE FROM asked WHERE rowid BETWEEN ? AND ?", asked)
    for table in _DERIVED_TABLES:
        database.execute(statement("delete_rows", table=table), these)


def iter_rows(subjects: Iterable[SubjectRows], names: Namespaces) -> Iterator[TableRows]:
    """Yield the rows that follow from what is said of subjects, by table, those of many subjects together."""
    for batch in batched(subjects, _BATCH):
        rows: TableRows = defaultdict(list)
        for subject in batch:
            _collect(subject, names, rows)
        yield rows


def insert_rows(database: sqlite3.Connection, rows: TableRows) -> None:
    for table, found in rows.items():
        columns = _COLUMNS.get(table, "")
        marks = ", ".join(f"?{column}" for column in range(1, 1 + len(found[0])))
        marks += f", ({statement('place_of_claim')})" if table == "claim" else ""
        database.executemany(f"INSERT INTO {table}{columns} VALUES ({marks})", found)  # noqa: S608


def claims_citing(database: sqlite3.Connection, numbers: Iterable[int]) -> set[int]:
    """Return the claims that some subjects, if they are passages, state: their places depend on those of passages."""
    cited = database.execute(statement("claims_citing"), (json.dumps(list(numbers)),))
    return {number for (number,) in cited}


def _collect(subject: SubjectRows, names: Namespaces, rows: TableRows) -> None:
    """Put the rows of a subject among those of each table."""
    document, told = names.document_of(subject.iri) or "", subject.values()
    own = subject.values(names.graphs.document(document).value) if document else {}
    is_own_claim = DK.Claim in own.get(RDF.type, ())
    if is_own_claim:
        rows["claim"].append(_claim_row(subject, own, document, names))
    elif not {*told.get(RDF.type, ())}.isdisjoint(CLAIM_CLASSES) or DK.predicate in told:
        rows["claim"].append(_claim_row(subject, told, "", names))
    if DK.startOffset in own and (passage := _passage_row(subject, own)):
        rows["passage"].append((subject.number, document, *passage))
    called, texts = _words(subject, names)
    if called or texts:
        kind = DK.Claim.value if is_own_claim else _shown_kind(subject, names)
        rows["entry"].append((subject.number, kind, subject.iri.startswith(names.prefixes["id"])))
        rows["word"].append((subject.number, called, texts))
    if is_own_claim:
        # Each text by itself, so that the one is found which is most like a question.
        alone, shared = (_lines(subject, properties).split("\n") for properties in (_ASKED, (DK.partlyAnswers,)))
        asked = islice(chain(zip(filter(None, alone), repeat("")), zip(repeat(""), filter(None, shared))), _MOST_ASKED)
        for number, columns in enumerate(asked, subject.number << ASKED_BITS):
            rows["asked"].append((number, *map(by_character, columns)))
    if called:
        # Claims, the most by far, have no names and are found by their words.
        rows["piece"].append((subject.number, _pieces(subject.iri, called)))


def _claim_row(subject: SubjectRows, values: _Values, document: str, names: Namespaces) -> tuple[Any, ...]:
    claim = make_claim(NamedNode(subject.iri), values)
    parts = (DK.subject, DK.predicate, DK.object, DK.value, DK.elaborates)
    firm, main = firmness_of(claim), claim.one(DK.elaborates)
    numbers = {one.value: one.number for prop in parts for one in subject.said.get(prop, ())}
    name = subject.iri.removeprefix(f"{names.prefixes['claim']}{document}/" if document else names.base)
    return (
        subject.number,
        document,
        name,
        *(numbers.get(term) if term is not None else None for term in (claim.subject, claim.predicate, claim.object)),
        firm.kind,
        firm.certainty,
        firm.voice,
        firm.denied,
        SALIENCES.index(salience_of(claim)),
        main is not None,
        claim.is_complete and not claim.weakening,
        numbers.get(main) if main is not None else None,
    )


def _passage_row(subject: SubjectRows, values: _Values) -> tuple[Any, ...] | None:
    """Return what a row tells of a passage; None for what has no kind or no place in the text."""
    found = make_passage(NamedNode(subject.iri), values)
    if found is None or found.start is None or found.end is None:
        return None
    place = (found.kind.value, found.order or 0, found.start, found.end, found.text_hash or "", found.page or "")
    estimated = any(map(is_true, values.get(DK.pageIsEstimated, ())))
    repeats = next((value.value for value in values.get(DK.repeatsPassage, ())), "")
    return *place, estimated, repeats, found.row, found.column


def _words(subject: SubjectRows, namespaces: Namespaces) -> tuple[str, str]:
    """Return the names and the texts by which a subject is found, one a line, in their plain form."""
    if subject.iri.startswith(_not_sought(namespaces.base)):
        return "", ""
    is_own, ontology = namespaces.is_own(subject.iri), namespaces.graphs.ontology.value
    # The label of a claim is its sentence.
    wanted = () if subject.iri.startswith(namespaces.prefixes["claim"]) else NAMES
    graph = "" if is_own else ontology
    return _lines(subject, wanted, graph), _lines(subject, _TEXTS, graph)


@cache
def _not_sought(base: str) -> tuple[str, ...]:
    return tuple(base + part for part in _NOT_SOUGHT)


def _lines(subject: SubjectRows, properties: tuple[NamedNode, ...], graph: str = "") -> str:
    """Return the texts of some properties in their plain form, one a line: by property, language and text."""
    told = (subject.said.get(prop, ()) for prop in properties)
    values = ([one.value for one in said if one.aside < 2 and graph in ("", one.graph)] for said in told)
    texts = (sorted((kind_of(v), v.value) for v in found if isinstance(v, Literal)) for found in values)
    return "\n".join(dict.fromkeys(plain(text) for found in texts for _, text in found))


def _pieces(iri: str, names: str) -> str:
    """Return the pieces of all names and of the end of the IRI, each once: how often says nothing of the likeness."""
    return " ".join(sorted(set().union(*map(pieces, (*names.split("\n"), local_name(iri))))))


def _shown_kind(subject: SubjectRows, names: Namespaces) -> str:
    """Return the class to show: one of the project's ontology before others, and those of OWL last."""

    def order(iri: str) -> tuple[bool, bool, str]:
        return iri.startswith(VOCABULARIES["owl"]), not iri.startswith((TERMS, names.base)), iri

    said = subject.values("" if names.is_own(subject.iri) else names.graphs.ontology.value)
    kinds = [kind.value for kind in said.get(RDF.type, ()) if isinstance(kind, NamedNode)]
    return min(kinds, key=order, default="")
