"""Both validators find the same in a project, with all that follows from its files."""

from pathlib import Path

import pytest

from digitech_kg.commit.building import assemble
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.project import find_project
from digitech_kg.validation.report import Result
from reference import validate_with_pyshacl

#: A project with an ontology and shapes of its own.
SHIPS = {
    "project.toml": 'base = "https://example.org/kg/"',
    "shapes/boats.ttl": """shape:Boat a sh:NodeShape ; sh:targetClass dk:Boat ;
        sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "A boat has a label." ] .""",
    "shapes/ontology.ttl": """shape:Term a sh:NodeShape ; sh:targetClass owl:Class ;
        sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:message "A class has a label." ] .""",
    "ontology/boats.ttl": "dk:Boat a owl:Class .",
    "data/things/things.ttl": "id:anna a dk:Boat .",
}


def found_by_both(folder: Path) -> tuple[Result, ...]:
    ours = assemble(find_project(folder)).results
    assert assemble(find_project(folder), validator=validate_with_pyshacl).results == ours
    return ours


def test_both_find_what_shapes_of_a_project_say(tmp_path: Path) -> None:
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n" for name, iri in Namespaces("https://example.org/kg/").prefixes.items()
    )
    for name, text in SHIPS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(prefixes + text if name.endswith(".ttl") else text, encoding="utf-8")
    assert {"A boat has a label.", "A class has a label."} <= {result.message for result in found_by_both(tmp_path)}


@pytest.mark.thorough
def test_both_find_the_same_in_a_small_project(small_project: Path) -> None:
    found_by_both(small_project)
