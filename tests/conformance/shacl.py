"""The W3C's SHACL tests, run through the product's validator the way it runs it, and through the reference.

Data and shapes pass through a store first, as all data here does, and the expected report with them; so numbers written
in two ways are one number. Reports are compared whole, up to the names of blank nodes, except for messages that a test
says nothing about.
"""

import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, RdfFormat, Store
from rdflib import RDF, SH, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.compare import isomorphic
from rdflib.term import Node

from digitech_kg.namespaces import Namespaces
from digitech_kg.triple_store import dump
from digitech_kg.validation.report import parse_ntriples, report_of
from digitech_kg.validation.with_shifty import write_report
from reference import write_pyshacl_report

#: Where the files are on the web.
BASE = "https://w3c.github.io/data-shapes/data-shapes-test-suite/tests/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
_OF_RESULT = (
    SH.focusNode, SH.resultPath, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape, SH.value,
)  # fmt: skip


_HEAD = """
## SHACL

The W3C's tests of SHACL 1.0 (`data-shapes`, commit ff9edb9), run by the same command through the validator of the
product, shifty, as each build and write runs it, and through pySHACL, the reference that it is held against.
Data, shapes and expected reports pass through a store first, as all data here does. Reports are compared whole, up to
the names of blank nodes and to messages that a test does not give; where validating has to fail, it has to fail.
A path that is more than a property shifty leaves blank: the command spells it out from the shapes before it compares.
"""


@dataclass(frozen=True)
class ShaclTest:
    """One test: its shapes, its data, and the report that has to come of them; None where validating has to fail."""

    iri: str
    #: Folder, such as "core/node".
    suite: str
    data: Path
    shapes: Path
    expected: Graph | None


def _completed_shifty_report(data: bytes, shapes: bytes) -> Graph:
    """Return shifty's report with the paths that it leaves blank spelt out, as section 3.6.2.2 of SHACL has them.

    Blank property shapes go by a name meanwhile, by which a path is found. Nobody but this runner needs such paths.
    """
    graph, named = parse_ntriples(shapes), Graph()
    blank = {shape for shape in graph.subjects(SH.path, None) if isinstance(shape, BNode)}
    for triple in graph:
        subject, predicate, value = (URIRef(f"{_BLANK}{term}") if term in blank else term for term in triple)
        named.add((subject, predicate, value))
    report = write_report(data, named.serialize(format="nt").encode())
    for result, path in list(report.subject_objects(SH.resultPath)):
        shape = report.value(result, SH.sourceShape)
        if isinstance(path, BNode) and (meant := named.value(shape, SH.path)) is not None:
            report.set((result, SH.resultPath, meant))
            _copy(meant, named, report)
        if isinstance(shape, URIRef) and shape.startswith(_BLANK):
            report.set((result, SH.sourceShape, BNode(shape.removeprefix(_BLANK))))
    return report or report_of((), Namespaces(BASE)).graph


def _copy(node: Node, source: Graph, target: Graph) -> None:
    """Copy a path; a path that is both a list and something else counts as the list."""
    if isinstance(node, BNode) and (node, None, None) not in target:
        is_list = (node, RDF.first, None) in source
        for triple in list(source.triples((node, None, None))):
            if is_list and triple[1] not in (RDF.first, RDF.rest):
                continue
            target.add(triple)
            _copy(triple[2], source, target)


_BLANK = "urn:digitech-kg:blank-shape:"
#: What gives the report on data and shapes, by the name of the validator.
VALIDATORS: dict[str, Callable[[bytes, bytes], Graph]] = {
    "shifty": _completed_shifty_report,
    "reference (pySHACL)": write_pyshacl_report,
}
#: By validator: each test with what is wrong, or None.
Outcomes = dict[str, list[tuple[ShaclTest, str | None]]]


def unpack(archive: Path, directory: Path) -> Path:
    """Unpack the archive; give the folder that BASE stands for."""
    with tarfile.open(archive) as tar:
        tar.extractall(directory, filter="data")
    return directory / "data-shapes" / "data-shapes-test-suite" / "tests"


def load_tests(root: Path, manifest: str = "manifest.ttl") -> Iterator[ShaclTest]:
    """Yield the tests of a manifest, named by its path below `root`, and of those that it includes."""
    file = root / manifest
    graph, here = parse_ntriples(_ntriples(root, file)), URIRef(BASE + manifest)
    for entries in graph.objects(here, MF.entries):
        for test in Collection(graph, entries):
            yield _read(graph, root, file, test)
    for included in sorted(graph.objects(here, MF.include)):
        yield from load_tests(root, str(included).removeprefix(BASE))


def _read(graph: Graph, root: Path, file: Path, test: Node) -> ShaclTest:
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    data, shapes = (root / str(graph.value(action, p)).removeprefix(BASE) for p in (SHT.dataGraph, SHT.shapesGraph))
    expected = None if result == SHT.Failure else _comparable(graph, result, like=graph)
    return ShaclTest(str(test), file.parent.relative_to(root).as_posix(), data, shapes, expected)


def check(root: Path, test: ShaclTest, validator: Callable[[bytes, bytes], Graph]) -> str | None:
    """Validate and compare; give what is wrong, or None."""
    try:
        report = validator(_ntriples(root, test.data), _ntriples(root, test.shapes))
    except Exception as error:  # Each validator has errors of its own for what it refuses.
        return None if test.expected is None else f"{type(error).__name__}: {error}"
    if test.expected is None:
        return f"it has to fail, and the report is\n{report.serialize()}"
    found = _comparable(report, report.value(None, RDF.type, SH.ValidationReport), like=test.expected)
    if isomorphic(found, test.expected):
        return None
    same = found.value(None, SH.conforms) == test.expected.value(None, SH.conforms)
    reports = f"the report is\n{found.serialize()}\ninstead of\n{test.expected.serialize()}"
    return f"conforms is {'right' if same else 'wrong'}, {reports}"


def run_all(root: Path, validators: Iterable[str] = VALIDATORS) -> Outcomes:
    """Run all tests through validators, each unless told which."""
    tests = list(load_tests(root))
    return {name: [(test, check(root, test, VALIDATORS[name])) for test in tests] for name in validators}


def unexplained(outcomes: Outcomes, failing: dict[str, dict[str, str]]) -> list[str]:
    """Return a line for each test that fails without a reason in the table of exceptions, or passes in spite of one."""
    lines = []
    for name, results in outcomes.items():
        failed = {test.iri: problem for test, problem in results if problem}
        lines += [f"{name}: {iri}: {problem}" for iri, problem in failed.items() if iri not in failing[name]]
        lines += [f"{name}: {iri} passes" for iri in failing[name] if iri not in failed]
    return lines


def page(outcomes: Outcomes, failing: dict[str, dict[str, str]]) -> str:
    """Return the part of the page about these tests."""
    names = list(outcomes)
    suites: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        for test, problem in outcomes[name]:
            row = suites.setdefault(test.suite, [0] * (len(names) + 1))
            row[position] += problem is None
            row[-1] += position == 0
    rows = [*sorted(suites.items()), ("**all**", [sum(column) for column in zip(*suites.values(), strict=True)])]
    lines = [_HEAD, f"| suite | tests | {' | '.join(names)} |", "|---|---|" + "---|" * len(names)]
    lines += [f"| {suite} | {row[-1]} | {' | '.join(map(str, row[:-1]))} |" for suite, row in rows]
    lines += ["", "Failing:", ""]
    lines += [f"- <{iri}> ({name}): {reason}" for name in names for iri, reason in failing[name].items()]
    return "\n".join(lines) + "\n"


def _ntriples(root: Path, file: Path) -> bytes:
    store = Store()
    iri = BASE + file.relative_to(root).as_posix()
    store.load(path=str(file), format=RdfFormat.TURTLE, base_iri=iri)
    return dump(store, RdfFormat.N_TRIPLES, DefaultGraph())


def _comparable(graph: Graph, report: Node | None, *, like: Graph) -> Graph:
    """Return the part of a report that counts; messages only if `like` has any."""
    kept = Graph()
    kept.add((report, SH.conforms, graph.value(report, SH.conforms)))
    for result in graph.objects(report, SH.result):
        kept.add((report, SH.result, result))
        for predicate in (*_OF_RESULT, SH.resultMessage) if (None, SH.resultMessage, None) in like else _OF_RESULT:
            for value in graph.objects(result, predicate):
                kept.add((result, predicate, Literal(_path(graph, value)) if predicate == SH.resultPath else value))
    return kept


def _path(graph: Graph, node: Node) -> str:
    """Return a path as text: results may share the nodes that it is made of."""
    if not isinstance(node, BNode):
        return str(node)
    return repr(sorted((str(predicate), _path(graph, value)) for predicate, value in graph.predicate_objects(node)))
