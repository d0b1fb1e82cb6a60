"""Notes on what is told: for readers of each language of the site."""

from collections import Counter, defaultdict

import pytest
from pyoxigraph import Literal, NamedNode

from bundled import GRAPHS
from conftest import Server
from digitech_kg.namespaces import DCTERMS, DK, RDFS, SKOS
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.triple_store import open_read_only
from reading import HTML, words

CLAIM = "/page/claim/wang-yi-speech-2020/china-does-not-take-data-from-companies-abroad"


@pytest.mark.parametrize(
    "prop",
    [
        *(RDFS.comment, SKOS.scopeNote, SKOS.editorialNote, SKOS.definition, DCTERMS.rights),
        *(DK.otherReading, DK.openPoint, DK.positionReason, DK.readingNote),
    ],
    ids=lambda prop: prop.value.rpartition("/")[2],
)
def test_each_stands_in_english_and_in_norwegian(snapshot: Snapshot, prop: NamedNode) -> None:
    found = defaultdict[str, Counter[str]](Counter)
    for quad in open_read_only(snapshot.store).quads_for_pattern(None, prop, None, None):
        if isinstance(quad.object, Literal) and quad.graph_name not in (GRAPHS.ontology, GRAPHS.catalog):
            found[str(quad.subject)][quad.object.language or ""] += 1
    assert found
    assert {subject: texts for subject, texts in found.items() if texts["en"] != texts["nb"]} == {}


@pytest.mark.parametrize(
    ("language", "told", "untold"), [("en", "It is Chinese", "Det er kin"), ("nb", "Det er kin", "It is Chinese")]
)
def test_page_shows_those_of_its_language_alone(server: Server, language: str, told: str, untold: str) -> None:
    page = server.get(f"{CLAIM}?lang={language}", headers=HTML).text
    put = words(page.partition('id="put"')[2].partition("</section>")[0])
    readings = {"en": "Copies differ", "nb": "Gjengivelsene er uenige"}
    own = readings.pop(language)
    assert told in put and own in put
    assert untold not in put and readings.popitem()[1] not in put
