"""One function per kind of test: ask the server, compare, and give what is wrong, or None."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urljoin

import requests
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from conformance.manifests import BASE, RDF_FORMATS, HttpRequest, Test, iri_of, quads_of
from conformance.targets import Target
from conformance.terms import Table, parse_csv, parse_graph, parse_json, parse_result_set, parse_tsv, parse_xml, same
from conformance.updates import check_negative_update_syntax, check_positive_update_syntax, check_update, reset, writes

#: What is asked for by the kind of file that the result is in.
_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_PARSERS: dict[str, Callable[[bytes], Table]] = {
    "application/sparql-results+xml": parse_xml,
    "application/sparql-results+json": parse_json,
    "text/csv": parse_csv,
    "text/tab-separated-values": parse_tsv,
}
#: Names a graph that no test has.
_NO_GRAPH = BASE + "empty"
#: Where the tests of the Graph Store Protocol believe that the server is.
_HOST = "http://www.example"
_ANY_SOLUTIONS = "application/sparql-results+json, text/turtle;q=0.9"


def load_data(target: Target, root: Path, test: Test) -> None:
    """Make the dataset of a test the whole dataset of the server."""
    quads = [quad for file in test.data for quad in quads_of(root, file, DefaultGraph(), iri_of(root, file))]
    for name, file in test.graphs:
        quads += quads_of(root, file, NamedNode(name), iri_of(root, file))
    target.load(quads)


def load_all_data(target: Target, root: Path, tests: Iterable[Test]) -> None:
    """Give the server the data of many tests at once, each file as a named graph.

    Each request then names the dataset of its test, which is the same to a query and ten times faster to set up.
    """
    tests = list(tests)
    graphs = {iri_of(root, file): file for test in tests for file in test.data}
    graphs |= {name: file for test in tests for name, file in test.graphs}
    target.load([q for name, file in graphs.items() for q in quads_of(root, file, NamedNode(name), iri_of(root, file))])


def _dataset(root: Path, test: Test) -> list[tuple[str, str]]:
    """Give the parameters that name the dataset of a test; none if the query has a FROM, which they would replace."""
    if not test.data and test.query and "FROM" in test.query.read_text(encoding="utf-8").upper():
        return []
    default = [("default-graph-uri", iri_of(root, file)) for file in test.data]
    named = [("named-graph-uri", name) for name, _ in test.graphs]
    return [*(default or [("default-graph-uri", _NO_GRAPH)]), *named]


def check_evaluation(target: Target, root: Path, test: Test) -> str | None:
    """Send a query and compare its result."""
    assert test.query
    assert test.result
    accept = _ACCEPT.get(test.result.suffix, _ANY_SOLUTIONS)
    response = _send_query(target, root, test, accept)
    if response.status_code != 200:
        return f"{response.status_code}: {response.text[:300]}"
    expected = replace(_expected(root, test.result), lax=test.lax)
    if test.result.suffix == ".srx" and _is_ordered(test.query):
        expected = replace(expected, ordered=True)
    media_type = response.headers["Content-Type"].partition(";")[0]
    if media_type == "text/turtle":
        found = parse_graph(response.content, RdfFormat.TURTLE, target.url)
    elif media_type in _PARSERS:
        found = _PARSERS[media_type](response.content)
    else:
        return f"unexpected media type {media_type}"
    return None if same(expected, found) else f"expected {expected}, found {found}"


def _send_query(target: Target, root: Path, test: Test, accept: str) -> requests.Response:
    """POST the query with a BASE in front: the protocol has no other way to say where a query comes from."""
    assert test.query
    text = f"BASE <{iri_of(root, test.query)}> {test.query.read_text(encoding='utf-8')}"
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    url, parameters = target.url + target.query_path, _dataset(root, test) if target.holds_all else []
    return requests.post(url, params=parameters, data=text.encode(), headers=headers, timeout=60)


@lru_cache(maxsize=1000)
def _expected(root: Path, file: Path) -> Table:
    text, base = file.read_bytes(), iri_of(root, file)
    if file.suffix in _ACCEPT:
        return _PARSERS[_ACCEPT[file.suffix]](text)
    fmt = RDF_FORMATS[file.suffix]
    return parse_result_set(text, fmt, base) or parse_graph(text, fmt, base)


def _is_ordered(query: Path) -> bool:
    """Whether the outermost SELECT is ordered: ORDER BY outside all braces."""
    text = re.sub(r"<[^>]*>|#[^\n]*", "", query.read_text(encoding="utf-8"))
    while "{" in text and (shorter := re.sub(r"\{[^{}]*\}", "", text)) != text:
        text = shorter
    return "ORDER" in text.upper()


def check_positive_syntax(target: Target, root: Path, test: Test) -> str | None:
    """Send a query that has to be taken as SPARQL; that it calls a function which nobody has is no fault of syntax."""
    response = _send_query(target, root, test, _ANY_SOLUTIONS)
    if response.status_code == 200 or re.search("function .* is not supported", response.text):
        return None
    return f"{response.status_code}: {response.text[:300]}"


def check_negative_syntax(target: Target, root: Path, test: Test) -> str | None:
    """Send a query that has to be refused as wrong."""
    response = _send_query(target, root, test, _ANY_SOLUTIONS)
    return None if response.status_code == 400 else f"{response.status_code} instead of 400"


def check_protocol(target: Target, _root: Path, test: Test) -> str | None:
    """Send the requests of a protocol test one after the other."""
    if writes(test):
        reset(target)
    for request in test.requests:
        endpoint = target.update_path if _is_update(request) else target.query_path
        response = send(target, request, endpoint + request.path.removeprefix("/sparql/").removeprefix("/sparql"))
        if problem := _wrong_status(request, response) or _wrong_content(request, response):
            return problem
    return None


def _is_update(request: HttpRequest) -> bool:
    content_type = next((value for name, value in request.headers if name.lower() == "content-type"), "")
    return "update" in content_type or "update=" in request.path or (request.body or b"").startswith(b"update=")


def send(target: Target, request: HttpRequest, path: str) -> requests.Response:
    """Send a request as a manifest has it, to another path."""
    headers = {name: value for name, value in request.headers if name.lower() != "content-length"} | target.headers
    prepared = requests.Request(request.method, target.url, headers=headers, data=request.body).prepare()
    prepared.url = target.url + path  # As it stands: escapes are what some tests are about.
    with requests.Session() as session:
        return session.send(prepared, timeout=60, allow_redirects=True)


def _wrong_status(request: HttpRequest, response: requests.Response) -> str | None:
    status = str(response.status_code)
    if any(status == wanted or (wanted.endswith("xx") and status[0] == wanted[0]) for wanted in request.statuses):
        return None
    return (
        f"{request.method} {request.path}: {status} instead of {' or '.join(request.statuses)}: {response.text[:200]}"
    )


def _wrong_content(request: HttpRequest, response: requests.Response) -> str | None:
    media_type = response.headers.get("Content-Type", "").partition(";")[0]
    if request.format == "RDF" and RdfFormat.from_media_type(media_type) is None:
        return f"{media_type} is no RDF"
    if request.format in ("boolean", "tabular") and media_type not in _PARSERS:
        return f"{media_type} is no format for solutions"
    if request.boolean is not None and _PARSERS[media_type](response.content).boolean != request.boolean:
        return f"not {request.boolean}: {response.text[:200]}"
    return None


def check_graph_store(target: Target, _root: Path, test: Test) -> str | None:
    """Send the requests of a Graph Store Protocol test; what one answers with as Location is put into the next."""
    reset(target)
    locations: dict[str, str] = {}
    for request in test.requests:
        path = target.graph_store_path + request.path.removeprefix("/gsp")
        for name, location in locations.items():
            path = path.replace(name, quote(location, safe=""))
        response = send(target, _as_host(request), path)
        if problem := _wrong_status(request, response) or _wrong_graph(request, response, _HOST + path):
            return problem
        if request.location and "Location" not in response.headers:
            return f"{request.method} {request.path}: no Location"
        if request.location:
            locations[request.location] = urljoin(_HOST + path, response.headers["Location"])
    return None


def _as_host(request: HttpRequest) -> HttpRequest:
    return replace(request, headers=(*request.headers, ("Host", _HOST.removeprefix("http://"))))


def _wrong_graph(request: HttpRequest, response: requests.Response, base: str) -> str | None:
    if request.graph is None or request.method == "HEAD":
        return None
    expected = parse_graph(request.graph.encode(), RdfFormat.TURTLE, base)
    found = parse_graph(response.content, RdfFormat.TURTLE, base)
    return None if same(expected, found) else f"expected {expected}, found {found}"


_SD = "http://www.w3.org/ns/sparql-service-description#"
_SD_TERMS = re.compile(
    "Aggregate|Dataset|EntailmentProfile|EntailmentRegime|Feature|Function|Graph|GraphCollection|Language|NamedGraph|"
    "Service|availableGraphs|defaultDataset|defaultEntailmentRegime|defaultGraph|defaultSupportedEntailmentProfile|"
    "endpoint|entailmentRegime|extensionAggregate|extensionFunction|feature|graph|inputFormat|languageExtension|name|"
    "namedGraph|propertyFeature|resultFormat|supportedEntailmentProfile|supportedLanguage|"
    # The instances that the vocabulary names.
    "BasicFederatedQuery|DereferencesURIs|EmptyGraphs|RequiresDataset|SPARQL10Query|SPARQL11Query|SPARQL11Update|"
    "UnionDefaultGraph"
)


def check_service_description(target: Target, _root: Path, test: Test) -> str | None:
    """Get the endpoint without a query and look at what it says of itself."""
    endpoint = target.url + target.query_path
    response = requests.get(endpoint, headers={"Accept": "text/turtle"}, timeout=60)
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/turtle"):
        return f"{response.status_code} {response.headers.get('Content-Type')}"
    triples = list(parse(response.content, RdfFormat.TURTLE, base_iri=endpoint))
    name = test.iri.partition("#")[2]
    if name == "has-endpoint-triple":
        matching = any(t.predicate.value == _SD + "endpoint" and t.object == NamedNode(endpoint) for t in triples)
        return None if matching else f"no sd:endpoint <{endpoint}>"
    if name == "conforms-to-schema":
        return _unknown_terms(triples)
    return None if triples else "the description is empty"


def _unknown_terms(triples: list[Quad]) -> str | None:
    """Say which terms of the vocabulary's namespace are used that it does not have, or that there is no service."""
    used = {node.value for t in triples for node in (t.predicate, t.object) if isinstance(node, NamedNode)}
    ours = {iri.removeprefix(_SD) for iri in used if iri.startswith(_SD)}
    if unknown := sorted(name for name in ours if not _SD_TERMS.fullmatch(name)):
        return f"not in the vocabulary: {', '.join(unknown)}"
    return None if "Service" in ours else "nothing is an sd:Service"


#: What to do by the kind of test.
CHECKS: dict[str, Callable[[Target, Path, Test], str | None]] = {
    "QueryEvaluationTest": check_evaluation,
    "CSVResultFormatTest": check_evaluation,
    "PositiveSyntaxTest": check_positive_syntax,
    "PositiveSyntaxTest11": check_positive_syntax,
    "NegativeSyntaxTest": check_negative_syntax,
    "NegativeSyntaxTest11": check_negative_syntax,
    "ProtocolTest": check_protocol,
    "ServiceDescriptionTest": check_service_description,
    "GraphStoreProtocolTest": check_graph_store,
    "UpdateEvaluationTest": check_update,
    "PositiveUpdateSyntaxTest11": check_positive_update_syntax,
    "NegativeUpdateSyntaxTest11": check_negative_update_syntax,
}
