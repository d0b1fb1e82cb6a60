"""The example in data/README.md does what it says."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from digitech_kg.claims.clauses import read_sentence_patterns
from digitech_kg.claims.derivation import derive
from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.model import read_claims
from digitech_kg.claims.reserves import AXES
from digitech_kg.namespaces import DK, RDF
from digitech_kg.sources.document_texts import read_document_text
from digitech_kg.sources.loading import Sources, load_sources
from digitech_kg.sources.project import find_project
from digitech_kg.validation.checks import check_against_text, find_twins

from .conftest import Command

README = (Path(__file__).parents[3] / "data/README.md").read_text(encoding="utf-8")
EXAMPLE = README.partition("## A complete example")[2].partition("\n## ")[0]
#: Need a data directory; other tests build and serve projects.
PUBLISHING = ("validate", "build", "serve")


def blocks() -> list[tuple[str, str]]:
    """Return the blocks of the example, each with the paragraph before it."""
    found: list[tuple[str, str]] = []
    before = ""
    for part in re.findall(r"(?:^(?: {4}.*|)\n)+|(?:^\S.*\n)+", EXAMPLE, re.MULTILINE):
        if part.strip() and part.lstrip("\n").startswith("    "):
            found.append((before, re.sub(r"^ {4}", "", part, flags=re.MULTILINE).strip() + "\n"))
        elif part.strip():
            before = part
    return found


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory, command: Command) -> Sources:
    """What has come of the example; tests leave it as it is."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return follow(tmp_path_factory.mktemp("example"), command, monkeypatch)


@pytest.fixture
def own_example(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """The same for a test that goes on with it."""
    return follow(tmp_path, command, monkeypatch)


def follow(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> Sources:
    """Follow the example step by step, all but publishing."""
    monkeypatch.chdir(folder)
    for before, block in blocks():
        if block.startswith("@prefix"):
            Path(re.findall(r"`(data/\S+\.ttl)`", before)[0]).write_text(block, encoding="utf-8")
        elif before.startswith("The note is"):
            Path("texts/acme.txt").write_text(block, encoding="utf-8")
        else:
            for line in block.splitlines():
                run_line(line, command, monkeypatch)
    return load_sources(find_project(folder / "phones"))


def run_line(line: str, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    call, _, file = line.partition(" > ")
    name, *arguments = shlex.split(call)
    if name == "cd":
        monkeypatch.chdir(Path.cwd() / arguments[0])
    elif name == "mkdir":
        Path(arguments[0]).mkdir()
    elif arguments[0] not in PUBLISHING:
        result = command(*arguments)
        assert result.exit_code == 0, result.output
        if file:
            Path(file).write_text(result.stdout, encoding="utf-8")


def test_the_example_can_be_followed(example: Sources) -> None:
    claims = {claim.iri.value.rpartition("/")[2]: claim for claim in read_claims(example.quads)}
    assert claims.keys() == {"acme-not-state-owned", "acme-to-provide-phones"}
    assert claims["acme-not-state-owned"].is_plain
    # Without it, `validate` warns that nothing shows the denial.
    assert claims["acme-not-state-owned"].all(DK.cue)
    assert not claims["acme-to-provide-phones"].is_plain


def test_the_example_fits_its_text(example: Sources) -> None:
    names = example.project.names
    text = read_document_text(example.project.root / "texts/acme.txt")
    assert check_against_text(example.quads, "acme-note", text, names) == []
    assert list(find_twins(example.quads, names)) == []


def test_every_reserve_is_explained() -> None:
    for axis in AXES:
        name = axis.property.value.rpartition("#")[2]
        ends = name.removeprefix("limitedTo") if name.startswith("limitedTo") else name
        assert f"`dk:{name}`" in README or f"`…{ends}`" in README
        assert all(f"`dk:{value.value.rpartition('#')[2]}`" in README for value in axis.values)


def test_every_term_that_is_named_is_one_of_the_ontology(example: Sources) -> None:
    declared = {quad.subject.value for quad in example.quads if quad.predicate == RDF.type}
    named = set(re.findall(r"\bdk:(\w+)", README))
    assert {name for name in named if DK[name].value not in declared} == {"limitedTo"} & named
    assert len(named) > 100


def test_other_blocks_are_turtle() -> None:
    rest = README.partition("## A claim")[2]
    given = set(re.findall(r"@prefix .*", README)) | {"@prefix skos: <http://www.w3.org/2004/02/skos/core#> ."}
    found = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", rest, re.MULTILINE)
    # What links are listed in is a table.
    turtle = [block for block in found if "mapping_set_id" not in block]
    triples = [len(list(parse("\n".join([*sorted(given), block]), RdfFormat.TURTLE))) for block in turtle]
    assert len(found) == len(turtle) + 1
    assert triples == [7, 18, 8, 5, 7, 5, 13, 11, 3, 7]


def test_ranges_fractions_and_rates_are_told_as_it_says(own_example: Sources, command: Command) -> None:
    root, parts = (
        own_example.project.root,
        re.split(r"^\*\*A rate\*\*", README.partition("**A figure**")[2], flags=re.MULTILINE),
    )
    claims, rate = (turtle_of(parts[0]), turtle_of(parts[1].partition("**A row")[0]))
    rated = "acme-note-claim:rate a dk:Claim ; dk:subject id:acme ; dk:predicate phones:salesPerYear ; dk:value 9000 ;"
    (root / "texts/acme.txt").write_text(
        "It is a note.\n\nAcme Telecom has about 30 per cent of the market. Acme Telecom sells between 3 and 5 phones. "
        "A third of the phones are in Norway. Acme Telecom sells 9,000 phones a year.\n"
    )
    shutil.rmtree(root / "data/documents/acme-note")
    command("document", "add", root / "texts/acme.txt", "--id", "acme-note", "--project", root)
    prefixes = "".join(sorted({f"{line.strip()}\n" for line in re.findall(r"@prefix .*", README)}))
    declared = turtle_of(README.partition("## A term of your own")[2].partition("## Topics")[0])
    (root / "ontology").mkdir()
    (root / "ontology/phones.ttl").write_text(declared + rate)
    (root / "data/documents/acme-note/claims.ttl").write_text(
        f"{prefixes}{claims}{rated} dk:statedIn acme-note:p02.s04 ."
    )
    told = command("validate", "--project", root, "--text", f"acme-note={root / 'texts/acme.txt'}").output
    assert "conforms with" in told and "claims.ttl" not in told, told
    sources = load_sources(find_project(root))
    names = sources.project.names
    said = derive(sources.quads, "acme-note", names, read_sentence_patterns(sources.quads), read_labels(sources.quads))
    assert {quad.object.value for quad in said if quad.predicate == DK.sentence} == {
        "Acme Telecom has a market share of about 30 per cent.",
        "Acme Telecom provides between 3 and 5 phones.",
        "Acme Telecom provides at most five phones.",
        "Norway has a third of the phones.",
        "Acme Telecom sells 9,000 phones a year.",
    }


def turtle_of(section: str) -> str:
    """Return the blocks of Turtle in a part of the page."""
    found = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", section, re.MULTILINE)
    return re.sub(r"^ {4}", "", "\n".join(found), flags=re.MULTILINE)


def test_a_term_of_your_own_is_found_and_said_in_a_sentence(
    own_example: Sources, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = own_example.project.root
    section = README.partition("## A term of your own")[2]
    block = re.findall(r"(?:^ {4}.*\n|^\n(?= {4}))+", section, re.MULTILINE)[0]
    (root / "ontology").mkdir()
    (root / "ontology/phones.ttl").write_text(re.sub(r"^ {4}", "", block, flags=re.MULTILINE))
    settings = root / "project.toml"
    prefix = re.findall(r"`(phones = .*?)`", section)[0]
    settings.write_text(f"{settings.read_text()}\n[prefixes]\n{prefix}\n")
    assert "phones:marketShare" in command("terms", "market share", "--project", root).stdout
