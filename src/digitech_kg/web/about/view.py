"""What `/about` shows: the dataset's description, its versions, and counts, all read from the snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version

from digitech_kg.namespaces import PREFIXES
from digitech_kg.snapshot import Manifest
from digitech_kg.web.about import queries as about_queries
from digitech_kg.web.reading.names import Name, Names
from digitech_kg.web.reading.reader import GraphReader, Row

#: Graphs of a project and of every build; all others are documents or sources.
_KNOWN = ("ontology", "links", "statements", "evidence", "inferred", "catalog")


@dataclass(frozen=True)
class DatasetFacts:
    """The dataset as its own description has it; what that leaves out is empty."""

    title: str = ""
    description: str = ""
    licence: str = ""
    creator: str = ""
    issued: str = ""
    version: str = ""
    #: The language of the description where it is not the reader's.
    language: str = ""


@dataclass(frozen=True, slots=True)
class GraphRow:
    """A named graph: its name after `graph/`, what kind it is, its size, and the source that fills it."""

    name: str
    kind: str
    quads: int
    source: Name | None = None
    licence: str = ""
    rights: str = ""
    retrieved: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of what, and how many of them the text denies."""

    name: Name
    count: int
    denied: int = 0


@dataclass(frozen=True, slots=True)
class Linked:
    """Another dataset that things here are linked to."""

    title: str
    home: str
    licence: str
    links: int


@dataclass(frozen=True)
class AboutView:
    """All that the page shows of the graph; `coverage` maps claimed, described, repeating, uncovered to passages."""

    dataset: DatasetFacts
    manifest: Manifest
    program_version: str
    ontology_version: str
    documents: tuple[Name, ...]
    graphs: tuple[GraphRow, ...]
    certainties: tuple[Counted, ...]
    kinds: tuple[Counted, ...]
    coverage: dict[str, int]
    linked: tuple[Linked, ...]

    @property
    def claims(self) -> int:
        """The number of claims taken from documents."""
        return sum(row.count for row in self.certainties)

    @property
    def passages(self) -> int:
        """The number of sentences and cells."""
        return sum(self.coverage.values())


def view_about(reader: GraphReader, manifest: Manifest, language: str) -> AboutView:
    """Read what the page shows; a dataset without description, claims and so on gives empty parts."""
    documents, sources = reader.rows(about_queries.DOCUMENTS), reader.rows(about_queries.SOURCES)
    certainties, kinds = reader.rows(about_queries.CERTAINTIES), reader.rows(about_queries.KINDS)
    rows = [*documents, *sources, *certainties, *kinds]
    names = Names(reader, language, {term.value for row in rows for term in row.values() if term.kind == "uri"})
    versions = reader.rows(about_queries.ONTOLOGY_VERSION)
    return AboutView(
        read_dataset(reader, language),
        manifest,
        version("digitech-kg"),
        versions[0]["version"].value if versions else "",
        tuple(names.name(row["document"].value) for row in documents),
        _graphs(manifest, sources, names),
        tuple(_counted(row, "certainty", "claims", names) for row in certainties if "certainty" in row),
        tuple(_counted(row, "kind", "members", names) for row in kinds),
        {row["how"].value: int(row["passages"].value) for row in reader.rows(about_queries.COVERAGE) if "how" in row},
        tuple(_linked(row) for row in reader.rows(about_queries.LINKED) if "title" in row),
    )


def read_dataset(reader: GraphReader, language: str) -> DatasetFacts:
    """Give the dataset's own description, each text in the language asked for, else in English."""
    found: dict[str, dict[str, str]] = {}
    for row in reader.rows(about_queries.DATASET):
        value = row["value"]
        found.setdefault(row["property"].value, {}).setdefault(value.language, value.value)

    def text(prefix: str, name: str) -> str:
        texts = found.get(PREFIXES[prefix] + name, {})
        return next((texts[code] for code in (language, "en", "") if code in texts), next(iter(texts.values()), ""))

    return DatasetFacts(
        text("dcterms", "title"),
        text("dcterms", "description"),
        text("dcterms", "license"),
        text("dcterms", "creator"),
        text("dcterms", "issued"),
        text("dcat", "version"),
        "" if language in found.get(PREFIXES["dcterms"] + "description", {}) else "en",
    )


def _graphs(manifest: Manifest, sources: list[Row], names: Names) -> tuple[GraphRow, ...]:
    by_graph = {row["graph"].value: row for row in sources if "graph" in row}
    rows = []
    for iri, quads in sorted(manifest.graphs.items()):
        name, row = iri.removeprefix(PREFIXES["graph"]), by_graph.get(iri, {})
        kind = name if name in _KNOWN else "source" if name.startswith("external/") else "document"
        rows.append(
            GraphRow(
                name,
                "default" if iri == "DEFAULT" else kind,
                quads,
                names.name(row["source"].value) if "source" in row else None,
                *(row[key].value if key in row else "" for key in ("licence", "rights", "retrieved")),
            )
        )
    return tuple(rows)


def _counted(row: Row, thing: str, count: str, names: Names) -> Counted:
    denied = int(row["denials"].value) if "denials" in row else 0
    return Counted(names.name(row[thing].value), int(row[count].value), denied)


def _linked(row: Row) -> Linked:
    home, licence = (row[key].value if key in row else "" for key in ("home", "licence"))
    return Linked(row["title"].value, home, licence, int(row["links"].value))
