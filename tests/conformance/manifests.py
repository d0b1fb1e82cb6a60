"""The tests as the W3C's manifests describe them."""

import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

#: Where the files of the archive are on the web: relative IRIs in data, queries and results are resolved against it.
BASE = "https://w3c.github.io/rdf-tests/sparql/"
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)

RDF_FORMATS = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".rdf": RdfFormat.RDF_XML}
Node = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class HttpRequest:
    """One exchange of a protocol test: what is sent and what may come back."""

    method: str
    #: With the query string, as the manifest has it: `/sparql/…` or `/gsp…`.
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    #: "2xx" or a number each; any of them will do.
    statuses: tuple[str, ...]
    boolean: bool | None = None
    #: "boolean", "tabular" or "RDF".
    format: str | None = None
    #: Turtle of the graph that has to come back.
    graph: str | None = None
    #: What stands for the Location header of the answer in the requests that follow.
    location: str | None = None


@dataclass(frozen=True)
class Test:
    """One test: kind is the local name of its class in the manifest vocabulary."""

    iri: str
    name: str
    kind: str
    #: Folder, such as "sparql11/aggregates".
    suite: str
    query: Path | None = None
    data: tuple[Path, ...] = ()
    #: Name and file of each named graph.
    graphs: tuple[tuple[str, Path], ...] = ()
    result: Path | None = None
    #: What an update leaves behind, as `data` and `graphs`.
    result_data: tuple[Path, ...] = ()
    result_graphs: tuple[tuple[str, Path], ...] = ()
    #: Equal solutions may be fewer than in the result.
    lax: bool = False
    requests: tuple[HttpRequest, ...] = field(default=(), repr=False)


def unpack(archive: Path, directory: Path) -> Path:
    """Unpack the archive; give the folder that BASE stands for."""
    with tarfile.open(archive) as tar:
        tar.extractall(directory, filter="data")
    return directory / "rdf-tests" / "sparql"


def iri_of(root: Path, file: Path) -> str:
    """Give the web address of a file."""
    return BASE + file.relative_to(root).as_posix()


def quads_of(root: Path, file: Path, graph: NamedNode | DefaultGraph, base: str) -> list[Quad]:
    """Read a file into a graph."""
    fmt = RDF_FORMATS.get(file.suffix, RdfFormat.N_QUADS)
    triples = parse(path=str(file), format=fmt, base_iri=base, rename_blank_nodes=True)
    return [Quad(t.subject, t.predicate, t.object, graph) for t in triples]


def load_tests(root: Path, manifest: str) -> list[Test]:
    """Read the tests of a manifest, named by its path below `root`, and of those that it includes, in order."""
    reader = _Manifest(root, root / manifest)
    tests = list(reader.tests())
    for included in reader.included():
        tests += load_tests(root, included.relative_to(root).as_posix())
    return tests


class _Manifest:
    def __init__(self, root: Path, file: Path) -> None:
        self._root, self._file = root, file
        self._base = iri_of(root, file)
        self._store = Store()
        self._store.load(path=str(file), format=RdfFormat.TURTLE, base_iri=self._base)

    def included(self) -> Iterator[Path]:
        for lists in self._values(NamedNode(self._base), _MF + "include"):
            for item in self._items(lists):
                yield self._path(item)

    def tests(self) -> Iterator[Test]:
        for lists in self._values(NamedNode(self._base), _MF + "entries"):
            for item in self._items(lists):
                yield self._test(item)

    def _test(self, node: Node) -> Test:
        action = self._value(node, _MF + "action")
        kind = str(self._value(node, _RDF + "type").value).removeprefix(_MF)  # type: ignore[union-attr]
        common = {
            "iri": node.value,
            "name": self._text(node, _MF + "name"),
            "kind": kind,
            "suite": self._file.parent.relative_to(self._root).as_posix(),
        }
        if action is None:
            return Test(**common)
        if requests := self._value(action, _HT + "requests"):
            exchanges = tuple(self._request(item) for item in self._items(requests))
            return Test(**common, graphs=tuple(self._update_graphs(node)), requests=exchanges)
        result = self._value(node, _MF + "result")
        if (update := self._value(action, _UT + "request")) is not None:
            (data, graphs), (result_data, result_graphs) = (self._dataset(action), self._dataset(result))
            return Test(
                **common, query=self._path(update), data=data, graphs=graphs,
                result_data=result_data, result_graphs=result_graphs,
            )  # fmt: skip
        if not isinstance(result, NamedNode):
            result = None
        query = action if isinstance(action, NamedNode) else self._value(action, _QT + "query")
        if query is None:
            return Test(**common)
        file = self._path(query)
        data, graphs = self._data(action, file)
        if file.suffix == ".ru" and kind.endswith("tiveSyntaxTest11"):
            # Some manifests of updates use the class of queries.
            common["kind"] = kind.replace("Syntax", "UpdateSyntax")
        lax = self._value(node, _MF + "resultCardinality") == NamedNode(_MF + "LaxCardinality")
        return Test(**common, query=file, data=data, graphs=graphs, result=result and self._path(result), lax=lax)

    def _data(self, action: Node, query: Path) -> tuple[tuple[Path, ...], tuple[tuple[str, Path], ...]]:
        data = tuple(self._path(node) for node in self._values(action, _QT + "data"))
        graphs = [(node.value, self._path(node)) for node in self._values(action, _QT + "graphData")]
        if not data and not graphs and query.suffix == ".rq":
            # Tests of FROM expect the graphs that the query names to be there.
            text = query.read_text(encoding="utf-8")
            files = [query.parent / name for name in dict.fromkeys(_FROM.findall(text))]
            graphs = [(iri_of(self._root, file), file) for file in files if file.is_file()]
        return data, tuple(graphs)

    def _dataset(self, node: Node | None) -> tuple[tuple[Path, ...], tuple[tuple[str, Path], ...]]:
        """Give the default and the named graphs before or after an update."""
        if node is None:
            return (), ()
        return tuple(map(self._path, self._values(node, _UT + "data"))), tuple(self._update_graphs(node))

    def _update_graphs(self, node: Node) -> Iterator[tuple[str, Path]]:
        for data in self._values(node, _UT + "graphData"):
            file = self._value(data, _UT + "graph")
            if file is not None:
                yield self._text(data, _LABEL.value), self._path(file)

    def _request(self, node: Node) -> HttpRequest:
        response = self._value(node, _HT + "resp")
        assert response is not None
        boolean = self._value(response, _MF + "expectedBoolean")
        return HttpRequest(
            method=self._text(node, _HT + "methodName"),
            path=self._text(node, _HT + "absolutePath"),
            headers=tuple(self._headers(node)),
            body=self._body(node),
            statuses=tuple(_status(s.value) for s in self._values(response, _MF + "expectedStatus")),
            boolean=None if boolean is None else boolean.value == "true",
            format=self._text(response, _MF + "expectedFormat") or None,
            graph=(self._body(response) or b"").decode() or None,
            location=self._text(response, _MF + "expectedLocation") or None,
        )

    def _headers(self, node: Node) -> Iterator[tuple[str, str]]:
        headers = self._value(node, _HT + "headers")
        for header in self._items(headers) if headers else ():
            yield self._text(header, _HT + "fieldName"), self._text(header, _HT + "fieldValue")

    def _body(self, node: Node) -> bytes | None:
        body = self._value(node, _HT + "body")
        if body is None:
            return None
        encoding = self._text(body, _CNT + "characterEncoding") or "UTF-8"
        return self._text(body, _CNT + "chars").encode(encoding)

    def _values(self, subject: Node, predicate: str) -> list[Node]:
        assert not isinstance(subject, Literal)
        found = self._store.quads_for_pattern(subject, NamedNode(predicate), None, None)
        return [quad.object for quad in found if isinstance(quad.object, Node)]

    def _value(self, subject: Node, predicate: str) -> Node | None:
        return next(iter(self._values(subject, predicate)), None)

    def _text(self, subject: Node, predicate: str) -> str:
        node = self._value(subject, predicate)
        return node.value if node is not None else ""

    def _items(self, node: Node) -> Iterator[Node]:
        while (first := self._value(node, _RDF + "first")) is not None:
            yield first
            rest = self._value(node, _RDF + "rest")
            if rest is None:
                return
            node = rest

    def _path(self, node: Node) -> Path:
        return self._root / node.value.removeprefix(BASE)


def _status(iri: str) -> str:
    """Give "2xx" or a number for a term of the HTTP vocabulary."""
    names = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}
    name = re.split(r"[#/]", iri)[-1]
    return names.get(name, name.removeprefix("StatusCode"))
