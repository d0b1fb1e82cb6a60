"""Each constraint of the shapes has a fault planted for it, and is found by both validators with its own message."""

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse
from rdflib import SH, Graph, URIRef

from bundled import GRAPHS, NAMES, PREFIXES, triples_of
from digitech_kg.claims.clauses import read_sentence_patterns
from digitech_kg.claims.derivation import derive
from digitech_kg.claims.labels import read_labels
from digitech_kg.description.catalog import describe_queries
from digitech_kg.errors import SourceError
from digitech_kg.namespaces import DK, Namespaces
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import Project
from digitech_kg.sources.saved_queries import SavedQuery
from digitech_kg.validation.report import Report
from digitech_kg.validation.with_shifty import load_shapes, validate
from meta_shapes import check_shapes
from reference import validate_with_pyshacl

DATA = Path(__file__).parents[1] / "data/shapes"
VALID = (DATA / "valid.ttl").read_text(encoding="utf-8")
DATASET = (DATA / "dataset.ttl").read_text(encoding="utf-8")
QUESTION = SavedQuery("q", "Yes or no.", ("t",), "ASK {}", (("en", "Is it so?"),), ())

#: By the name of the constraint: what is replaced in the valid data, and by what.
FAULTS: dict[str, dict[str, str]] = tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))


def build(valid: str, dataset: str = DATASET, question: SavedQuery = QUESTION, *, ontology: list[Quad]) -> bytes:
    quads = [*ontology]
    for text, graph in ((valid, GRAPHS["note"]), (dataset, GRAPHS.catalog)):
        header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        quads += [Quad(q.subject, q.predicate, q.object, graph) for q in parse(header + text, RdfFormat.TURTLE)]
    quads += derive(quads, "note", NAMES, read_sentence_patterns(quads), read_labels(quads))
    quads += describe_queries([question], NAMES)
    return triples_of(quads)


def planted(*names: str, ontology: list[Quad]) -> bytes:
    """Return the data with faults of these names, each on top of the ones before it."""
    valid, dataset, question = VALID, DATASET, QUESTION
    for name in names:
        old, new = FAULTS[name].get("replace", ""), FAULTS[name].get("with", "")
        if name.startswith("SavedQuestion"):
            question = SavedQuery("q", "d", ("t",), "ASK {}", (("en", new),), ())
        elif name.startswith("Dataset"):
            assert old in dataset
            dataset = dataset.replace(old, new)
        else:
            assert old in valid
            valid = valid.replace(old, new, 1) if old else valid + new
    data = build(valid, dataset, question, ontology=ontology)
    if "SavedQuestion-description" in names:
        lines = data.splitlines(keepends=True)
        return b"".join(x for x in lines if not (b"/query/q>" in x and b"dc/terms/description" in x))
    return data


def together(names: Iterable[str]) -> list[str]:
    """Return those of the faults that can be planted at once: none changes what another one has changed."""
    kept: list[str] = []
    text, is_asked = VALID + DATASET, False
    for name in names:
        old, new = FAULTS[name].get("replace", ""), FAULTS[name].get("with", "")
        is_question = name.startswith("SavedQuestion")
        if not is_asked if is_question else old in text:
            is_asked = is_asked or is_question
            text = text.replace(old, new, 1) if old else text
            kept.append(name)
    return kept


@pytest.fixture(scope="module")
def shapes(project: Project) -> bytes:
    return load_shapes(path for path in project.shape_files() if path.name != "ontology.ttl")


@pytest.fixture(scope="module")
def messages(shapes: bytes) -> dict[str, str]:
    graph = Graph().parse(data=shapes, format="nt")
    named = {s: str(o) for s, o in graph.subject_objects(SH.message) if isinstance(s, URIRef)}
    return {s.removeprefix(PREFIXES["shape"]): text for s, text in named.items()}


def has_message(report: Report, message: str) -> bool:
    pattern = re.sub(r"\\\{\\\?\w+\\\}", ".*", re.escape(message))
    return any(re.search(pattern, result.message) for result in report.results)


def found_in(report: Report) -> set[tuple[str, str | None, str]]:
    """What was found where; blank nodes have no name that two validators share."""
    nodes = {r: r.focus_node if "://" in r.focus_node else "_" for r in report.results}
    return {(node, r.path, r.message) for r, node in nodes.items()}


def test_valid_data_gives_no_result(ontology: list[Quad], shapes: bytes) -> None:
    assert validate(build(VALID, ontology=ontology), shapes, NAMES).results == ()


def test_annotations_of_axioms_without_our_terms_are_not_judged(ontology: list[Quad], shapes: bytes) -> None:
    about = "owl:annotatedSource <x:a> ; owl:annotatedProperty rdfs:subClassOf ; owl:annotatedTarget <x:b>"
    data = build(f'{VALID} [] a owl:Axiom ; {about} ; rdfs:comment "As usual." .', ontology=ontology)
    assert validate(data, shapes, NAMES).results == ()


def test_every_constraint_with_a_message_has_a_planted_fault(messages: dict[str, str]) -> None:
    assert messages
    assert set(messages) == set(FAULTS)


@pytest.fixture(scope="module")
def rounds(ontology: list[Quad], shapes: bytes, messages: dict[str, str]) -> list[tuple[set[str], bytes, Report]]:
    """The faults that were found in a round, with its data and the report; rounds until nothing new is found."""
    done, left, step = [], list(FAULTS), 1
    while left:
        names = together(left[::step])
        data = planted(*names, ontology=ontology)
        report = validate(data, shapes, NAMES)
        found = {name for name in names if has_message(report, messages[name])}
        done.append((found, data, report))
        if not found and len(names) == 1:
            return done
        # One fault may hide another, mostly its neighbour: the next round leaves more of them out, at last all but one.
        left = [name for name in left if name not in found]
        step = 1 if len(found) == len(names) else step + 1
    return done


@pytest.mark.parametrize(
    ("time", "told"),
    [
        ("2024-13-26", "there is no month 13"),
        ("2024/2025-00", "there is no month 00"),
        ("26.12.2024", "write the year first"),
        ("2024-3-5", "months and days have two digits"),
        ("spring 2024", "correct it"),
    ],
)
def test_a_wrong_time_is_named_with_what_is_wrong(time: str, told: str, ontology: list[Quad], shapes: bytes) -> None:
    data = build(VALID.replace('"2021-21"^^edtf', f'"{time}"^^edtf', 1), ontology=ontology)
    (result,) = validate(data, shapes, NAMES).results
    assert (result.path, result.value) == (DK.time.value, time)
    assert result.message.startswith(f"“{time}” isn't a time: {told}")


def test_a_wrong_day_of_a_value_without_a_datatype_of_times_is_named(ontology: list[Quad], shapes: bytes) -> None:
    data = build(VALID.replace('dk:value "1900"', 'dk:value "1900-12-45"', 1), ontology=ontology)
    messages = [result.message for result in validate(data, shapes, NAMES).results]
    assert [message.startswith("“1900-12-45” isn't a time: there is no day 45.") for message in messages] == [True]


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_found_with_its_message(name: str, rounds: list[tuple[set[str], bytes, Report]]) -> None:
    assert any(name in found for found, _, _ in rounds)


@pytest.mark.parametrize(
    "some", [slice(1), pytest.param(slice(1, None), marks=pytest.mark.thorough)], ids=["most", "those that others hide"]
)
def test_both_validators_agree_on_all_planted_faults(
    some: slice, rounds: list[tuple[set[str], bytes, Report]], shapes: bytes
) -> None:
    assert rounds[some]
    for _, data, report in rounds[some]:
        assert found_in(report) == found_in(validate_with_pyshacl(data, shapes, NAMES))


def test_both_validators_agree_on_numbers_that_are_none(ontology: list[Quad], shapes: bytes) -> None:
    values = ['"3"', '"3"^^xsd:date', '"many"^^xsd:integer', "2.5", "true", "id:acme"]
    rest = iter(values)
    data = build(re.sub(r"dk:startOffset \d+", lambda _: f"dk:startOffset {next(rest)}", VALID), ontology=ontology)
    fast, reference = validate(data, shapes, NAMES), validate_with_pyshacl(data, shapes, NAMES)
    faulty = {result.focus_node for result in fast.results if (result.path or "").endswith("startOffset")}
    assert len(faulty) == len(values)
    assert found_in(fast) == found_in(reference)


@pytest.mark.parametrize(("own_item", "is_told"), [(True, False), (False, True)])
def test_claims_on_items_of_a_list_are_not_counted_for_the_sentence_above_it(
    shapes: bytes, *, own_item: bool, is_told: bool
) -> None:
    text = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    text += "<x:lead> a dk:Sentence . <x:part> dk:elaborates <x:c0> ; dk:statedIn <x:lead> , <x:item0> .\n"
    for number in range(5):
        item = f"<x:item{number if own_item else 0}>"
        text += f"<x:c{number}> dk:statedIn <x:lead> , {item} . {item} a dk:Sentence .\n"
    data = triples_of(parse(text, RdfFormat.TURTLE))
    for judge in (validate, validate_with_pyshacl):
        found = {r.focus_node for r in judge(data, shapes, NAMES).results if "has 5 main claims" in r.message}
        assert found == ({"x:lead", "x:item0"} if is_told else set())


def test_an_exclusive_property_has_two_values_only_at_times_that_do_not_overlap(shapes: bytes) -> None:
    pairs = [
        *[
            ("2020", "2021", True),
            ("2020", "2020-05", False),
            ("2020/2022", "2021", False),
            ("2021/..", "2019/2020", True),
        ],
        *[
            ("202X", "2021", False),
            ("2020~", "2020", False),
            ("../2019", "2020-05-01", True),
            ("../2021", "../2020", False),
        ],
    ]
    text = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    for count, (*times, _) in enumerate(pairs):
        for place, time in enumerate(times):
            said = f'dk:predicate dk:foundedIn ; dk:value "{place}" ; dk:time "{time}"^^edtf:EDTF'
            text += (
                f"<{NAMES.claim('note', f'c{count}-{place}').value}> a dk:Claim ; dk:subject id:s{count} ; {said} .\n"
            )
    data = triples_of(parse(f"{text} dk:foundedIn dk:isExclusive true .", RdfFormat.TURTLE))
    for judge in (validate, validate_with_pyshacl):
        found = [r.focus_node[-4:] for r in judge(data, shapes, NAMES).results if "only one can be" in r.message]
        assert sorted(found) == [f"c{n}-{place}" for n, (*_, fits) in enumerate(pairs) if not fits for place in (0, 1)]


def test_shapes_are_well_formed(shapes: bytes) -> None:
    assert check_shapes(shapes) is None


def test_malformed_shapes_are_found() -> None:
    broken = f'<{PREFIXES["shape"]}X> <{SH.minCount}> "one" ; a <{SH.PropertyShape}> .'
    data = b"".join(str(t).encode() + b" .\n" for t in parse(broken, RdfFormat.TURTLE))
    assert check_shapes(data) is not None


def test_shapes_use_no_datatype_that_a_store_rewrites(shapes: bytes) -> None:
    """The store turns derived integers into xsd:integer, so a constraint on one would always be violated."""
    graph = Graph().parse(data=shapes, format="nt")
    allowed = {"string", "boolean", "integer", "decimal", "date", "langString", "EDTF"}
    assert {re.split("[#/]", str(o))[-1] for o in graph.objects(None, SH.datatype)} <= allowed


def test_no_shapes_at_all_is_an_error() -> None:
    with pytest.raises(SourceError):
        load_shapes([])


# `make data` and each build validate what is published; `judge` sees it all at once, which takes pySHACL minutes.
@pytest.mark.thorough
@pytest.mark.parametrize("judge", [validate, validate_with_pyshacl])
def test_all_that_is_published_conforms_with_its_inferences(
    judge: Callable[[bytes, bytes, Namespaces], Report], snapshot: Snapshot, shapes: bytes
) -> None:
    data = triples_of(Store.read_only(str(snapshot.store)))
    assert b"#limitedTo>" in data
    assert judge(data, shapes, NAMES).results == ()
