"""Projects to begin with."""

import re
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from conftest import ROOT
from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.errors import CallError
from digitech_kg.mappings.sssom import read_mapping_set
from digitech_kg.parts.authoring.documents import make_project
from digitech_kg.sources.layout import format_turtle
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import Project, find_project
from reading import words
from stored_site import NAMES, open_service, open_site

from .conftest import Command, texts_below


def test_a_new_project_can_be_loaded(project: Project) -> None:
    sources = load_sources(project)
    assert project.names.base == "https://example.org/phones/"
    assert sorted(query.name for query in sources.queries) == ["claims_of_each_document", "claims_with_a_reserve"]


def test_it_has_the_ontology_of_the_package_and_no_copy_of_it(project: Project) -> None:
    assert any(source.name.startswith("digitech-kg/ontology/") for source in project.source_files())
    assert not (project.root / "ontology").exists()


def test_its_description_has_placeholders_that_are_told(tmp_path: Path, command: Command) -> None:
    make_project(tmp_path / "My Graph", None, ("nb",))
    project = find_project(tmp_path / "My Graph")
    assert project.names.base == "https://example.org/my-graph/"
    assert project.names.languages == ("nb",)
    text = texts_below(project.root)["data/dataset.ttl"]
    assert format_turtle(text, "dataset.ttl", project.names) == text
    assert 'dcterms:title "My graph"@nb' in text
    told = command("validate", "--project", project.root).output
    assert "Nobody is named as the publisher yet" in told
    assert "This licence is a placeholder" in told


@pytest.mark.parametrize("language", ["en", "nb"])
def test_its_pages_name_no_publisher(tmp_path: Path, language: str) -> None:
    make_project(tmp_path / "new", NAMES.base, ("en",))
    service = open_service()
    service.store.update(f"DELETE WHERE {{ GRAPH ?g {{ <{NAMES.dataset.value}> ?p ?o }} }}")
    said = parse(path=tmp_path / "new/data/dataset.ttl", format=RdfFormat.TURTLE)
    service.store.extend(Quad(*quad.triple, NAMES.graphs.catalog) for quad in said)
    site = open_site(tmp_path / "site", service).test_client()
    for path in ("/", "/about"):
        page = words(site.get(f"{path}?lang={language}", headers={"Accept": "text/html"}).text)
        assert "New" in page
        assert not re.search("not named yet|[Mm]ade by|[Ll]aget av", page)


def test_several_languages_are_all_required(tmp_path: Path, command: Command) -> None:
    assert command("init", tmp_path / "graf", "--language", "en", "--language", "nb").exit_code == 0
    names = find_project(tmp_path / "graf").names
    assert names.required_languages == ("en", "nb")


def test_the_ontology_of_the_package_needs_no_labels_in_another_language(tmp_path: Path, command: Command) -> None:
    command("init", tmp_path / "graf", "--language", "de")
    result = command("validate", "--project", tmp_path / "graf")
    assert result.exit_code == 0, result.output


def test_nothing_in_it_names_the_bundled_project(project: Project) -> None:
    for text in texts_below(project.root).values():
        assert "nupi" not in text.lower() and "chin" not in text.lower()
        assert "https://w3id.org/digitech-kg/" not in text.replace("https://w3id.org/digitech-kg/ontology#", "")


def test_its_question_about_reserves_asks_for_all_that_weaken(project: Project) -> None:
    text = texts_below(project.root)["data/queries/claims_with_a_reserve.rq"]
    for axis in AXES:
        name = project.names.shorten(axis.property.value)
        asked = {project.names.shorten(v.value) for v in axis.values if axis.effect_of(v) is Effect.WEAKENING}
        if not axis.other:
            asked = {"UNDEF"} if axis.effect is Effect.WEAKENING else set()
        assert set(re.findall(rf"^    \({name} (.+)\)$", text, re.MULTILINE)) == asked


def test_its_questions_have_each_claim_and_reserve_once(project: Project) -> None:
    store, texts = Store(), texts_below(project.root)
    turtle = """
        @prefix dk: <https://w3id.org/digitech-kg/ontology#> . @prefix : <https://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        dk:PolicyBrief rdfs:subClassOf dk:Paper . dk:Paper rdfs:subClassOf dk:Document .
        :brief a dk:PolicyBrief , dk:Document . :s1 dk:isPartOf :brief ; dk:orderInDocument 1 .
        :part a dk:Claim ; dk:statedIn :s1 ; dk:degree dk:partly ; dk:mood dk:order .
        :much a dk:Claim ; dk:statedIn :s1 ; dk:degree dk:heavily ; dk:certainty dk:possible ."""
    store.load(input=turtle.encode(), format=RdfFormat.TURTLE)
    claims, reserves = (
        list(store.query(texts[f"data/queries/{name}.rq"]))  # type: ignore[arg-type]
        for name in ("claims_of_each_document", "claims_with_a_reserve")
    )
    assert len(claims) == 2
    assert [row["value"].value.rpartition("#")[2] for row in reserves] == ["possible", "partly"]


def test_its_readme_has_ten_lines(project: Project) -> None:
    assert len([line for line in texts_below(project.root)["README.md"].splitlines() if line]) == 9


def test_its_readme_names_the_command_that_prints_the_guide(project: Project, command: Command) -> None:
    assert "`digitech-kg document guide` prints the guide" in texts_below(project.root)["README.md"]
    guide = command("document", "guide").stdout
    assert guide == (ROOT / "data/README.md").read_text(encoding="utf-8")
    assert "## A complete example" in guide


@pytest.mark.parametrize(
    ("base", "languages", "message"),
    [
        ("example.org", ("en",), "cannot be a base IRI"),
        ('https://example.org/"x"/', ("en",), "cannot be a base IRI"),
        (None, ("english please",), "isn't a language tag"),
        (None, ("en", "norsk"), "'norsk' isn't a language tag"),
    ],
)
def test_data_that_make_no_sense_are_refused(
    tmp_path: Path, base: str | None, languages: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CallError, match=message):
        make_project(tmp_path / "graph", base, languages)
    assert not (tmp_path / "graph").exists()


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(CallError, match="is not an empty folder"):
        make_project(tmp_path, None, ("en",))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_taken(tmp_path: Path, command: Command) -> None:
    result = command("init", tmp_path)
    assert result.exit_code == 0
    assert "say in data/dataset.ttl who publishes it" in result.stderr


def test_the_links_in_the_readme_are_a_file_to_copy(tmp_path: Path) -> None:
    make_project(tmp_path / "kg", None, ("en",))
    readme = (tmp_path / "kg/data/links/README.md").read_text(encoding="utf-8")
    lines = readme[readme.index("    #curie_map") :].splitlines()
    file = tmp_path / "kg/data/links/wikidata.sssom.tsv"
    file.write_text("".join(f"{line.removeprefix('    ')}\n" for line in lines), encoding="utf-8")
    found, faults = read_mapping_set(file, file.name, find_project(tmp_path / "kg").names)
    assert (faults, found is not None and len(found.mappings)) == ([], 1)
