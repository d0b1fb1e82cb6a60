"""What things are called, in the languages of a project."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from digitech_kg.claims.labels import choose_text
from digitech_kg.namespaces import DCTERMS, DK, RDFS, XSD, Namespaces
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader
from stored_site import StoredService, open_site

NAMES = Namespaces("https://example.org/kg/", (), ("en",), ("nb", "zh-hans"))
NORWAY = NAMES.thing("norway")


@pytest.fixture
def reader() -> GraphReader:
    labels = [("Norway", "en"), ("Norge", "nb"), ("挪威", "zh-hans"), ("ノルウェー", "ja")]
    graph = NAMES.graphs.things
    store = Store()
    store.extend(Quad(NORWAY, RDFS.label, Literal(text, language=tag), graph) for text, tag in labels)
    store.add(Quad(NAMES.thing("report"), DCTERMS.title, Literal("A report", language="en"), graph))
    return GraphReader(StoredService(store, NAMES), "en")


@pytest.fixture(autouse=True)
def request_context(reader: GraphReader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Addresses of pages are those of an application."""
    service = reader.service
    assert isinstance(service, StoredService)
    with open_site(tmp_path_factory.mktemp("site"), service).test_request_context():
        yield


def test_name_in_another_script_stands_beside_that_of_the_reader(reader: GraphReader) -> None:
    labels = Labels(replace(reader, language="nb"), [NORWAY.value])
    name = labels.name(NORWAY.value)
    assert (name.text, name.language) == ("Norge", "")
    assert labels.in_another_script(NORWAY.value) == ("zh-hans", "挪威")


def test_reader_of_another_language_gets_the_projects_first_one_and_is_told(reader: GraphReader) -> None:
    name = Labels(replace(reader, language="fr"), [NORWAY.value]).name(NORWAY.value)
    assert (name.text, name.language) == ("Norway", "en")


@pytest.mark.parametrize(
    ("question", "names_it"),
    [
        ("Does Norway pay?", True),
        ("Betaler Norge?", True),
        ("Do Norwegians pay?", False),
        ("Er norgesprisen lav?", False),
    ],
)
def test_a_text_names_a_thing_by_whole_words_of_any_language(
    question: str, names_it: bool, reader: GraphReader
) -> None:
    assert Labels(reader, [NORWAY.value]).is_named_in([question], NORWAY.value) == names_it


def test_document_without_a_label_is_called_by_its_title(reader: GraphReader) -> None:
    report = NAMES.thing("report").value
    assert Labels(reader, [report]).name(report).text == "A report"


def test_document_is_called_by_its_short_name_in_the_language_of_the_reader(reader: GraphReader) -> None:
    brief = NAMES.thing("brief")
    store = Store()
    for prop, text, tag in (
        (RDFS.label, "Brief on all", "en"),
        (DK.shortName, "Brief", "en"),
        (DK.shortName, "Notat", "nb"),
    ):
        store.add(Quad(brief, prop, Literal(text, language=tag), NAMES.graphs.things))
    told = [GraphReader(StoredService(store, NAMES), tag) for tag in ("en", "nb")]
    assert [Labels(each, [brief.value]).name(brief.value).text for each in told] == ["Brief", "Notat"]


def test_thing_without_a_name_is_called_by_its_short_iri(reader: GraphReader) -> None:
    nobody = NAMES.thing("nobody").value
    labels = Labels(reader, [nobody])
    assert labels.name(nobody).text == "id:nobody"
    assert not labels.is_known(nobody)


@pytest.mark.parametrize(
    ("term", "text", "note"),
    [
        (Literal("5", datatype=XSD.integer), "5", ""),
        (Literal("2020", datatype=XSD.gYear), "2020", ""),
        (Literal("x", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#token")), "x", "xsd:token"),
    ],
)
def test_value_says_its_datatype_where_it_is_not_evident(
    reader: GraphReader, term: Literal, text: str, note: str
) -> None:
    value = Labels(reader, []).value(term)
    assert (value.text, value.note) == (text, note)


@pytest.mark.parametrize(
    ("texts", "chosen"),
    [
        ({"nb": "ting", "en": "thing"}, ("en", "thing")),
        ({"nb": "ting", "en-gb": "thing"}, ("en-gb", "thing")),
        ({"de": "Ding", "": "thing"}, ("", "thing")),
        ({"de": "Ding"}, ("de", "Ding")),
        ({}, None),
    ],
)
def test_best_text_is_chosen(texts: dict[str, str], chosen: tuple[str, str] | None) -> None:
    assert choose_text(texts, ["en", "nb"]) == chosen


def test_texts_are_shown_in_the_language_of_the_reader_or_marked(reader: GraphReader) -> None:
    english, norwegian, code = Literal("A", language="en"), Literal("Æ", language="nb"), Literal("7")
    labels = Labels(replace(reader, language="nb"), [])
    assert labels.in_one_language([english, norwegian, code]) == [norwegian, code]
    assert labels.in_one_language([english, code]) == [english, code]
    assert (labels.value(norwegian).language, labels.value(english).language) == ("", "en")
