"""Language tags are spelt in one way everywhere: in small letters, as the engine has them; filters find them then."""

import re
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from conftest import ROOT
from digitech_kg.namespaces import RDFS, Namespaces
from digitech_kg.sources.layout import format_turtle
from digitech_kg.sources.project import find_project, read_configuration
from digitech_kg.triple_store import store_of

FILES = sorted(path for folder in ("data", "ontology", "shapes") for path in (ROOT / folder).rglob("*.ttl"))
TAG = re.compile(r'"@([A-Za-z0-9-]+)')


def test_files_have_tags_in_small_letters() -> None:
    tags = {str(path.relative_to(ROOT)): set(TAG.findall(path.read_text(encoding="utf-8"))) for path in FILES}
    assert {"en", "nb", "zh-hans"} <= set().union(*tags.values())
    assert {path: odd for path, found in tags.items() if (odd := {tag for tag in found if not tag.islower()})} == {}


def test_a_filter_finds_a_tag_as_the_files_spell_it() -> None:
    languages = find_project(ROOT).names.languages
    assert "zh-hans" in languages
    label = Literal("公司", language="zh-Hans")
    store = store_of([Quad(NamedNode("urn:a"), RDFS.label, label)])
    for tag in languages:
        query = f'ASK {{ ?thing ?label ?text FILTER(LANG(?text) = "{tag}") }}'
        assert bool(store.query(query)) == (tag == "zh-hans")


def test_a_project_may_write_tags_in_any_case(tmp_path: Path) -> None:
    text = 'base = "https://example.org/kg/"\n[languages]\nrequired = ["en-GB"]\noptional = ["zh-Hans"]\n'
    (tmp_path / "project.toml").write_text(text, encoding="utf-8")
    assert read_configuration(tmp_path, (), ())[0].languages == ("en-gb", "zh-hans")


def test_the_layout_writes_tags_in_small_letters() -> None:
    text = '@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n<urn:a> rdfs:label "公司"@zh-Hans .\n'
    assert '"公司"@zh-hans' in format_turtle(text, "a.ttl", Namespaces("https://example.org/kg/"))
