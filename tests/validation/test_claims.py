"""Careless claims are each named with their cure (`tests/data/shapes/careless.toml`)."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from bundled import GRAPHS, NAMES, PREFIXES, triples_of
from conftest import ROOT
from digitech_kg.sources.project import Project
from digitech_kg.validation.claims import check_claims
from digitech_kg.validation.report import Severity
from digitech_kg.validation.with_shifty import load_shapes, validate

DATA = Path(__file__).parents[1] / "data/shapes"
CASES: dict[str, dict[str, str]] = tomllib.loads((DATA / "careless.toml").read_text(encoding="utf-8"))
FACT = "dk:subject id:acme ; dk:predicate dk:provides ; dk:object id:glue ; dk:statedIn note:s1"
#: A part, for those who take it for a main claim.
PART = f"claim:part a dk:Claim ; {FACT} ; dk:elaborates claim:plain .\n"


def name_of(case: str) -> str:
    return f"claim:careless-{list(CASES).index(case)}"


def turtle_of(case: str) -> str:
    given, name = CASES[case], name_of(case)
    if "raw" in given:
        return given["raw"].replace("{claim}", name)
    said = given.get("said") or f"{FACT} ; {given['fact']}"
    return f"{name} a dk:Claim ; {said} ."


@pytest.fixture(scope="module")
def messages(project: Project, ontology: list[Quad]) -> Mapping[str, list[str]]:
    """What is said of each node when all careless claims are written into one document."""
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    text = header + (DATA / "valid.ttl").read_text(encoding="utf-8") + PART + "\n".join(map(turtle_of, CASES))
    own = [Quad(*quad.triple, GRAPHS["note"]) for quad in parse(text, RdfFormat.TURTLE)]
    shapes = load_shapes(project.shape_files())
    found = (
        *validate(triples_of([*ontology, *own]), shapes, NAMES).results,
        *check_claims(own, NAMES),
    )
    told = defaultdict(list)
    for result in found:
        told[result.focus_node].append(result.message)
    return told


def test_the_example_of_the_core_passes_in_a_namespace_of_its_own(ontology: list[Quad]) -> None:
    text = (ROOT / "docs/claim-core.md").read_text(encoding="utf-8").partition("<https://example.org/terms>")[2]
    example = "".join(
        line for line in text.partition("Protégé")[0].splitlines(keepends=True) if line.startswith("    ")
    )
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    turtle = f"{header}@prefix ex: <https://example.org/terms#> .\n<https://example.org/terms> {example}"
    own = [Quad(*quad.triple, GRAPHS["note"]) for quad in parse(turtle, RdfFormat.TURTLE)]
    report = validate(triples_of([*ontology, *own]), load_shapes([ROOT / "shapes/claims.ttl"]), NAMES)
    assert [result.message for result in report.results if result.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize(("cues", "is_named"), [('"must"', True), ('"must" , "We recommend"', False)])
def test_a_duty_in_a_list_of_recommendations_is_one(cues: str, *, is_named: bool) -> None:
    header = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    header += (DATA / "valid.ttl").read_text(encoding="utf-8")
    text = f"{header}\nclaim:c a dk:Claim ; {FACT} ; dk:mood dk:recommendation ; dk:cue {cues} ."
    own = [Quad(*quad.triple, GRAPHS["note"]) for quad in parse(text, RdfFormat.TURTLE)]
    assert any("isn't dk:recommendation" in result.message for result in check_claims(own, NAMES)) == is_named


def test_there_are_at_least_forty() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES)
def test_it_is_named_with_its_cure(case: str, messages: Mapping[str, list[str]]) -> None:
    node = CASES[case].get("focus") or NAMES.claim("note", name_of(case).removeprefix("claim:")).value
    assert any(CASES[case]["cure"] in message for message in messages[node]), messages[node]
