"""Networks, maps, Parquet files and mapping files hold what the graph says, as libraries of others read them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import networkx
import pytest
import shapely
from pyoxigraph import RdfFormat, parse

from bundled import PREFIXES
from conftest import ROOT, Workshop
from digitech_kg.api import Graph, Rows
from digitech_kg.exports import KeptFiles, export_dataset
from digitech_kg.exports.content import Content, read_content
from digitech_kg.parts.more_exports import PART
from digitech_kg.parts.more_exports.geojson import geojson
from digitech_kg.parts.more_exports.graphml import graphml
from digitech_kg.snapshot import Snapshot, SnapshotRepository
from publishing import publish_quads
from reserved_claims import ID as OWN
from reserved_claims import NAMES, PAINT, PLAIN, RESERVED, iris, store_with

ID = PREFIXES["id"]
FORMATS = [download.name for download in PART.downloads]


@pytest.fixture(scope="module")
def files(snapshot: Snapshot) -> Callable[[str], bytes]:
    """Give a download by name, each written once, for the server too."""
    kept = KeptFiles(snapshot)
    return lambda name: kept.get(name).path.read_bytes()


@pytest.fixture(scope="module")
def content() -> Content:
    return read_content(store_with(*(quad for quads, _ in RESERVED.values() for quad in quads)), NAMES)


def count(graph: Graph, pattern: str) -> int:
    rows = graph.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(rows, Rows)
    return int(rows[0]["n"])


def test_network_has_an_edge_for_each_claim_between_things(files: Callable[[str], bytes], graph: Graph) -> None:
    network = networkx.read_graphml(io.BytesIO(files("graphml")))
    claims = count(graph, "{ SELECT DISTINCT ?c { ?c dk:predicate ?p ; dk:subject ?s ; dk:object ?o } }")
    assert network.number_of_edges() == claims
    assert network.nodes[ID + "huawei"]["label"] == "Huawei"
    edges = [data for _, _, data in network.edges(data=True)]
    assert all("denied" in e["label"] for e in edges if e["denied"])
    assert sum(e["denied"] for e in edges) == count(graph, "?c dk:negated true ; dk:object ?o")
    assert {"probable", "possible"} <= {e.get("certainty") for e in edges}
    assert "prediction" in {e.get("mood") for e in edges}


def test_places_without_known_coordinates_have_no_geometry(files: Callable[[str], bytes], graph: Graph) -> None:
    features = {f["id"]: f for f in json.loads(files("geojson"))["features"]}
    known = graph.query("SELECT ?s { ?c dk:predicate dk:latitude ; dk:subject ?s }")
    assert isinstance(known, Rows)
    assert {ID + "oslo", ID + "china", ID + "norway"} <= set(features)
    with_point = {iri for iri, feature in features.items() if feature["geometry"]}
    assert with_point == {row["s"] for row in known}
    for iri in with_point:
        point = shapely.from_geojson(json.dumps(features[iri]["geometry"]))
        assert -180 <= point.x <= 180
        assert -90 <= point.y <= 90
        assert features[iri]["properties"]["coordinatesFrom"]


def test_mapping_files_come_back_byte_for_byte(files: Callable[[str], bytes]) -> None:
    archive = zipfile.ZipFile(io.BytesIO(files("sssom")))
    curated = {path.name: path.read_bytes() for path in (ROOT / "data/links").glob("*.sssom.tsv")}
    assert {name: archive.read(name) for name in archive.namelist()} == curated
    assert len(curated) >= 6


def test_network_says_plainly_what_is_derived_and_nothing_else(files: Callable[[str], bytes], graph: Graph) -> None:
    rows = graph.query("SELECT ?claim { ?axiom a owl:Axiom ; dk:evidence ?claim }")
    assert isinstance(rows, Rows)
    derived = {row["claim"] for row in rows}
    edges = networkx.read_graphml(io.BytesIO(files("graphml"))).edges(data=True)
    related = {edge["claim"] for _, _, edge in edges}
    assert derived & related == {edge["claim"] for _, _, edge in edges if edge["is_plain_statement"]}


def test_every_axis_is_an_attribute_of_edges(content: Content) -> None:
    network = networkx.read_graphml(io.BytesIO(graphml(content)))
    edge = network.edges[OWN + "star", OWN + "oslo", NAMES.claim("one", "star-in-oslo").value]
    assert edge["certainty"] == "dk:probable"
    assert edge["label"] == "called at (dk:probable)"


def test_network_marks_what_is_plain(content: Content) -> None:
    network = networkx.read_graphml(io.BytesIO(graphml(content)))
    edges = list(network.edges(data=True))
    assert {target for _, target, data in edges if data["is_plain_statement"]} == iris(PLAIN)
    assert [target for _, target, data in edges if data["denied"]] == [PAINT.value]
    assert all("(" not in data["label"] for _, _, data in edges if data["is_plain_statement"])


def test_places_have_the_coordinates_of_their_source(content: Content) -> None:
    assert b'"coordinatesFrom": "The register"' in geojson(content)
    assert b"10.7" in geojson(content)


def test_parquet_files_are_the_tables(files: Callable[[str], bytes], tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(files("parquet"))).extractall(tmp_path)
    with zipfile.ZipFile(io.BytesIO(files("csv"))) as archive:
        tables = {name.removesuffix(".csv") for name in archive.namelist() if name.endswith(".csv")}
    assert {path.stem for path in tmp_path.iterdir()} == tables
    with duckdb.connect() as connection:
        found = connection.read_parquet(str(tmp_path / "claims.parquet"))
        assert {"claim", "denied", "certainty"} <= set(found.columns)


@pytest.mark.parametrize("name", FORMATS)
def test_equal_snapshots_give_equal_files(name: str, built_workshop: Workshop) -> None:
    exported = built_workshop.current()
    assert export_dataset(exported, name) == export_dataset(exported, name)


@pytest.mark.parametrize("name", FORMATS)
def test_any_dataset_can_be_exported(name: str, tmp_path: Path) -> None:
    """A server of somebody's own data may have claims and links by halves."""
    data = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    data += """
        claim:c a dk:ExternalClaim ; dk:predicate "no IRI" ; dk:subject _:place . _:place a dk:Place .
        graph:links { mappings:m a sssom:MappingSet ; sssom:mappings [] }
    """
    published = publish_quads(parse(data, RdfFormat.TRIG), SnapshotRepository(tmp_path))
    assert export_dataset(published, name)
