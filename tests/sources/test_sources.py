"""Reading a project's files: quads with stable blank nodes, and every fault with file, line and what to do."""

from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, parse

from bundled import NAMES, PREFIXES
from conftest import ROOT
from digitech_kg.errors import CallError, Fault, SourceError
from digitech_kg.namespaces import SKOS
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import format_turtle
from digitech_kg.sources.loading import load_sources
from digitech_kg.sources.project import code_digest, find_project


def faults_of(root: Path) -> tuple[Fault, ...]:
    with pytest.raises(SourceError) as caught:
        load_sources(find_project(root))
    return caught.value.faults


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_file_goes_to_its_named_graph(small_project: Path) -> None:
    graphs = {str(quad.graph_name) for quad in load_sources(find_project(small_project)).quads}
    assert graphs == {
        f"<https://w3id.org/digitech-kg/graph/{name}>" for name in ("catalog", "note", "ontology", "things")
    }


def test_same_files_give_same_quads_blank_nodes_included(small_project: Path) -> None:
    extra = small_project / "data/documents/note/more.ttl"
    extra.write_text(
        "<https://example.org/a> <https://example.org/b> [ <https://example.org/c> 1 ] .", encoding="utf-8"
    )
    first, second = (load_sources(find_project(small_project)).quads for _ in range(2))
    assert [str(q) for q in first] == [str(q) for q in second]
    assert any("_:" in str(q.object) for q in first)


def test_faults_of_all_files_are_reported_at_once_with_line_and_column(small_project: Path) -> None:
    (small_project / "data/documents/note/a.ttl").write_text(
        "@prefix a: <http://a/> .\na:x a:y ;;; oops\n", encoding="utf-8"
    )
    (small_project / "data/documents/note/b.ttl").write_text("<http://a/x> <http://a/y> zz:1 .", encoding="utf-8")
    found = {(fault.file, fault.line) for fault in faults_of(small_project)}
    assert found == {("data/documents/note/a.ttl", 2), ("data/documents/note/b.ttl", 1)}


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("<urn:a> a <urn:b> <urn:c> <urn:d> .", 'Write ";" between'),
        ('<urn:a> <urn:b> "open .', "Close what is open"),
        ("@prefix note: <urn:n> . nota:a a <urn:b> .", "Did you mean: note:? Declare it with an @prefix line"),
        ("<urn:a> <urn:b> oops .", "Correct the Turtle at this place"),
    ],
)
def test_a_slip_in_turtle_is_told_with_what_to_write(small_project: Path, text: str, cure: str) -> None:
    (small_project / "data/documents/note/a.ttl").write_text(text, encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert fault.mend.startswith(cure)


@pytest.mark.parametrize(
    ("prefix", "space"),
    [("skos", "http://www.w3.org/2004/02/skos/core#"), ("id", f"{NAMES.base}id/"), ("paint", "urn:paint#")],
)
def test_a_prefix_that_is_not_declared_is_told_with_the_line_that_does(
    small_project: Path, prefix: str, space: str
) -> None:
    project = small_project / "project.toml"
    project.write_text(f'{project.read_text(encoding="utf-8")}\n[prefixes]\npaint = "urn:paint#"\n', encoding="utf-8")
    text = f"<urn:a> <urn:b> {prefix}:c ."
    (small_project / "data/documents/note/a.ttl").write_text(text, encoding="utf-8")
    (fault,) = faults_of(small_project)
    told, line = fault.mend.split("\n")
    assert told == "Add the line below at the top of the file; what follows it in this file was not read."
    assert line.strip() == f"@prefix {prefix}: <{space}> ."
    with pytest.raises(SourceError) as caught:
        format_turtle(text, "a.ttl", find_project(small_project).names)
    assert line in caught.value.faults[0].mend


def test_unknown_term_is_reported_with_the_name_that_was_meant(small_project: Path) -> None:
    replace(small_project / "data/things/things.ttl", "a dk:Company", "a dk:Compny")
    (fault,) = faults_of(small_project)
    assert "dk:Compny" in fault.what
    assert fault.mend == "Did you mean dk:Company?"
    assert fault.line == 6


def test_unknown_value_of_a_reserve_is_reported_with_those_there_are(small_project: Path) -> None:
    replace(small_project / "data/documents/note/note.ttl", "dk:negated true ;", "dk:certainty dk:likely ;")
    (fault,) = faults_of(small_project)
    assert fault.mend == "Use one of: dk:doubtful, dk:possible, dk:probable."


def test_unknown_term_that_is_like_no_other_is_to_be_looked_for(small_project: Path) -> None:
    replace(small_project / "data/things/things.ttl", "a dk:Company", "a dk:Zeppelin")
    (fault,) = faults_of(small_project)
    assert fault.mend == 'Look for a term: digitech-kg terms "Zeppelin"'


def test_for_a_predicate_no_value_is_proposed_and_for_a_thing_no_term(small_project: Path) -> None:
    note = small_project / "data/documents/note/note.ttl"
    replace(note, "dk:predicate dk:isActiveIn", "dk:predicate dk:hold")
    replace(note, "dk:object id:paint-trade", "dk:object id:pause")
    mends = sorted(fault.mend for fault in faults_of(small_project))[::-1]
    assert mends == ['Look for a term: digitech-kg terms "hold"', "Describe it, or correct the name."]


def test_reference_to_a_thing_that_nothing_describes_is_a_fault(small_project: Path) -> None:
    replace(small_project / "data/documents/note/note.ttl", "dk:object id:paint-trade", "dk:object id:paint-trode")
    (fault,) = faults_of(small_project)
    assert "id:paint-trode" in fault.what
    assert "id:paint-trade" in fault.mend


def test_for_a_passage_that_is_not_there_no_other_is_proposed(small_project: Path) -> None:
    replace(small_project / "data/documents/note/note.ttl", "dk:statedIn note:s01", "dk:statedIn note:s02")
    fault, *_ = faults_of(small_project)
    assert "note:s02" in fault.what and "document passages" in fault.mend and "note:s01" not in fault.mend


def test_for_a_claim_neither_the_contrary_nor_that_of_another_document_is_proposed() -> None:
    names = find_project(ROOT).names
    there = [names.claim(*it).value for it in (("note", "norway-to-build"), ("reply", "norway-not-to-build-it"))]
    assert names.guess(names.claim("note", "norway-not-to-build").value, there) is None
    assert names.guess(names.claim("note", "norway-to-buil").value, there) == names.shorten(there[0])


@pytest.mark.parametrize(
    ("folder", "meant"),
    [
        ("data/issue", "data/issues"),
        ("data/query", "data/queries"),
        ("data/document2/note", "data/documents"),
        ("ontologies", "ontology"),
        ("data/sundry", "documents, external, issues"),
    ],
)
def test_a_folder_that_nobody_reads_is_a_fault(small_project: Path, folder: str, meant: str) -> None:
    (small_project / folder).mkdir(parents=True)
    assert load_sources(find_project(small_project)).quads
    (small_project / folder / "more.ttl").write_text("", encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert (fault.what, meant in fault.mend) == ("isn't read", True)


@pytest.mark.parametrize(
    ("said", "name", "mend"),
    [
        ("<http://www.w3.org/2000/01/rdf-schema#coment>", "rdfs:coment", "Did you mean rdfs:comment?"),
        ("<http://www.w3.org/2004/02/skos/core#altLable>", "skos:altLable", "Did you mean skos:altLabel?"),
        ("<http://www.w3.org/2002/07/owl#zeppelin>", "owl:zeppelin", "Correct the name."),
        ("<http://www.w3.org/1999/02/22-rdf-syntax-ns#_1>", "", ""),
    ],
)
def test_a_term_that_its_vocabulary_does_not_have_is_a_fault(
    small_project: Path, said: str, name: str, mend: str
) -> None:
    replace(small_project / "data/things/things.ttl", "a dk:Company", f'{said} "x" ; a dk:Company')
    if not name:
        assert load_sources(find_project(small_project)).quads
        return
    (fault,) = faults_of(small_project)
    assert fault.what.endswith(f"points at {name}, which its vocabulary does not have")
    assert fault.mend == mend


@pytest.mark.parametrize(
    ("name", "mend"), [("Glu", "Did you mean paint:Glue?"), ("Zeppelin", "Declare it in ontology/")]
)
def test_a_class_of_the_project_that_nothing_declares_is_a_fault(small_project: Path, name: str, mend: str) -> None:
    project = small_project / "project.toml"
    space = f"{find_project(small_project).names.base}paint#"
    project.write_text(f'{project.read_text(encoding="utf-8")}\n[prefixes]\npaint = "{space}"\n', encoding="utf-8")
    (small_project / "ontology").mkdir(exist_ok=True)
    term = f"<{space}Glue> a <http://www.w3.org/2002/07/owl#Class> ."
    (small_project / "ontology/paint.ttl").write_text(term, encoding="utf-8")
    assert load_sources(find_project(small_project)).quads
    replace(small_project / "data/things/things.ttl", "a dk:Company", f"a <{space}{name}>")
    (fault,) = faults_of(small_project)
    assert fault.mend.startswith(mend)


def test_a_question_with_a_misspelt_term_of_the_project_is_a_fault(small_project: Path) -> None:
    project = small_project / "project.toml"
    text = project.read_text(encoding="utf-8")
    project.write_text(text + '\n[prefixes]\npaint = "https://example.org/paint#"\n', encoding="utf-8")
    (small_project / "ontology").mkdir(exist_ok=True)
    term = "<https://example.org/paint#thins> a <http://www.w3.org/2002/07/owl#ObjectProperty> ."
    (small_project / "ontology/paint.ttl").write_text(term, encoding="utf-8")
    (small_project / "data/queries").mkdir(exist_ok=True)
    (small_project / "data/queries/trades.rq").write_text(QUESTION.replace("dk:isActiveIn", "paint:thinns"), "utf-8")
    (fault,) = faults_of(small_project)
    assert (fault.what.startswith("asks for paint:thinns"), fault.mend) == (True, "Did you mean paint:thins?")


def test_thing_described_in_two_files_is_a_fault(small_project: Path) -> None:
    copy = small_project / "data/documents/note/zz.ttl"
    copy.write_bytes((small_project / "data/documents/note/note.ttl").read_bytes())
    found = faults_of(small_project)
    assert {fault.file for fault in found} == {"data/documents/note/zz.ttl"}
    assert all("described in two files" in fault.what for fault in found)


def test_claim_described_in_two_blocks_of_a_file_is_a_fault(small_project: Path) -> None:
    path = small_project / "data/documents/note/note.ttl"
    text = path.read_text(encoding="utf-8")
    block = "note-claim:" + text.partition("\nnote-claim:")[2].partition("\n.\n")[0]
    path.write_text(f"{text}\n{block}\n.\n", encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert "described in two blocks" in fault.what and f"{path.name}:" in fault.mend


def test_prefixes_that_begin_with_another_base_are_faults(small_project: Path) -> None:
    replace(
        small_project / "project.toml", 'base = "https://w3id.org/digitech-kg/"', 'base = "https://example.org/kg/"'
    )
    faults = faults_of(small_project)
    assert faults and all("not <https://example.org/kg/" in fault.what for fault in faults)


@pytest.mark.parametrize(
    ("prefix", "old", "new"),
    [
        ("dk", "https://w3id.org/digitech-kg/ontology#", "http://w3id.org/digitech-kg/ontology#"),
        ("dk", "https://w3id.org/digitech-kg/ontology#", "https://example.org/terms#"),
        ("id", "https://w3id.org/digitech-kg/id/", "https://example.org/phones/id/"),
        ("note-claim", "https://w3id.org/digitech-kg/claim/note/", "https://example.org/phones/claim/note/"),
        ("note-claim", "https://w3id.org/digitech-kg/claim/note/", "https://w3id.org/digitech-kg/claims/note/"),
    ],
)
def test_a_prefix_that_stands_for_something_else_is_the_one_fault(
    small_project: Path, prefix: str, old: str, new: str
) -> None:
    file = small_project / "data/documents/note/note.ttl"
    replace(file, f"@prefix {prefix}: <{old}>", f"\n@prefix {prefix}: <{new}>")
    line = next(n for n, text in enumerate(file.read_text("utf-8").splitlines(), 1) if f"prefix {prefix}:" in text)
    (fault,) = faults_of(small_project)
    assert (fault.file, fault.line) == ("data/documents/note/note.ttl", line)
    assert fault.what == f"{prefix}: is <{new}>, not <{old}>"


def test_the_ontology_under_another_prefix_with_a_slip_is_a_fault(small_project: Path) -> None:
    terms = "http://w3id.org/digitech-kg/ontology/"
    (small_project / "data/documents/note/more.ttl").write_text(f"@prefix kg: <{terms}> . <urn:a> a kg:Claim .")
    (fault,) = faults_of(small_project)
    assert fault.what.startswith(f"kg: is <{terms}>")


def test_file_that_is_not_utf8_is_a_fault(small_project: Path) -> None:
    (small_project / "data/documents/note/latin.ttl").write_bytes(b"# caf\xe9\n")
    (fault,) = faults_of(small_project)
    assert fault.what == "is not UTF-8"
    assert fault.line == 1


def test_link_that_leads_nowhere_is_a_fault(small_project: Path) -> None:
    # An editor leaves one beside a file that is open in it.
    (small_project / "data/documents/note/.#note.ttl").symlink_to("nowhere")
    (fault,) = faults_of(small_project)
    assert (fault.file, fault.what) == ("data/documents/note/.#note.ttl", "cannot be read: No such file or directory")
    assert find_project(small_project).input_digest()


def test_build_reads_the_tables_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digitech_kg.sources.project._PACKAGE", tmp_path)
    table = tmp_path / "reserves.toml"
    table.write_text('moods = ["norm"]')
    before = code_digest.__wrapped__()
    table.write_text('moods = ["order"]')
    assert code_digest.__wrapped__() != before


def test_a_file_that_moves_to_the_folder_of_another_graph_is_a_change(small_project: Path) -> None:
    source = small_project / "data/external/one"
    source.mkdir(parents=True)
    (source / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    before = find_project(small_project).input_digest()
    source.rename(source.with_name("two"))
    assert find_project(small_project).input_digest() != before


@pytest.mark.parametrize("name", ["my notes", "catalog", "things", "Note"])
def test_document_that_cannot_be_a_graph_is_a_fault(small_project: Path, name: str) -> None:
    folder = small_project / "data/documents" / name
    folder.mkdir(parents=True)
    (folder / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert (fault.file, fault.what) == (f"data/documents/{name}", "cannot be the name of a graph")


def test_source_whose_folder_cannot_be_a_graph_is_a_fault(small_project: Path) -> None:
    folder = small_project / "data/external/my source"
    folder.mkdir(parents=True)
    (folder / "a.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert (fault.file, fault.what) == ("data/external/my source", "cannot be the name of a graph")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('base = "here"', "has no base IRI that ends with / or #"),
        ('base = "https://e.org/x"', "has no base IRI that ends with / or #"),
        ('base = "https://e.org/"\ncolour = "red"', "has an unknown key 'colour'"),
        ('base = "https://e.org/"\n[languages]\nrequird = ["en"]', "has an unknown key 'requird' below [languages]"),
        ('base = "https://e.org/"\nimports = ["other"]', "imports something unknown"),
        (
            'base = "https://e.org/"\n[languages]\nrequired = ["english language"]',
            "'english language' isn't a language tag",
        ),
        ('base = "https://e.org/"\n[prefixes]\ndk = "https://e.org/dk#"', "prefix 'dk' stands for two things"),
        (
            'base = "https://e.org/"\n[documents.memo]\nprefix = "a-claim"',
            "'a-claim' cannot be the prefix of document 'memo'",
        ),
        ("documents = 3", "has no table [documents]"),
        ("languages = 3", "has no table [languages]"),
        ("prefixes = 3", "has no table [prefixes]"),
        ("[documents]\nnote = 3", "has no table [documents.note]"),
        ("[documents.note]\nprefix = 3", "prefix below [documents.note] is no text"),
        ("[languages]\nrequired = 3", "required below [languages] is no list of texts"),
        ("[languages]\nrequired = []", "requires no language"),
        ("[parts]\noff = [3]", "off below [parts] is no list of texts"),
    ],
)
def test_configuration_that_means_nothing_is_a_fault(small_project: Path, line: str, what: str) -> None:
    (small_project / "project.toml").write_text(line + "\n", encoding="utf-8")
    assert what in {fault.what for fault in faults_of(small_project)}


def test_a_section_for_a_document_that_is_not_there_names_the_nearest(small_project: Path) -> None:
    (small_project / "project.toml").write_text('base = "https://e.org/"\n[documents.notes]\nprefix = "n"\n')
    (fault,) = faults_of(small_project)
    assert fault.what.startswith("has [documents.notes], but no folder of that name in data/documents/")
    assert fault.mend.startswith("Did you mean: note? ")


def test_configuration_that_is_no_toml_says_where(small_project: Path) -> None:
    (small_project / "project.toml").write_text("base = \n", encoding="utf-8")
    (fault,) = faults_of(small_project)
    assert fault.what.startswith("is not TOML")
    assert "line 1" in fault.what


def test_a_document_has_prefixes_of_its_own(small_project: Path) -> None:
    names = find_project(small_project).names
    assert names.shorten(names.claim("note", "a").value) == "note-claim:a"
    assert names.expand("note:s01") == names.passage("note", "s01").value


def test_a_project_imports_the_packaged_ontology(small_project: Path) -> None:
    files = [source.name for source in find_project(small_project).source_files()]
    assert "digitech-kg/ontology/claims.ttl" in files
    assert not (small_project / "ontology").exists()


def test_the_place_of_a_thing_is_where_its_class_stands(small_project: Path) -> None:
    words = small_project / "data/things/a-word.ttl"
    label = "<http://www.w3.org/2004/02/skos/core#hiddenLabel>"
    words.write_text(f'<{PREFIXES["id"]}acme> {label} "colour firm"@en .\n', encoding="utf-8")
    place = load_sources(find_project(small_project)).place_of(f"{PREFIXES['id']}acme")
    assert place is not None
    assert place.startswith("data/things/things.ttl:")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("data/things/more.ttl", "id:note a dk:Company ."),
        (
            "data/documents/note/more.ttl",
            "id:x a dk:Claim ; dk:subject id:note ; dk:predicate rdf:type ; dk:object dk:Company .",
        ),
    ],
)
def test_the_place_of_a_document_as_a_thing_is_where_that_is_said(small_project: Path, file: str, said: str) -> None:
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("id", "dk", "rdf"))
    (small_project / file).write_text(prefixes + said, encoding="utf-8")
    place = load_sources(find_project(small_project)).place_of(
        f"{PREFIXES['id']}note", None, f"{PREFIXES['dk']}Company"
    )
    assert place == f"{file}:4"


def test_a_document_may_add_to_a_thing_that_is_shared(small_project: Path) -> None:
    more = small_project / "data/documents/note/more.ttl"
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("id", "dk", "skos"))
    more.write_text(prefixes + 'id:acme a dk:Company ; skos:altLabel "Acme Paints"@en .\n', encoding="utf-8")
    quads = load_sources(find_project(small_project)).quads
    acme, called = NamedNode(f"{PREFIXES['id']}acme"), Literal("Acme Paints", language="en")
    assert Quad(acme, SKOS.altLabel, called, NAMES.graphs.document("note")) in quads
    assert {q.graph_name for q in quads if q.subject == acme} == {NAMES.graphs["things"], NAMES.graphs.document("note")}


SUMMARY, REST = b"#+ summary: s\n", b"#+ description: d\n#+ tags:\n#+   - t\nASK {}\n"


def asking(pattern: bytes) -> bytes:
    """Return a sound question with a pattern."""
    return SUMMARY + REST.replace(b"ASK {}", b"ASK { %s }" % pattern)


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("q.rq", REST, "header has no 'summary'"),
        ("my question.rq", SUMMARY + REST, "can't be the name of a question"),
        ("q.rq", SUMMARY + b"# caf\xe9\n" + REST, "is not UTF-8"),
        ("q.rq", SUMMARY + b"#+ summary@-: s\n" + REST, "'summary@-' names no language"),
        ("q.rq", SUMMARY + b"#+ summary@norsk: s\n" + REST, "'summary@norsk' names no language"),
        ("q.rq", SUMMARY + b"#+ summary@no: s\n" + REST, "'summary@no' names no language"),
        (
            "q.rq",
            b"#+ summary: a: b\n" + REST,
            "the header is not YAML: mapping values are not allowed in this context",
        ),
        ("q.rq", SUMMARY + b"#+ summary@nb: [a]\n" + REST, "'summary@nb' is no text"),
        ("q.rq", SUMMARY + b"#+ group: [a, b]\n" + REST, "'group' is no text"),
        ("q.rq", SUMMARY + b"#+ item: a\x01b\n" + REST, "the header has a character that can't be read"),
        ("q.rq", SUMMARY + REST.replace(b"  - t", b"  - a: b"), "'tags' are no texts"),
        ("q.rq", SUMMARY + b"#+ columns: company\n" + REST, "'columns' in the header does not pair names with texts"),
        ("q.rq", SUMMARY + b"# parameter: n\n" + REST, "'# parameter: n' declares no parameter"),
        ("q.rq", asking(b"SERVICE ?where {}"), "the endpoint of SERVICE is '?where', which could be any endpoint"),
        ("q.rq", asking(b"SERVICE <here> {}"), "the endpoint of SERVICE is '<here>', which could be any endpoint"),
        (
            "q.rq",
            asking(b"SERVICE <http://[> {}"),
            "the endpoint of SERVICE is '<http://[>', which could be any endpoint",
        ),
    ],
)
def test_question_that_is_not_sound_is_a_fault(small_project: Path, name: str, content: bytes, what: str) -> None:
    queries = small_project / "data/queries"
    queries.mkdir()
    (queries / name).write_bytes(content)
    (fault,) = faults_of(small_project)
    assert fault.what == what


def test_summary_may_be_in_any_language_that_a_project_may_have(small_project: Path) -> None:
    (small_project / "data/queries").mkdir()
    (small_project / "data/queries/q.rq").write_bytes(SUMMARY + "#+ summary@es-419: ¿Sí?\n".encode() + REST)
    (query,) = load_sources(find_project(small_project)).queries
    assert query.summaries == (("en", "s"), ("es-419", "¿Sí?"))


@pytest.mark.parametrize(
    ("pattern", "endpoints"),
    [
        (b"SERVICE SILENT <http://e.org/b> {} SERVICE <http://e.org/a> {}", ("http://e.org/b", "http://e.org/a")),
        (b"SERVICE <http://e.org/a> {} service <http://e.org/a> {}", ("http://e.org/a",)),
        (b"SERVICE e:sparql {}", ("http://e.org/sparql",)),
        (b"# SERVICE <http://e.org/a> {}\n", ()),
        (b"?s ?p 'SERVICE <http://e.org/a> {}'", ()),
    ],
)
def test_endpoints_of_a_question_are_those_that_it_asks(
    small_project: Path, pattern: bytes, endpoints: tuple[str, ...]
) -> None:
    (small_project / "data/queries").mkdir()
    text = asking(pattern).replace(b"ASK", b"PREFIX e: <http://e.org/> ASK")
    (small_project / "data/queries/q.rq").write_bytes(text)
    (query,) = load_sources(find_project(small_project)).queries
    assert query.endpoints == endpoints


def test_folder_without_layout_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="isn't a project"):
        find_project(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="there is no folder"):
        find_project(tmp_path / "nowhere")


def test_format_orders_blocks_by_iri_and_keeps_the_graph() -> None:
    text = '@prefix id: <https://w3id.org/digitech-kg/id/> .\nid:b a id:C . id:a a id:C ; id:p id:b , "x"@en .\n'
    formatted = format_turtle(text, "x.ttl", NAMES)
    assert formatted.index("id:a\n") < formatted.index("id:b\n")
    assert formatted.rstrip().endswith("\n.")
    assert format_turtle(formatted, "x.ttl", NAMES) == formatted


def test_format_declares_only_the_prefixes_that_are_used() -> None:
    text = "@prefix id: <https://w3id.org/digitech-kg/id/> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    formatted = format_turtle(text + 'id:a id:p 5 , "2021"^^id:year , (1 true) .\n', "x.ttl", NAMES)
    assert [line.split()[1] for line in formatted.splitlines() if line.startswith("@prefix")] == ["id:"]


def test_format_refuses_what_is_not_turtle() -> None:
    with pytest.raises(SourceError):
        format_turtle("this is not Turtle", "x.ttl", NAMES)


def test_format_writes_long_lists_of_nodes_without_names() -> None:
    members = " ".join(f'[ id:p "{number}" ]' for number in range(300))
    text = f"@prefix id: <https://w3id.org/digitech-kg/id/> .\nid:a id:p ({members}) , ({members} id:b) .\n"
    formatted = format_turtle(text, "x.ttl", NAMES)
    assert formatted.count("id:p") == 601
    assert format_turtle(formatted, "x.ttl", NAMES) == formatted


@pytest.mark.parametrize(
    "turtle",
    [
        'id:a id:p "01"^^xsd:integer , 1.50, "5"^^xsd:decimal, "1"^^xsd:boolean, true, 1e3, 1.0E3, "x"^^xsd:integer .',
        'id:a id:p "2020-01-01T00:00:00Z"^^xsd:dateTime , "2020-01-01T00:00:00.000+00:00"^^xsd:dateTime .',
        'id:a id:p "P1Y"^^xsd:duration , "P12M"^^xsd:duration , "ff"^^xsd:hexBinary , "FF"^^xsd:hexBinary .',
        'id:a id:p "tab\\t back \\\\ \\" q", "\\u0001 \\r \\u007f" .',
        'id:a id:p "zh"@zh-hans, "gb"@en-gb, "x"^^id:dt, "y"^^<http://e/d> , "INF"^^xsd:double .',
        'id:a id:p """two\nlines""" , """\n"a\\"\\"" b ""\\\\\\"""" , "\\n\\\\" , "\\n\\"" .',
        "id:a id:p <http://e/%20a(b)> , id:x.y , id:a\\,b , <https://w3id.org/digitech-kg/id/a/b> , other:x , id: .",
        "id:a id:p _:x . id:b id:p _:x . _:x id:q 1 .",
        "id:a id:p _:x , _:y . _:x id:p _:y . _:y id:q _:x .",
        "_:x id:p _:y . _:y id:q _:x . _:z id:p _:z .",
        "id:a id:q _:l . id:b id:r _:l . _:l rdf:first 1 ; rdf:rest (2 3) .",
        "[] id:p 1 . [] id:p [id:q [id:r 2], 3], () .",
    ],
    ids=[
        "numbers",
        "times",
        "values",
        "escapes",
        "types",
        "lines",
        "names",
        "shared",
        "mutual",
        "circles",
        "lists",
        "loose",
    ],
)
def test_format_keeps_every_statement_as_it_is_spelt(turtle: str) -> None:
    prefixes = "".join(f"@prefix {p}: <{PREFIXES[p]}> .\n" for p in ("id", "xsd", "rdf"))
    text = f"{prefixes}@prefix other: <http://other.example/> .\n{turtle}\n"
    formatted = format_turtle(text, "x.ttl", NAMES)
    assert canonical(formatted) == canonical(text)
    assert format_turtle(formatted, "x.ttl", NAMES) == formatted


def canonical(turtle: str) -> set[str]:
    dataset = Dataset(parse(turtle, RdfFormat.TURTLE))
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return {str(quad) for quad in dataset}


def test_format_says_where_turtle_is_broken() -> None:
    with pytest.raises(SourceError) as raised:
        format_turtle("@prefix id: <https://w3id.org/digitech-kg/id/> .\nid:a id:p 5. .", "x.ttl", NAMES)
    (fault,) = raised.value.faults
    assert (fault.file, fault.line) == ("x.ttl", 2)
    assert fault.mend.endswith("the file was left as it is.")


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    old, link = tmp_path / "old.ttl", tmp_path / "link.ttl"
    old.write_text("old", encoding="utf-8")
    old.chmod(0o640)
    link.symlink_to(old)
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        write_texts({old: "new", tmp_path / "file/inside.ttl": "new"})
    assert old.read_text(encoding="utf-8") == "old"
    write_texts({link: "new", tmp_path / "file": None, tmp_path / "sub/more.ttl": "more"})
    assert (old.read_text(encoding="utf-8"), old.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["link.ttl", "more.ttl", "old.ttl", "sub"]


QUESTION = """#+ summary: What does Acme do?
#+ description: One row for each trade.
#+ tags:
#+   - companies
PREFIX dk: <https://w3id.org/digitech-kg/ontology#>
PREFIX id: <https://w3id.org/digitech-kg/id/>
# parameter: company (dk:Company) The company asked about.
SELECT ?trade { VALUES ?company { id:acme } ?company dk:isActiveIn ?trade }
"""


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("", "", None),
        ("SELECT", "SELEKT", "SELECT"),
        ("dk:isActiveIn", "dk:isActivIn", "Did you mean dk:isActiveIn?"),
        ("(dk:Company)", "(dk:Compny)", "Did you mean dk:Company?"),
        ("{ id:acme }", "{ id:acne }", "Did you mean id:acme?"),
        ("#+ tags:", "#+ colums:\n#+   trade: Trade\n#+ tags:", "Did you mean: columns? Use one of: "),
    ],
)
def test_saved_question_that_cannot_be_answered_is_a_fault(
    small_project: Path, right: str, wrong: str, told: str | None
) -> None:
    folder = small_project / "data/queries"
    folder.mkdir(exist_ok=True)
    (folder / "trades.rq").write_text(QUESTION.replace(right, wrong, 1), encoding="utf-8")
    if told is None:
        assert "trades" in [query.name for query in load_sources(find_project(small_project)).queries]
    else:
        (fault,) = faults_of(small_project)
        assert told in fault.what + fault.mend
