"""Files and store meet: what was edited online gets into the files, and is never lost unless somebody says so."""

import difflib
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from conftest import Workshop
from digitech_kg.cli.main import group
from digitech_kg.commit.building import build
from digitech_kg.commit.results import ResultStore
from digitech_kg.commit.writing_back import write_back
from digitech_kg.errors import CallError, Conflict
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, SKOS
from digitech_kg.sources.blocks import as_lines, find_owners, root_of
from digitech_kg.sources.layout import format_turtle
from digitech_kg.triple_store import open_read_only
from small import GRAPHS, NAMES, NOTE, claim, thing

# What is checked, other tests look at; the commands that these run check it all the same.
pytestmark = pytest.mark.usefixtures("unchecked")
Run = Callable[..., "subprocess.CompletedProcess[str]"]
ACME, BETA = thing("acme"), thing("beta")
DENIAL = claim("acme-not-state-owned")
THINGS = GRAPHS.things
PAINT = Quad(ACME, SKOS.definition, Literal("A maker of paint.", language="en"), THINGS)


def definition(text: str) -> Quad:
    return Quad(ACME, SKOS.definition, Literal(text, language="en"), THINGS)


def trade(name: NamedNode, graph: NamedNode = THINGS) -> list[Quad]:
    """Return what describes a field of trade of this name."""
    labels = (("en", "Beta"), ("nb", "Beta"), ("zh-hans", "贝塔"))
    return [
        Quad(name, RDF.type, DK.Field, graph),
        *(Quad(name, RDFS.label, Literal(text, language=tag), graph) for tag, text in labels),
        Quad(name, SKOS.definition, Literal("Another one.", language="en"), graph),
    ]


def things_of(workshop: Workshop) -> Path:
    return workshop.root / "data" / "things" / "things.ttl"


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def definitions(workshop: Workshop) -> set[str]:
    store = open_read_only(workshop.current().store)
    return {q.object.value for q in store.quads_for_pattern(ACME, SKOS.definition, None)}  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def added_to(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    found = built_workshop.copy_to(tmp_path_factory.mktemp("added"))
    found.edit(*trade(BETA))
    return found


@pytest.fixture
def added(added_to: Workshop, tmp_path: Path) -> Workshop:
    """A workshop in whose store a thing was added online."""
    return added_to.copy_to(tmp_path / "workshop")


@pytest.fixture(scope="module")
def changed_in(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    found = built_workshop.copy_to(tmp_path_factory.mktemp("changed"))
    found.edit(definition("A maker of red paint."), removed=[PAINT])
    return found


@pytest.fixture
def changed(changed_in: Workshop, tmp_path: Path) -> Workshop:
    """A workshop in whose store a definition was changed online."""
    return changed_in.copy_to(tmp_path / "workshop")


def test_files_changed_beside_an_edit_are_refused_and_the_block_is_named(changed: Workshop) -> None:
    version = changed.current().version
    replace(things_of(changed), "A maker of paint.", "A maker of blue paint.")
    with pytest.raises(Conflict, match="the files say otherwise: id:acme in graph:things") as caught:
        build(changed.project, changed.repository)
    assert "export --to-project" in str(caught.value.hint)
    assert "--discard-edits" in str(caught.value.hint)
    assert changed.current().version == version


def test_files_that_took_the_edit_over_and_say_more_are_built(changed: Workshop) -> None:
    replace(things_of(changed), "A maker of paint.", "A maker of red paint.")
    replace(things_of(changed), '"Acme"@nb', '"Acme AS"@nb')
    assert build(changed.project, changed.repository).manifest.edits == 0
    assert definitions(changed) == {"A maker of red paint."}


def test_graphs_that_are_not_of_the_project_stay(workshop: Workshop) -> None:
    quad = Quad(ACME, SKOS.note, Literal("x"), NamedNode("http://example.org/graph"))
    workshop.edit(quad)
    replace(things_of(workshop), "A maker of paint.", "A maker of fine paint.")
    assert quad in open_read_only(build(workshop.project, workshop.repository).store)
    discarded = build(workshop.project, workshop.repository, discard_edits=True, force=True)
    assert quad not in open_read_only(discarded.store)


def test_build_does_not_lose_edits_unless_told(run: Run, added: Workshop) -> None:
    same = run("build", *added.options)
    assert same.stdout.startswith("unchanged: ")
    assert "Edits made online (5 quads) aren't in the files" in same.stderr
    replace(things_of(added), "A maker of paint.", "A maker of fine paint.")
    refused = run("build", *added.options)
    assert refused.returncode == 1
    assert "5 quads that were edited online" in refused.stderr
    assert run("build", "--discard-edits", *added.options).returncode == 0
    assert added.current().manifest.edits == 0
    assert not list(open_read_only(added.current().store).quads_for_pattern(BETA, None, None))


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    """Return the lines that went and those that came."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_edits_are_written_into_the_blocks_that_they_change(run: Run, workshop: Workshop) -> None:
    workshop.edit(definition("A maker of red paint."), *trade(BETA), removed=[PAINT])
    before = {path: path.read_text(encoding="utf-8") for path in workshop.root.rglob("*.ttl")}
    result = run("export", "--to-project", *workshop.options)
    assert (result.returncode, result.stdout) == (0, "wrote data/things/things.ttl\n")
    after = {path: path.read_text(encoding="utf-8") for path in workshop.root.rglob("*.ttl")}
    assert [path for path in after if after[path] != before[path]] == [things_of(workshop)]
    gone, came = changed_lines(before[things_of(workshop)], after[things_of(workshop)])
    assert gone == ['    skos:definition "A maker of paint."@en ;']
    assert came == [
        '    skos:definition "A maker of red paint."@en ;',
        ".",
        "",
        "id:beta",
        "    a dk:Field ;",
        "    rdfs:label",
        '        "Beta"@en ,',
        '        "Beta"@nb ,',
        '        "贝塔"@zh-hans ;',
        '    skos:definition "Another one."@en ;',
    ]
    assert run("format", "--check", "--project", str(workshop.root)).returncode == 0


def test_nothing_is_open_after_writing_back_and_building(run: Run, workshop: Workshop) -> None:
    workshop.edit(definition("A maker of red paint."), *trade(BETA), removed=[PAINT])
    for arguments in (("export", "--to-project"), ("build",)):
        assert run(*arguments, *workshop.options).returncode == 0
    assert workshop.current().manifest.edits == 0
    assert "unchanged" in run("build", *workshop.options).stdout
    assert write_back(workshop.current(), workshop.project).files == ()


def test_what_a_build_has_checked_is_not_checked_again_to_write_edits_back(
    added: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, beside = [], ResultStore.beside
    monkeypatch.setattr(ResultStore, "beside", lambda data_dir: asked.append(data_dir) or beside(data_dir))
    assert CliRunner().invoke(group, ["export", "--to-project", *added.options]).exit_code == 0
    assert asked == [added.data_dir]


def test_writing_back_twice_changes_nothing_more(added: Workshop) -> None:
    write_back(added.current(), added.project)
    text = things_of(added).read_text(encoding="utf-8")
    assert write_back(added.current(), added.project).files == ()
    assert things_of(added).read_text(encoding="utf-8") == text


def test_what_was_reverted_after_it_was_written_back_is_not_built_again(run: Run, added: Workshop) -> None:
    write_back(added.current(), added.project)
    assert run("revert", added.current().version, *added.options).returncode == 0
    refused = run("build", *added.options)
    assert refused.returncode == 1
    assert "5 quads that were edited online, and the files say otherwise: id:beta" in refused.stderr
    assert run("export", "--to-project", *added.options).returncode == 0
    assert run("build", *added.options).returncode == 0
    assert not list(open_read_only(added.current().store).quads_for_pattern(BETA, None, None))


def test_removal_that_was_reverted_after_it_was_written_back_is_not_built_again(workshop: Workshop) -> None:
    workshop.edit(removed=[PAINT])
    write_back(workshop.current(), workshop.project)
    workshop.edit(PAINT)
    with pytest.raises(Conflict, match="the files say otherwise: id:acme"):
        build(workshop.project, workshop.repository)


def test_what_was_removed_goes_from_the_file(workshop: Workshop) -> None:
    store = open_read_only(workshop.current().store)
    workshop.edit(removed=list(store.quads_for_pattern(DENIAL, None, None, NOTE)))
    before = workshop.note.read_text(encoding="utf-8")
    write_back(workshop.current(), workshop.project)
    gone, came = changed_lines(before, workshop.note.read_text(encoding="utf-8"))
    assert "note-claim:acme-not-state-owned" in gone
    assert came == []


def test_thing_of_a_new_graph_gets_a_file_of_its_own(workshop: Workshop) -> None:
    workshop.edit(*trade(BETA, GRAPHS["memo"]))
    assert write_back(workshop.current(), workshop.project).files == ("data/documents/memo/added.ttl",)
    text = (workshop.root / "data/documents/memo/added.ttl").read_text(encoding="utf-8")
    assert text == format_turtle(text, "added.ttl", NAMES)
    assert text.startswith("@prefix dk: ")
    assert build(workshop.project, workshop.repository).manifest.edits == 0


def test_edit_in_an_imported_ontology_goes_into_a_file_of_the_project(workshop: Workshop) -> None:
    note = Quad(DK.Company, SKOS.editorialNote, Literal("Seen.", language="en"), GRAPHS.ontology)
    workshop.edit(note)
    # The terms are imported: their files belong to others, so the project gets a file of its own.
    assert write_back(workshop.current(), workshop.project).files == ("ontology/added.ttl",)
    text = (workshop.root / "ontology/added.ttl").read_text(encoding="utf-8")
    assert 'dk:Company skos:editorialNote "Seen."@en' in " ".join(text.split())


def test_axiom_with_nodes_without_a_name_is_written_back(workshop: Workshop) -> None:
    node = BlankNode("r")
    workshop.edit(
        Quad(DK.Company, RDFS.subClassOf, node, GRAPHS.ontology),
        Quad(node, RDF.type, OWL.Restriction, GRAPHS.ontology),
        Quad(node, OWL.onProperty, DK.isActiveIn, GRAPHS.ontology),
        Quad(node, OWL.allValuesFrom, OWL.Thing, GRAPHS.ontology),
    )
    (name,) = write_back(workshop.current(), workshop.project).files
    text = (workshop.root / name).read_text(encoding="utf-8")
    assert text == format_turtle(text, name, NAMES)
    assert "owl:allValuesFrom owl:Thing ;" in text
    assert build(workshop.project, workshop.repository).manifest.edits == 0


@pytest.mark.parametrize(
    ("graph", "status", "told"),
    [
        (GRAPHS.links, 1, "no Turtle file of the project can hold the edits of graph:links"),
        (NamedNode("http://example.org/graph"), 0, "every build keeps them: <http://example.org/graph>."),
    ],
)
def test_edit_that_no_file_is_for_is_told_and_the_others_are_written(
    graph: NamedNode, status: int, told: str, run: Run, workshop: Workshop
) -> None:
    workshop.edit(*trade(BETA), Quad(ACME, SKOS.note, Literal("x"), graph))
    result = run("export", "--to-project", *workshop.options)
    assert (result.returncode, result.stdout) == (status, "wrote data/things/things.ttl\n")
    assert told in result.stderr


def test_file_in_another_layout_is_not_touched(added: Workshop) -> None:
    file = things_of(added)
    text = file.read_text(encoding="utf-8").replace("    a dk:Company", "  a dk:Company")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CallError, match="not in the project's layout"):
        write_back(added.current(), added.project)
    assert file.read_text(encoding="utf-8") == text


def test_what_the_files_and_an_edit_both_changed_is_not_merged(changed: Workshop) -> None:
    replace(things_of(changed), "A maker of paint.", "A maker of blue paint.")
    before = things_of(changed).read_text(encoding="utf-8")
    with pytest.raises(Conflict, match="can't express what the store says about id:acme in graph:things"):
        write_back(changed.current(), changed.project)
    assert things_of(changed).read_text(encoding="utf-8") == before


def block_of(workshop: Workshop, name: str) -> str:
    blocks = workshop.note.read_text(encoding="utf-8").split("\n\n")
    return next(block for block in blocks if block.startswith(f"note-claim:{name}\n")) + "\n\n"


def test_an_edit_of_a_claim_that_the_files_have_no_more_is_not_written(workshop: Workshop) -> None:
    workshop.edit(Quad(DENIAL, DK.salience, DK.minor, NOTE))
    replace(workshop.note, block_of(workshop, "acme-not-state-owned"), "")
    with pytest.raises(Conflict, match="note-claim:acme-not-state-owned in graph:note"):
        write_back(workshop.current(), workshop.project)


def test_a_claim_that_was_changed_in_the_files_and_removed_online_is_not_written(workshop: Workshop) -> None:
    store = open_read_only(workshop.current().store)
    workshop.edit(removed=list(store.quads_for_pattern(DENIAL, None, None, NOTE)))
    replace(workshop.note, "Acme is not owned by a state.", "No state owns Acme.")
    with pytest.raises(Conflict, match="note-claim:acme-not-state-owned in graph:note"):
        write_back(workshop.current(), workshop.project)


def test_a_block_that_was_changed_in_the_files_and_online_is_not_written(workshop: Workshop) -> None:
    workshop.edit(Quad(DENIAL, DK.certainty, DK.doubtful, NOTE))
    replace(workshop.note, "    dk:negated true ;", "    dk:certainty dk:possible ;\n    dk:negated true ;")
    before = workshop.note.read_text(encoding="utf-8")
    with pytest.raises(Conflict, match="note-claim:acme-not-state-owned in graph:note"):
        write_back(workshop.current(), workshop.project)
    assert workshop.note.read_text(encoding="utf-8") == before


def test_two_values_of_what_has_one_are_not_written(run: Run, workshop: Workshop) -> None:
    workshop.edit(Quad(ACME, RDFS.label, Literal("Acme", language="fr"), NOTE))
    replace(things_of(workshop), '"极致"@zh-hans ;', '"极致"@zh-hans ,\n        "Akmé"@fr ;')
    before = workshop.note.read_text(encoding="utf-8")
    result = run("export", "--to-project", *workshop.options)
    assert (result.returncode, "at most one per language" in result.stderr) == (1, True)
    assert workshop.note.read_text(encoding="utf-8") == before


def test_write_back_goes_to_another_checkout(run: Run, added: Workshop, built_workshop: Workshop) -> None:
    copy = added.root.parent / "checkout"
    added.root.rename(copy)
    result = run("export", "--to-project", str(copy), "--project", str(built_workshop.root), *added.options[2:])
    assert result.returncode == 0, result.stderr
    assert "id:beta" in (copy / "data/things/things.ttl").read_text(encoding="utf-8")


def lines_of(quads: list[Quad]) -> set[str]:
    return set(as_lines(quads).values())


def test_lines_are_equal_whatever_nodes_are_called() -> None:
    def axiom(outer: str, inner: str) -> list[Quad]:
        first, second = BlankNode(outer), BlankNode(inner)
        return [
            Quad(ACME, RDFS.seeAlso, first, NOTE),
            Quad(first, RDFS.seeAlso, second, NOTE),
            Quad(second, RDFS.label, Literal("x"), NOTE),
            Quad(second, RDFS.seeAlso, first, NOTE),
        ]

    assert lines_of(axiom("a", "b")) == lines_of(axiom("b", "a"))
    assert len(lines_of(axiom("a", "b"))) == 4


def chain(length: int, *, twice: bool = False) -> list[Quad]:
    """Return a chain of nodes without a name that hangs on a thing; with `twice` each refers to the next one twice."""
    nodes = [ACME, *(BlankNode(f"n{number}") for number in range(length))]
    links = [Quad(upper, RDFS.seeAlso, lower, NOTE) for upper, lower in pairwise(nodes)]
    again = [Quad(upper, RDFS.isDefinedBy, lower, NOTE) for upper, lower in pairwise(nodes)] if twice else []
    return [*links, *again, Quad(nodes[-1], RDFS.label, Literal("x"), NOTE)]


@pytest.mark.parametrize("quads", [chain(2000), chain(60, twice=True)], ids=["long", "in several places"])
def test_what_hangs_on_a_thing_counts_however_far_below(quads: list[Quad]) -> None:
    owners = find_owners(quads)
    assert {root_of(quad.subject, owners) for quad in quads} == {ACME}
    other = [*quads[:-1], Quad(quads[-1].subject, RDFS.label, Literal("y"), NOTE)]
    (first,) = (line for quad, line in as_lines(quads).items() if quad == quads[0])
    assert first not in lines_of(other)


def test_a_circle_that_nothing_leads_to_has_lines() -> None:
    def circle(one: str, other: str) -> list[Quad]:
        first, second = BlankNode(one), BlankNode(other)
        return [
            Quad(first, RDFS.seeAlso, second, NOTE),
            Quad(second, RDFS.seeAlso, first, NOTE),
            Quad(second, RDFS.label, Literal("x"), NOTE),
        ]

    assert lines_of(circle("a", "b")) == lines_of(circle("b", "a"))
    assert isinstance(root_of(BlankNode("a"), find_owners(circle("a", "b"))), BlankNode)
