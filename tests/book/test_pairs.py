"""The book says what the graph says: each question is asked in SPARQL and of the book, and the answers are compared."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from books import logical_rows
from digitech_kg.book import Book, book_quads, open_book, update_book, write_book
from digitech_kg.claims.reserves import AXES
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, TERMS, Namespaces
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only, store_of
from plain_patterns import PLAIN

SMALL = Namespaces("https://example.org/kg/")
Rows = list[tuple[str, ...]]

_NOT_INFERRED = 'FILTER(!STRENDS(STR(?graph), "/inferred"))'
_SAID = f"GRAPH ?graph {{ ?claim {RDF.type} {DK.Claim} ; %s }} {_NOT_INFERRED}"
#: Of which claims a book tells how they are put: those in the graph of their document.
_CLAIMS_SAID = "SELECT DISTINCT claim.id, claim.document FROM claim WHERE document != ''"


def _values(prop: NamedNode, column: str) -> tuple[str, str]:
    """Return two questions for a value of claims of documents: of the graph, and of a column."""
    return (
        f"SELECT ?claim ?value WHERE {{ {_SAID % f'{prop} ?value'} }}",
        "SELECT claim.text, value.text FROM claim own JOIN term claim ON claim.id = own.id "  # noqa: S608
        f"JOIN term value ON value.id = own.{column} WHERE document != ''",
    )


#: By name: a question in SPARQL, and one in SQL with the same columns.
PAIRS = {
    "quads without blank nodes": (
        "SELECT ?graph ?s ?p ?o WHERE { GRAPH ?graph { ?s ?p ?o } FILTER(ISIRI(?s) && !ISBLANK(?o)) }",
        "SELECT graph.iri, s.text, p.text, o.text FROM said JOIN graph ON graph.id = said.graph "
        "JOIN term s ON s.id = subject JOIN term p ON p.id = property JOIN term o ON o.id = object",
    ),
    "subjects": _values(DK.subject, "subject"),
    "predicates": _values(DK.predicate, "predicate"),
    "objects": (
        f"SELECT ?claim ?value WHERE {{ {_SAID % f'{DK.object}|{DK.value} ?value'} }}",
        _values(DK.object, "object")[1],
    ),
    "plain claims": (
        f"SELECT ?claim WHERE {{ {_SAID % f'{DK.subject} ?s ; {DK.predicate} ?p'} {PLAIN} }}",
        "SELECT text FROM claim JOIN term ON term.id = claim.id WHERE unreserved AND document != ''",
    ),
    "denials": (
        f"SELECT ?claim WHERE {{ {_SAID % f'{DK.negated} true'} }}",
        "SELECT text FROM claim JOIN term ON term.id = claim.id WHERE denied AND document != ''",
    ),
    "certainty": (
        f'SELECT ?claim ?key WHERE {{ {_SAID % f"{DK.certainty} ?value"} BIND(STRAFTER(STR(?value), "#") AS ?key) }}',
        "SELECT text, certainty FROM claim JOIN term ON term.id = claim.id WHERE certainty != 'certain' "
        "AND document != ''",
    ),
    "moods": (
        f"SELECT ?claim ?key WHERE {{ {_SAID % f'{DK.predicate} ?said'} "
        f"OPTIONAL {{ GRAPH ?graph {{ ?claim {DK.mood} ?mood }} }} "
        f'BIND(IF(?said = {DK.advises}, "recommendation", STRAFTER(STR(?mood), "#")) AS ?key) FILTER(BOUND(?key)) }}',
        "SELECT text, claim.kind FROM claim JOIN term ON term.id = claim.id WHERE claim.kind != 'statement' "
        "AND document != ''",
    ),
    "passages": (
        f"SELECT ?passage ?start ?end WHERE {{ GRAPH ?graph {{ ?passage {DK.startOffset} ?start ; "
        f"{DK.endOffset} ?end }} {_NOT_INFERRED} }}",
        "SELECT text, start, stop FROM passage JOIN term ON term.id = passage.id",
    ),
    "claims by document": (
        f"SELECT ?graph (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?claim {RDF.type} {DK.Claim} }} }} GROUP BY ?graph",
        "SELECT graph.iri, count(*) FROM claim JOIN graph ON graph.document = claim.document "
        "AND NOT derived WHERE claim.document != '' GROUP BY graph.iri",
    ),
}


def asked(store: Store, query: str) -> Counter[tuple[str, ...]]:
    """Return the answers of a store, each as texts, with how often it gives them."""
    return Counter(tuple(term.value for term in row) for row in store.query(query, use_default_graph_as_union=True))  # type: ignore[union-attr]


def read(book: Book, query: str) -> Counter[tuple[str, ...]]:
    return Counter(tuple(str(value) for value in row) for row in book.rows(query))


@pytest.fixture(scope="module")
def bundled(snapshot: Snapshot) -> tuple[Store, Book]:
    return open_read_only(snapshot.store), open_book(snapshot)


@pytest.mark.parametrize("name", PAIRS)
def test_book_of_the_bundled_graph_answers_like_the_graph(name: str, bundled: tuple[Store, Book]) -> None:
    store, book = bundled
    sparql, sql = PAIRS[name]
    answers = asked(store, sparql)
    assert answers == read(book, sql)
    assert answers


def test_comparisons_are_those_of_the_graph(bundled: tuple[Store, Book]) -> None:
    store, book = bundled
    query = (
        f"SELECT ?c ?key ?first ?second WHERE {{ GRAPH ?graph {{ ?c {DK.comparisonKind} ?kind ; "
        f'{DK.firstClaim} ?first ; {DK.secondClaim} ?second }} BIND(STRAFTER(STR(?kind), "#") AS ?key) }}'
    )
    found = book.comparisons()
    assert found
    assert Counter((pair.iri, pair.kind, pair.first, pair.second) for pair in found) == asked(store, query)
    first = [pair for pair in found if found[0].first in (pair.first, pair.second)]
    assert book.comparisons(claims=[found[0].first]) == first


@pytest.mark.parametrize(
    ("part", "properties"),
    [
        ("labels", (DK.shortName, SKOS.prefLabel, RDFS.label)),
        ("sentences", (DK.sentence, DK.reasonText)),
        ("titles", (DCTERMS.title,)),
    ],
)
def test_texts_of_things_are_those_of_the_graph(
    part: str, properties: tuple[NamedNode, ...], bundled: tuple[Store, Book]
) -> None:
    store, book = bundled
    texts: dict[str, dict[str, set[str]]] = {}
    for prop in properties:
        for quad in store.quads_for_pattern(None, prop, None):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                by_language = texts.setdefault(quad.subject.value, {})
                by_language.setdefault(quad.object.language or "", set()).add(quad.object.value)
    told = book.describe(texts)
    for iri, by_language in texts.items():
        own = getattr(told[iri], part)
        assert own.keys() == by_language.keys()
        assert all(own[language] in found for language, found in by_language.items())


def test_claims_of_the_book_are_those_of_the_graph(bundled: tuple[Store, Book]) -> None:
    store, book = bundled
    iris = [iri for (iri,) in asked(store, f"SELECT ?c WHERE {{ GRAPH ?g {{ ?c {RDF.type} {DK.Claim} }} }}")]
    claims = book.claims(iris)
    assert [claim.iri.value for claim in claims] == iris
    for claim in claims[::20]:
        quads = store.quads_for_pattern(claim.iri, None, None)
        said = {(q.predicate, q.object) for q in quads if not book.names.graphs.is_inferred(q.graph_name)}
        assert {(prop, value) for prop, values in claim.values.items() for value in values} == said


_THINGS = [SMALL.thing(name) for name in "ab"]
_GRAPHS = [
    SMALL.graphs.document("note"),
    SMALL.graphs.evidence("note"),
    SMALL.graphs.inferred("note"),
    SMALL.graphs.things,
    NamedNode("http://foreign.example/graph"),
]
_SUBJECTS = [*_THINGS, SMALL.claim("note", "c"), SMALL.claim("other", "d"), SMALL.passage("note", "p1.s1")]
_OBJECTS = [
    *_THINGS,
    DK.Claim,
    DK.ExternalClaim,
    DK.Company,
    *(value for axis in AXES for value in axis.values[:2]),
    Literal("Acme", language="nb"),
    Literal("Acme"),
    Literal(7),
    Literal(True),
    SMALL.passage("note", "p1.s1"),
]
_PROPERTIES = [
    RDF.type,
    RDFS.label,
    SKOS.altLabel,
    DK.subject,
    DK.predicate,
    DK.object,
    DK.negated,
    DK.certainty,
    DK.salience,
    DK.cue,
    DK.statedIn,
    DK.startOffset,
    DK.endOffset,
    DK.sentence,
    DK.firstClaim,
    DK.secondClaim,
    DK.comparisonKind,
]
_QUADS = st.sets(
    st.builds(
        Quad,
        st.sampled_from(_SUBJECTS),
        st.sampled_from(_PROPERTIES),
        st.sampled_from(_OBJECTS),
        st.sampled_from(_GRAPHS),
    ),
    max_size=40,
)


def rows_of(path: Path, quads: Iterable[Quad]) -> dict[str, Rows]:
    write_book(path, quads, SMALL)
    return dict(logical_rows(Book(path, SMALL)))


@settings(max_examples=60)
@given(before=_QUADS, after=_QUADS)
def test_updated_book_equals_a_fresh_one(
    before: set[Quad], after: set[Quad], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("book")
    rows_of(folder / "before", before)
    update_book(folder / "updated", folder / "before", after - before, before - after, SMALL)
    book = Book(folder / "updated", SMALL)
    assert dict(logical_rows(book)) == rows_of(folder / "fresh", after)
    called = book.rows("SELECT term.text FROM word JOIN term ON term.id = word.rowid WHERE names = 'acme'")
    assert sorted(book.candidates("Acme", 9)) == sorted(iri for (iri,) in called)


@settings(max_examples=40)
@given(_QUADS)
def test_quads_of_a_store_are_chosen_like_quads(quads: set[Quad]) -> None:
    store = store_of(quads)
    foreign = {q for q in store if SMALL.graphs.is_foreign(q.graph_name)}
    own = {q for q in foreign if any(isinstance(t, NamedNode) and t.value.startswith(SMALL.base) for t in q.triple)}
    assert set(book_quads(store, SMALL)) == (set(store) - foreign) | own
    assert TERMS not in SMALL.base
