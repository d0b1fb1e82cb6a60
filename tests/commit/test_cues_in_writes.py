"""A write that quotes what isn't in its passage, where the text is at hand, or names no thing is refused."""

import hashlib
from pathlib import Path

import pytest

from conftest import Workshop
from digitech_kg.commit.building import assemble, build, create_empty
from digitech_kg.commit.committer import Committer
from digitech_kg.commit.request import Commit, SparqlUpdate
from digitech_kg.commit.results import ResultStore
from digitech_kg.errors import InvalidData
from digitech_kg.namespaces import DCTERMS
from digitech_kg.snapshot.repository import SnapshotRepository
from digitech_kg.validation.report import Severity
from small import HEADER, NAMES, claim, claim_text, delete, insert

TEXT = "Acme probably works in paints."
EMPTY = hashlib.sha256(b"").hexdigest()
CUE = ' ; dk:certainty dk:probable ; dk:cue "{}"'


def with_text(workshop: Workshop) -> Committer:
    note = workshop.root / "data/documents/note/note.ttl"
    real = hashlib.sha256(TEXT.encode()).hexdigest()
    note.write_text(note.read_text(encoding="utf-8").replace(EMPTY, real), encoding="utf-8")
    build(workshop.project, workshop.repository)
    return Committer(workshop.repository, texts={"note": TEXT})


@pytest.fixture(scope="module")
def committer(built_workshop: Workshop, tmp_path_factory: pytest.TempPathFactory) -> Committer:
    """Writes to a small project whose one sentence is in the text; tests leave it as it is."""
    return with_text(built_workshop.copy_to(tmp_path_factory.mktemp("quoted")))


def test_a_cue_that_is_in_the_passage_passes(committer: Committer) -> None:
    outcome = committer.commit(insert(claim_text("sure", rest=CUE.format("probably"))), Commit(dry_run=True))
    assert outcome.graphs == {NAMES.graphs.document("note").value: (8, 0)}
    told = [row["message"] for row in outcome.warnings if row["focusNode"] == claim("sure").value]
    # What is told of the claim is of its sentence, and of another that says the same.
    assert [message for message in told if "cue" in message or "probably" in message or "printed" in message] == []
    assert len(told) == 3


def test_what_the_text_says_otherwise_is_told_by_the_write_that_makes_it_so(workshop: Workshop) -> None:
    committer = with_text(workshop)

    def told(claimed: str) -> str:
        return " ".join(row["message"] for row in committer.commit(insert(claimed), Commit()).warnings)

    late = claim_text("late", rest='; dk:certainty dk:probable ; dk:time "2019"^^edtf:EDTF')
    assert "The text never names the year of 2019" in told(late)
    assert "The text never names the year" not in told(claim_text("sure", rest=CUE.format("probably")))


def test_a_cue_that_is_not_in_the_passage_is_refused_and_told_so(committer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(insert(claim_text("sure", rest=CUE.format("likely"))), Commit())
    assert caught.value.report is not None
    told = [result.message for result in caught.value.report.results if result.focus_node == claim("sure").value]
    assert any("write it as it is printed there" in message for message in told)


def test_a_misspelt_thing_is_told_once_with_what_was_meant(committer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(insert(claim_text("sure", subject="acmme")), Commit())
    assert caught.value.report is not None
    (result,) = caught.value.report.violations
    assert result.focus_node == claim("sure").value
    assert result.message == "Neither this graph nor graph:things describes id:acmme: did you mean id:acme?"


def test_where_the_text_is_another_version_no_cue_is_judged(workshop: Workshop) -> None:
    other = Committer(workshop.repository, texts={"note": TEXT})
    assert other.commit(insert(claim_text("sure", rest=CUE.format("likely"))), Commit()).published


def test_a_thing_in_a_reserve_that_nothing_describes_is_refused(committer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(insert(claim_text("sure", rest=" ; dk:condition id:acmme")), Commit())
    assert caught.value.report is not None
    messages = [result.message for result in caught.value.report.violations]
    assert messages == ["Neither this graph nor graph:things describes id:acmme: did you mean id:acme?"]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("GRAPH graph:note { id:acme dk:isActiveInn id:acme }", "dk:isActiveInn: did you mean dk:isActiveIn?"),
        ("GRAPH graph:things { id:acme a dk:Compny }", "dk:Compny: did you mean dk:Company?"),
        ("GRAPH graph:links { id:acme dk:zz id:acme }", "dk:zz: correct the name, or describe it in graph:ontology."),
    ],
)
def test_a_misspelt_term_is_refused_in_every_graph_of_the_project(
    committer: Committer, written: str, told: str
) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(SparqlUpdate(f"{HEADER} INSERT DATA {{ {written} }}"), Commit())
    assert caught.value.report is not None
    assert f"The ontology does not have {told}" in {result.message for result in caught.value.report.violations}


def test_a_misspelt_term_of_a_standard_is_refused_in_a_write(committer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(insert('id:acme rdfs:coment "Makes paint."@en', "things"), Commit())
    assert caught.value.report is not None
    messages = [result.message for result in caught.value.report.violations]
    assert messages == ["Its vocabulary does not have rdfs:coment: did you mean rdfs:comment?"]


def test_a_thing_that_documents_point_at_stays(committer: Committer) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(delete("id:acme", "things"), Commit())
    assert caught.value.report is not None
    messages = {result.message.partition(":")[0] for result in caught.value.report.violations}
    assert "Neither this graph nor graph" in messages


@pytest.mark.parametrize(
    ("graph", "said", "is_told"),
    [
        ("things", "dk:hasOwner id:acme", True),
        ("note", "dk:hasOwner id:acme", True),
        ("things", "dk:isPartOf id:acme", False),
        # A claim of the document says so.
        ("things", "dk:isActiveIn id:paint-trade", False),
    ],
)
def test_what_is_said_of_a_company_without_a_claim_is_a_warning(
    committer: Committer, graph: str, said: str, is_told: bool
) -> None:
    company = 'id:apex a dk:Company ; rdfs:label "Apex"@en, "Apex"@nb ; skos:definition "A firm."@en'
    subject = "id:acme" if "paint" in said else "id:apex"
    written = f"GRAPH graph:{graph} {{ {company} . {subject} {said} }}"
    told = committer.commit(SparqlUpdate(f"{HEADER} INSERT DATA {{ {written} }}"), Commit(dry_run=True)).warnings
    message = f"No claim says “id:apex {said.partition(' ')[0]}”: state it as a claim"
    assert any(message in warning["message"] for warning in told) == is_told
    assert is_told or not any("Nobody stands" in warning["message"] for warning in told)


def test_a_document_that_is_called_modelled_whole_with_passages_that_nothing_cites_is_a_warning(
    committer: Committer,
) -> None:
    passage = f'a dk:Sentence ; dk:isPartOf id:note ; dk:orderInDocument 2 ; dk:textHash "{EMPTY}"'
    place = 'dk:pageLabel "1" ; dk:pageIsEstimated false ; dk:startOffset 30 ; dk:endOffset 60'
    written = f"id:note dk:extentRead dk:whole ; dk:extentModelled dk:whole . note:s02 {passage} ; {place} ."
    told = [warning["message"] for warning in committer.commit(insert(written), Commit(dry_run=True)).warnings]
    assert any(message.startswith("Nothing cites s02, though the document is said") for message in told)


@pytest.mark.parametrize("graph", ["graph:things", "<http://example.org/graph>"])
def test_a_literal_that_is_no_value_of_its_datatype_is_a_warning(committer: Committer, graph: str) -> None:
    faulty = {"yesterday": "date", "x": "integer", "20": "gYear", "yes": "boolean"}
    values = ", ".join(f'"{value}"^^xsd:{name}' for value, name in {**faulty, "2023-02-28": "date"}.items())
    written = f"GRAPH {graph} {{ id:acme dcterms:modified {values} }}"
    told = committer.commit(SparqlUpdate(f"{HEADER} INSERT DATA {{ {written} }}"), Commit(dry_run=True)).warnings
    found = {
        (row["focusNode"], row["path"], row["value"]): row["message"] for row in told if "compare" in row["message"]
    }
    assert found.keys() == {(NAMES.thing("acme").value, DCTERMS.modified.value, value) for value in faulty}
    for (*_, value), message in found.items():
        assert f"“{value}” of dcterms:modified isn't an xsd:{faulty[value]} that queries can compare: " in message


def test_data_without_a_project_is_looked_through_for_such_literals_too(tmp_path: Path) -> None:
    create_empty(repository := SnapshotRepository(tmp_path), NAMES)
    update = SparqlUpdate(f'{HEADER} INSERT DATA {{ <x:a> <x:b> "x"^^xsd:integer }}')
    (told,) = Committer(repository).commit(update, Commit()).warnings
    assert (told["focusNode"], told["path"], told["value"]) == ("x:a", "x:b", "x")


def test_a_build_names_such_literals_each_time(workshop: Workshop) -> None:
    text = f'{HEADER} id:acme dcterms:modified "yesterday"^^xsd:date .'
    (workshop.root / "data/things/more.ttl").write_text(text, encoding="utf-8")
    results = ResultStore.beside(workshop.data_dir)
    for _ in range(2):
        found = assemble(workshop.project, results=results).results
        assert [result.value for result in found if result.path == DCTERMS.modified.value] == ["yesterday"]


@pytest.mark.parametrize(
    ("graph", "said"),
    [
        ("reply", "dk:certainty dk:possible"),
        ("nowhere", "dk:negated true"),
        ("things", "dk:heldBy id:acme"),
        ("issues", "dk:certainty dk:possible"),
    ],
)
def test_a_reserve_in_another_graph_than_its_claim_is_refused(committer: Committer, graph: str, said: str) -> None:
    with pytest.raises(InvalidData) as caught:
        committer.commit(insert(f"note-claim:acme-active-in-paint {said} .", graph), Commit())
    assert caught.value.report is not None
    (message,) = {result.message for result in caught.value.report.violations if "stands in" in result.message}
    assert message.startswith("This is said of note-claim:acme-active-in-paint, and it stands in ")
    assert message.endswith(": put it into the graph of “note”.")


def test_of_a_claim_in_the_graph_of_another_document_only_that_is_told(workshop: Workshop) -> None:
    folder = workshop.root / "data/documents/reply"
    folder.mkdir()
    (folder / "extra.ttl").write_text(HEADER + claim_text("late"), encoding="utf-8")
    build_of = assemble(workshop.project, results=ResultStore.beside(workshop.data_dir)).results
    told = [result.message for result in build_of if result.severity is Severity.VIOLATION]
    assert [
        message.startswith("This is a claim of “note”, and it stands in the graph of “reply”") for message in told
    ] == [True]


def test_a_reserve_in_the_files_of_another_document_is_refused(workshop: Workshop) -> None:
    folder = workshop.root / "data/documents/reply"
    folder.mkdir()
    text = HEADER + "note-claim:acme-active-in-paint dk:certainty dk:possible ."
    (folder / "extra.ttl").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidData) as caught:
        build(workshop.project, workshop.repository)
    assert "put it into the graph of “note”" in str(caught.value)
