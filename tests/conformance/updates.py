"""Tests of SPARQL 1.1 Update: send the update, ask for the whole dataset, and compare."""

import re
from pathlib import Path

import requests
from pyoxigraph import DefaultGraph, RdfFormat, serialize

from conformance.manifests import Test, iri_of, quads_of
from conformance.targets import Target
from conformance.terms import Row, Table, parse_json, same, term_of

_UPDATE = {"Content-Type": "application/sparql-update"}
_EVERYTHING = "SELECT ?g ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
_KINDS = ("UpdateEvaluationTest", "PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11", "GraphStoreProtocolTest")
#: What an update that is right as text may fail with: it loads from somewhere, or names a graph that is not there.
_MAY_FAIL = re.compile(r"\b(LOAD|CREATE|DROP|CLEAR|ADD|MOVE|COPY)\b", re.IGNORECASE)


def writes(test: Test) -> bool:
    """Whether a test changes what the server holds."""
    return test.kind in _KINDS or (test.kind == "ProtocolTest" and "update" in test.iri.partition("#")[2])


def reset(target: Target) -> None:
    """Take everything out of the server's dataset. Raises `OSError` if it does not let that happen."""
    _send_update(target, "DROP ALL").raise_for_status()


def check_update(target: Target, root: Path, test: Test) -> str | None:
    """Put the data of a test into the server, send the update, and compare what is there then."""
    assert test.query
    data, text = f"DROP ALL ; INSERT DATA {{ {_data_of(root, test)} }}", _text(root, test)
    if target.takes_late_prologues:
        text = f"{data} ; {text}"
    else:
        _send_update(target, data).raise_for_status()
    response = _send_update(target, text)
    if not response.ok:
        return f"{response.status_code}: {response.text[:300]}"
    response = requests.post(
        target.url + target.query_path,
        data=_EVERYTHING,
        headers={"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"},
        timeout=60,
    )
    found, expected = parse_json(response.content), _expected(root, test)
    return None if same(expected, found) else f"expected {expected}, found {found}"


def check_positive_update_syntax(target: Target, root: Path, test: Test) -> str | None:
    """Send an update that has to be taken as SPARQL; that it cannot be carried out is no fault of syntax."""
    text = _text(root, test)
    response = _send_update(target, text)
    if response.ok or (_MAY_FAIL.search(text) and not _blames_syntax(response)):
        return None
    return f"{response.status_code}: {response.text[:300]}"


def check_negative_update_syntax(target: Target, root: Path, test: Test) -> str | None:
    """Send an update that has to be refused as wrong."""
    response = _send_update(target, _text(root, test))
    return None if response.status_code == 400 else f"{response.status_code} instead of 400"


def _blames_syntax(response: requests.Response) -> bool:
    said = re.sub(r"<[^<>]*>", "", response.text)
    return response.status_code == 400 and bool(re.search(r"syntax|expected|line \d+", said, re.IGNORECASE))


def _text(root: Path, test: Test) -> str:
    """Give the update with a BASE in front, as the protocol has no other way to say where it comes from."""
    assert test.query
    return f"BASE <{iri_of(root, test.query)}> {test.query.read_text(encoding='utf-8')}"


def _send_update(target: Target, text: str) -> requests.Response:
    url = target.url + target.update_path
    return requests.post(url, data=text.encode(), headers=_UPDATE | target.headers, timeout=60)


def _data_of(root: Path, test: Test) -> str:
    """Give what is there before an update as the template of an INSERT DATA."""
    parts = [_triples(root, file) for file in test.data]
    parts += [f"GRAPH <{name}> {{ {_triples(root, file)} }}" for name, file in test.graphs]
    return "\n".join(parts)


def _triples(root: Path, file: Path) -> str:
    triples = (quad.triple for quad in quads_of(root, file, DefaultGraph(), iri_of(root, file)))
    return (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()


def _expected(root: Path, test: Test) -> Table:
    """Give what has to be there after an update, as the query gives it."""
    rows: set[Row] = set()
    for name, file in [(None, file) for file in test.result_data] + list(test.result_graphs):
        for quad in quads_of(root, file, DefaultGraph(), iri_of(root, file)):
            terms = (term_of(quad.subject), term_of(quad.predicate), term_of(quad.object))
            rows.add((("iri", name) if name else None, *terms))
    return Table(("g", "s", "p", "o"), tuple(rows))
