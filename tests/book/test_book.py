"""The book of a version: what is found in it, how claims are counted and listed, and how it follows a change."""

import gzip
import itertools
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from conftest import Workshop
from digitech_kg.book import Book, BookFact, ClaimFilter, open_book, order_of, update_book, write_book
from digitech_kg.book.schema import STATEMENTS
from digitech_kg.claims.model import Firmness
from digitech_kg.errors import Gone
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, GraphName, Namespaces
from digitech_kg.snapshot.changes import QuadFile, sorted_lines
from page_costs import counted

NAMES = Namespaces("https://example.org/kg/")
THING, GRAPHS = NAMES.thing("first"), NAMES.graphs
LABEL = Quad(THING, RDFS.label, Literal("Acme Machines Ltd."), GRAPHS.things)
TWO_DOCUMENTS = Path(__file__).parents[1] / "data/two_documents.trig"


_NUMBERS = itertools.count()


def book_of(tmp_path: Path, *quads: Quad) -> Book:
    path = tmp_path / f"{next(_NUMBERS)}.sqlite"
    write_book(path, quads, NAMES)
    return Book(path, NAMES)


def changed(book: Book, *, added: tuple[Quad, ...] = (), removed: tuple[Quad, ...] = ()) -> Book:
    path = book.path.with_name(f"{next(_NUMBERS)}.sqlite")
    update_book(path, book.path, added, removed, NAMES)
    return Book(path, NAMES)


def found(book: Book, text: str) -> list[str]:
    return [hit.iri for hit in book.search(text)]


def named(name: str, *labels: str) -> list[Quad]:
    return [Quad(NAMES.thing(name), SKOS.altLabel, Literal(label), GRAPHS.things) for label in labels]


def test_each_statement_of_the_file_fits_the_tables(tmp_path: Path) -> None:
    # Whole ones: in others the program fills places, and some are only parts.
    whole = [text for text in STATEMENTS.values() if text.startswith(("SELECT", "WITH")) and "$" not in text]
    whole.remove(STATEMENTS["on_topic"])
    with closing(sqlite3.connect(book_of(tmp_path, LABEL).path)) as database:
        for text in whole:
            values = dict.fromkeys(re.findall(r":(\w+)", text)) or [None] * (1 if "?1" in text else text.count("?"))
            assert database.execute(f"EXPLAIN {text}", values).fetchall()
    assert len(whole) > 30


def test_an_old_name_is_not_found_when_it_is_replaced(tmp_path: Path) -> None:
    book = book_of(tmp_path, LABEL)
    assert found(book, "AcmeMachnes") == [THING.value]
    book = changed(book, added=(Quad(THING, RDFS.label, Literal("Zenith"), GRAPHS.things),), removed=(LABEL,))
    assert found(book, "Machines") == found(book, "AcmeMachnes") == []
    assert found(book, "Zennith") == [THING.value]


def test_abbreviation_is_found_as_a_word_and_takes_no_word_for_a_slip(tmp_path: Path) -> None:
    words = [
        *named("ai", "AI"),
        *named("aid", "aid"),
        *named("us", "US"),
        *named("use", "use of tools"),
        *named("5g", "5G networks"),
    ]
    book = book_of(tmp_path, *words)
    assert found(book, "AI") == [NAMES.thing("ai").value]
    assert found(book, "U.S.") == [NAMES.thing("us").value]
    assert found(book, "5G") == [NAMES.thing("5g").value]


@pytest.mark.parametrize("kind", [SKOS.altLabel, SKOS.hiddenLabel])
def test_hit_tells_by_which_name_it_was_found(kind: NamedNode, tmp_path: Path) -> None:
    book = book_of(tmp_path, LABEL, Quad(THING, kind, Literal("Apex"), GRAPHS.things))
    assert [hit.matched for hit in book.search("apex")] == ["apex"]


def test_what_is_gone_is_not_found(tmp_path: Path) -> None:
    assert found(changed(book_of(tmp_path, LABEL), removed=(LABEL,)), "Acme") == []


def test_book_is_a_hard_link_when_nothing_in_it_changed(tmp_path: Path) -> None:
    book = book_of(tmp_path, LABEL)
    elsewhere = Quad(NamedNode("http://x.example/a"), RDFS.label, Literal("a"), NamedNode("http://x.example/g"))
    assert changed(book, added=(elsewhere,)).path.samefile(book.path)


@pytest.fixture
def documents(tmp_path: Path) -> Book:
    return book_of(tmp_path, *parse(TWO_DOCUMENTS.read_bytes(), RdfFormat.TRIG))


def test_a_claim_is_found_by_its_sentence(documents: Book) -> None:
    hits = documents.search("probably called")
    assert [(hit.iri, hit.kind) for hit in hits] == [(NAMES.claim("one", "star-in-oslo").value, DK.Claim.value)]


def test_kinds_are_of_any_vocabulary_and_never_of_owl(documents: Book) -> None:
    assert documents.search("Northern Star")[0].kind == "http://vocabulary.example/ships#Vessel"
    assert documents.search("Acme")[0].kind == DK.Company.value


def test_terms_of_any_vocabulary_are_found(documents: Book) -> None:
    assert found(documents, "vessel")[0] == "http://vocabulary.example/ships#Vessel"


def test_labels_of_passages_are_no_names(documents: Book) -> None:
    assert not any("/passage/" in iri for iri in found(documents, "sentence 1"))


def test_an_inferred_kind_is_not_shown(tmp_path: Path) -> None:
    inferred = Quad(THING, RDF.type, DK.Agent, GRAPHS.inferred("one"))
    book = book_of(tmp_path, LABEL, inferred, Quad(THING, RDF.type, DK.Company, GRAPHS.things))
    assert book.search("acme")[0].kind == DK.Company.value


@pytest.mark.parametrize(("text", "name"), [("AI", "robots"), ("U.S.", "america")])
def test_a_short_word_is_looked_up_whole(tmp_path: Path, text: str, name: str) -> None:
    things = [
        *named("robots", "AI ethics"),
        *named("help", "aid"),
        *named("america", "US forces"),
        *named("use", "uses"),
    ]
    assert found(book_of(tmp_path, *things), text) == [NAMES.thing(name).value]


def test_what_is_of_somebody_else_is_not_in_the_index(tmp_path: Path) -> None:
    elsewhere = Quad(NamedNode("http://elsewhere.example/x"), RDFS.label, Literal("Acme"), GRAPHS.external("register"))
    assert found(book_of(tmp_path, elsewhere), "Acme") == []


@pytest.mark.parametrize("graph", [DefaultGraph(), NamedNode("http://others.example/graph")])
def test_of_the_projects_things_only_its_own_graphs_tell(tmp_path: Path, graph: GraphName) -> None:
    other, label = NAMES.thing("other"), Literal("Xyzzy")
    said = (RDFS.label, label), (RDF.type, DK.State), (DK.isPartOf, other)
    book = book_of(tmp_path, LABEL, *(Quad(THING, prop, value, graph) for prop, value in said))
    told = book.describe([THING.value])[THING.value]
    assert (told.labels, told.kinds) == ({"": "Acme Machines Ltd."}, ())
    assert found(book, "Xyzzy") == book.instances(DK.State, inferred=True) == book.pointing(other.value) == []
    assert book.called([label]) == {}


def test_a_short_word_that_nothing_has_is_a_beginning(tmp_path: Path) -> None:
    assert found(book_of(tmp_path, *named("help", "aid")), "AI") == [NAMES.thing("help").value]


CLAIM, NOTE = NAMES.claim("note", "first"), GRAPHS.document("note")
SAID = (
    Quad(CLAIM, RDF.type, DK.Claim, NOTE),
    Quad(CLAIM, DK.statedIn, NAMES.passage("note", "p02.s10"), NOTE),
    Quad(CLAIM, DK.cue, Literal("Perhaps"), NOTE),
    Quad(CLAIM, DK.certainty, DK.possible, NOTE),
)


def test_claims_are_counted_by_how_they_are_put(tmp_path: Path) -> None:
    foreign = Quad(CLAIM, DK.mood, DK.prediction, NamedNode("https://others.example/graph"))
    book = book_of(tmp_path, *SAID, foreign)
    (group,) = book.claim_groups
    assert (group.document, group.firm, group.count) == ("note", Firmness("statement", "possible"), 1)
    assert book.stated_passages == {"note": 1}
    (entry,) = book.entries(ClaimFilter(document="note"))
    assert (entry.iri, entry.passages) == (CLAIM.value, (NAMES.passage("note", "p02.s10").value,))


def test_every_passage_of_a_claim_is_counted_and_comes_in_the_order_of_the_text(tmp_path: Path) -> None:
    earlier = Quad(CLAIM, DK.statedIn, NAMES.passage("note", "p02.s9"), NOTE)
    book = book_of(tmp_path, *SAID, earlier)
    assert book.stated_passages == {"note": 2}
    assert book.entries(ClaimFilter(document="note"))[0].passages == tuple(
        NAMES.passage("note", f"p02.s{n}").value for n in (9, 10)
    )


def test_claims_come_where_their_passages_begin_whatever_these_are_called(tmp_path: Path) -> None:
    names = ("p01", "h02", "p02")
    claims = [NAMES.claim("note", name) for name in names]
    quads, places = list[Quad](), dict[str, Quad]()
    for start, (name, claim) in enumerate(zip(names, claims, strict=True)):
        passage = NAMES.passage("note", name)
        places[name] = Quad(passage, DK.startOffset, Literal(90 * start), NOTE)
        quads += [Quad(claim, RDF.type, DK.Claim, NOTE), Quad(claim, DK.statedIn, passage, NOTE), places[name]]
    book, wanted = book_of(tmp_path, *quads), ClaimFilter(document="note")
    assert book.find_claims(wanted, order="text") == [claim.value for claim in claims]
    later = Quad(NAMES.passage("note", "p01"), DK.startOffset, Literal(400), NOTE)
    moved = changed(book, added=(later,), removed=(places["p01"],))
    assert moved.find_claims(wanted, order="text") == [claim.value for claim in (*claims[1:], claims[0])]


def test_counts_follow_a_claim_that_changes_and_one_that_goes(tmp_path: Path) -> None:
    second = NAMES.claim("note", "second")
    new = (Quad(second, RDF.type, DK.Claim, NOTE), Quad(second, DK.salience, DK.key, NOTE))
    book = changed(book_of(tmp_path, *SAID), added=new, removed=SAID[-1:])
    assert book.find_claims(ClaimFilter(certainty="certain"), limit=5) == [second.value, CLAIM.value]
    assert book.find_claims(ClaimFilter(), limit=1) == [second.value]
    empty = changed(book, removed=(*SAID[:-1], *new))
    assert empty.claim_groups == ()
    assert empty.stated_passages == {}


def test_claim_has_its_values_in_the_order_of_the_book(tmp_path: Path) -> None:
    places = [Quad(CLAIM, DK.limitedToPlace, NAMES.thing(name), NOTE) for name in ("norway", "china")]
    inferred = Quad(CLAIM, DK.limitedTo, NAMES.thing("china"), GRAPHS.inferred("note"))
    (claim,) = book_of(tmp_path, *SAID, *places, inferred).claims([CLAIM.value, "urn:unknown"])
    assert claim.all(DK.limitedToPlace) == (NAMES.thing("china"), NAMES.thing("norway"))
    assert DK.limitedTo not in claim.values


def test_facts_tell_their_graph_and_values_keep_their_kind(tmp_path: Path) -> None:
    values = (Literal("x", language="zh-Hans"), Literal(2), THING, Literal("x"))
    quads = [Quad(THING, SKOS.note, value, NOTE) for value in values]
    blank = Quad(THING, SKOS.note, BlankNode(), NOTE)
    facts = book_of(tmp_path, *quads, blank, Quad(THING, RDF.type, DK.Agent, GRAPHS.inferred("note"))).facts(
        THING.value
    )
    assert [fact.value for fact in facts[1:]] == sorted(values, key=order_of)
    assert facts[0] == BookFact(
        THING.value, RDF.type, DK.Agent, GRAPHS.inferred("note").value, "note", is_inferred=True, is_derived=True
    )


def test_things_have_labels_in_each_language_and_no_inferred_kind(tmp_path: Path) -> None:
    inferred = Quad(THING, RDF.type, DK.Agent, GRAPHS.inferred("note"))
    kind = Quad(THING, RDF.type, DK.Company, GRAPHS.things)
    two = [Quad(THING, RDFS.label, Literal(text, language="nb"), GRAPHS.things) for text in ("b", "a")]
    told = book_of(tmp_path, LABEL, inferred, kind, *two).describe([THING.value, "urn:unknown"])
    assert told.keys() == {THING.value}
    assert told[THING.value].labels == {"": "Acme Machines Ltd.", "nb": "a"}
    assert told[THING.value].kinds == (DK.Company.value,)


def test_folder_of_a_book_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "a?b#c%20d"
    folder.mkdir()
    assert found(book_of(folder, LABEL), "acme") == [THING.value]


def test_large_change_gives_what_names_something_of_the_project(tmp_path: Path) -> None:
    graph = NamedNode("http://others.example/graph")
    others = [Quad(NamedNode(f"http://others.example/{n}"), SKOS.exactMatch, THING, graph) for n in range(3)]
    rest = [Quad(NamedNode(f"http://others.example/{n}"), RDFS.label, Literal("x"), graph) for n in range(3)]
    (tmp_path / "added.nq.gz").write_bytes(gzip.compress(sorted_lines([*others, *rest])))
    path = tmp_path / "changed.sqlite"
    added = QuadFile(tmp_path / "added.nq.gz", {graph: 6}, hashes=0)
    update_book(path, book_of(tmp_path, LABEL).path, added, (), NAMES)
    book = Book(path, NAMES)
    assert [thing for thing, _ in book.pointing(THING.value)] == [quad.subject.value for quad in others]
    assert book.rows("SELECT count(*) FROM said") == [(4,)]


def test_values_are_kept_whatever_stands_in_them(tmp_path: Path) -> None:
    texts = ['a "b" <c> .', "a\n<b> <c> <d> .\n", "\\", 'b"^^<c> .', " <d> ", "\r\t\u2028\x85", "极 🎨", ""]
    values = [*map(Literal, texts), Literal(texts[0], language="en-gb"), Literal("1 <2", datatype=DK["x"]), THING]
    places = (GRAPHS.things, DefaultGraph())
    book = book_of(tmp_path, *(Quad(THING, RDFS.comment, value, place) for value in values for place in places))
    facts = [(fact.value, fact.graph) for fact in book.facts(THING.value)]
    assert sorted(facts, key=str) == sorted(((v, g) for v in values for g in ("", GRAPHS.things.value)), key=str)


def test_book_whose_version_is_no_longer_kept_says_so(tmp_path: Path) -> None:
    book = book_of(tmp_path, LABEL)
    book.path.unlink()
    with pytest.raises(Gone, match="no longer kept"):
        book.is_known(THING.value)


def test_book_that_was_never_written_of_a_version_that_is_gone_says_so(tmp_path: Path, workshop: Workshop) -> None:
    lost = replace(workshop.current(), directory=tmp_path / "lost")
    with pytest.raises(Gone, match="no longer kept"):
        open_book(lost)


def test_known_numbers_are_not_asked_for_again_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = book_of(tmp_path, LABEL)
    iris = [f"https://example.org/{number}" for number in range(1500)]
    book.numbers(iris)
    with counted(monkeypatch) as costs:
        assert book.numbers([*iris, "https://example.org/new", THING]) == book.numbers([THING])
    assert len(costs.statements) <= 2


def test_each_thread_reads_for_itself(tmp_path: Path) -> None:
    book = book_of(tmp_path, LABEL)
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(book.is_known, [THING.value] * 40)) == {True}


def test_a_claim_does_as_well_as_the_texts_of_it_that_are_most_like_a_question(tmp_path: Path) -> None:
    def asked(name: str, *texts: str) -> list[Quad]:
        claim, graph = NAMES.claim("brief", name), GRAPHS.document("brief")
        labels = [Quad(claim, SKOS.hiddenLabel, Literal(text, language="en"), graph) for text in texts]
        return [Quad(claim, RDF.type, DK.Claim, graph), *labels]

    near = asked("near", "who runs the harbour", "cranes of the port")
    far = asked("far", "who pays for the railway and who runs it in the end", "harbour")
    book = book_of(tmp_path, *near, *far)
    likeness = book.claims_asked_like(['"runs"', '"harbour"'])
    assert likeness[near[0].subject.value] == 1.0 > likeness[far[0].subject.value] > 0.0
    assert book.claims_asked_like([]) == {}
    assert list(changed(book, removed=tuple(near)).claims_asked_like(['"runs"'])) == [far[0].subject.value]


def test_a_claim_is_found_by_the_words_that_its_passage_has(tmp_path: Path) -> None:
    claim = NAMES.claim("note", "sea")
    said = {RDF.type: DK.Claim, DK.cue: Literal("indispensable")}
    quads = [Quad(claim, prop, value, GRAPHS.document("note")) for prop, value in said.items()]
    assert list(book_of(tmp_path, *quads).claims_asked_like(['"indispensable"'])) == [claim.value]
