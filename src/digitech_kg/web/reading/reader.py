"""Send queries of pages to the query service, and read the answers as RDF terms. Only `/readyz` goes around it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from string import Template
from typing import Concatenate, Final, ParamSpec, TypeVar, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from digitech_kg.book import Book, PassageEntry
from digitech_kg.book.advice import Advice, read_advice
from digitech_kg.claims.labels import choose_text
from digitech_kg.engine.request import QueryRequest, QueryService
from digitech_kg.errors import Gone, NotFound
from digitech_kg.formats import Format, by_name
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.document_texts import TextCopy

_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")
#: What a page shows of a thing or passage at most.
MOST_ROWS: Final = 600
#: What pages and answers ask of the graph, or give people to go on from.
PAGE_QUERIES: Final = {
    path.stem: path.read_text(encoding="utf-8") for path in (Path(__file__).parents[1] / "queries").glob("*.rq")
}
RdfTerm = NamedNode | BlankNode | Literal | Triple
Row = dict[str, RdfTerm]
_JSON, _TURTLE, _TRIPLES = by_name("json"), by_name("turtle"), by_name("ntriples")
#: Above this many bytes a result is given as a file only: its page would keep the server and the browser busy.
_MOST_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class GraphReader:
    """Reads the current snapshot for pages in a language."""

    service: QueryService
    language: str
    #: The operator's own copies of texts, by document.
    copies: Mapping[str, TextCopy] = field(default_factory=dict, compare=False)

    @property
    def names(self) -> Namespaces:
        return self.service.names

    @property
    def languages(self) -> tuple[str, ...]:
        """Its language and those of the project, in lower case as the engine has them, most wanted first."""
        return tuple(dict.fromkeys(tag.lower() for tag in (self.language, *self.names.languages)))

    def text(self, texts: Mapping[str, str], default: str = "") -> str:
        """Return the text that who asks understands best; the default if there is none."""
        return self.text_and_language(texts, default)[0]

    def text_and_language(self, texts: Mapping[str, str], default: str = "") -> tuple[str, str]:
        """Return the text that who asks understands best with its language, "" for the one that was asked for."""
        language, text = choose_text(texts, self.languages) or ("", default)
        return text, "" if language == self.languages[0] else language

    @property
    def version(self) -> str:
        return self.service.snapshot.version

    @property
    def book(self) -> Book:
        return self.service.book()

    def quote(self, document: str, passage: PassageEntry) -> str | None:
        """Return the text of a passage of a document, if there is a copy and it is still the same there."""
        copy = self.copies.get(document) if passage.hash else None
        return copy.quote(passage.start, passage.end, passage.hash) if copy else None

    def triples(self, query: str, **values: object) -> list[Triple]:
        """Return the triples that a CONSTRUCT query makes, filled with `values`; its prefixes need no declaration."""
        prefixes = tuple(self.names.prefixes.items())
        with self.service.query(QueryRequest(fill(query, **values), None, _TRIPLES, prefixes=prefixes)) as answer:
            return [quad.triple for quad in parse(answer.read(), RdfFormat.N_TRIPLES)]

    def quads(self, query: str, **values: object) -> set[Quad]:
        """Return what a SELECT query of ?s, ?p, ?o and ?g finds; without ?g it is in the default graph."""
        prefixes = tuple(self.names.prefixes.items())
        with self.service.query(QueryRequest(fill(query, **values), _JSON, None, prefixes=prefixes)) as answer:
            rows = cast(QuerySolutions, parse_query_results(answer.read(), format=QueryResultsFormat.JSON))
        return {Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows}


def write_rdf(triples: Collection[Triple] | Collection[Quad], fmt: Format, names: Namespaces) -> bytes:
    """Return triples or quads in a format, with the prefixes of the project that they use."""
    text = "".join(map(str, triples))
    used = {prefix: namespace for prefix, namespace in names.prefixes.items() if namespace in text}
    return serialize(triples, format=fmt.rdf, prefixes=used) or b""


def once_per_version(
    read: Callable[Concatenate[GraphReader, _Given], _Found],
) -> Callable[Concatenate[GraphReader, _Given], _Found]:
    """Have a function read each version once: what it found last, for some versions and arguments, is kept."""

    @lru_cache(maxsize=8)
    def keep(_version: str, reader: GraphReader, *given: _Given.args, **named: _Given.kwargs) -> _Found:
        return read(reader, *given, **named)

    @wraps(read)
    def find(reader: GraphReader, /, *given: _Given.args, **named: _Given.kwargs) -> _Found:
        return keep(reader.version, reader, *given, **named)  # type: ignore[arg-type]

    return find


@dataclass(frozen=True)
class QueryResult:
    """The result of a query for a page: rows, a yes or no, or Turtle; of one that is too large, the size alone."""

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    answer: bool | None = None
    rdf: str | None = None
    #: Bytes of a result that is too large for a page, else 0.
    too_large: int = 0
    duration_s: float = 0.0

    @property
    def formats(self) -> tuple[str, ...]:
        if self.rdf is not None:
            return ("turtle", "ntriples", "rdfxml", "jsonld")
        return ("json", "xml") if self.answer is not None else ("json", "xml", "csv", "tsv")


def run_query(service: QueryService, query: str) -> QueryResult:
    """Return what a query finds. Raises what `QueryService.query` raises."""
    request = QueryRequest(query, _JSON, _TURTLE, prefixes=service.names.prefixes_in(query))
    with service.query(request) as answer:
        is_graph, took = answer.format is _TURTLE, answer.duration_s
        if answer.length > _MOST_BYTES:
            return QueryResult(rdf="" if is_graph else None, too_large=answer.length, duration_s=took)
        body = answer.read()
    if is_graph:
        return QueryResult(rdf=body.decode(), duration_s=took)
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return QueryResult(answer=bool(found), duration_s=took)
    columns = tuple(variable.value for variable in found.variables)
    rows = ({name: term for name in columns if (term := row[name]) is not None} for row in found)
    return QueryResult(columns, tuple(rows), duration_s=took)


def advise_on(service: QueryService, query: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing where the data is in another store."""
    if service.known_quads() is None:
        return ()
    try:
        return read_advice(service.book(), service.snapshot.manifest.graphs, query)
    except Gone:
        # The version went while its answer, which is whole, was on its way.
        return ()


def node(iri: str) -> str:
    """Return an IRI as it stands in a query. Raises `NotFound` if it isn't an IRI: nothing can be smuggled in."""
    if not is_iri(iri):
        raise NotFound(f"'{iri}' is not an IRI", hint="Search for what you meant.")
    return f"<{iri}>"


def is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def iris_of(rows: Iterable[Row]) -> set[str]:
    return {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}


def by_language(terms: Iterable[object]) -> dict[str, str]:
    """Return the texts among some terms by their language; "" where none is named."""
    return {term.language or "": term.value for term in terms if isinstance(term, Literal)}


def fill(query: str, **values: object) -> str:
    """Return a query with its values. Raises `KeyError` for a name without one.

    >>> fill("SELECT ?o { $this ?p ?o }", this="<urn:x>")
    'SELECT ?o { <urn:x> ?p ?o }'
    """
    return Template(query).substitute({name: str(value) for name, value in values.items()})


def query_for_people(names: Namespaces, query: str, **values: object) -> str:
    """Return a query with its values, in the first language of the project, with the prefixes that it uses declared."""
    body = fill(query, language=names.languages[0], **values)
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in names.prefixes_in(body)) + body


def query_about(names: Namespaces, iri: str) -> str:
    return query_for_people(names, PAGE_QUERIES["about"], this=node(iri))
