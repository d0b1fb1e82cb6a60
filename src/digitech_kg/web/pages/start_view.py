"""What the start page offers: documents, sectors with companies, concerns by area, recommendations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.documents import DocumentEntry, list_document_names, list_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, Row, iris_of, text_of

Groups = tuple[tuple[Name, tuple[Name, ...]], ...]


@dataclass(frozen=True)
class StartView:
    """The ways into the graph."""

    documents: tuple[DocumentEntry, ...]
    sectors: Groups
    concerns: Groups
    #: By document.
    recommendations: Groups


def view_start(reader: GraphReader, language: str) -> StartView:
    """Read what the start page shows; a dataset without sectors, concerns and so on gives empty groups."""
    sectors, concerns = reader.rows(browse_queries.SECTORS), reader.rows(browse_queries.CONCERNS)
    advice = reader.rows(browse_queries.RECOMMENDATIONS)
    documents = list_document_names(reader).values()
    labels = Labels(reader, language, {*documents, *iris_of([*sectors, *concerns, *advice])})
    return StartView(
        list_documents(reader, language),
        _group(sectors, "sector", "company", labels),
        _group(concerns, "area", "concern", labels),
        _recommendations(reader, advice, labels),
    )


def _group(rows: list[Row], head: str, member: str, labels: Labels) -> Groups:
    groups: dict[Name, dict[Name, None]] = defaultdict(dict)
    for row in rows:
        groups[labels.name(text_of(row, head))][labels.name(text_of(row, member))] = None
    return tuple((name, tuple(sorted(members, key=lambda n: n.text.casefold()))) for name, members in groups.items())


def _recommendations(reader: GraphReader, rows: list[Row], labels: Labels) -> Groups:
    """Return the recommendations of each document in their order there."""
    documents, groups = list_document_names(reader), defaultdict[Name, dict[Name, None]](dict)
    for row in rows:
        graph = row["graph"]
        document = reader.names.graphs.document_of(graph) if isinstance(graph, NamedNode) else None
        if document in documents:
            groups[labels.name(documents[document])][labels.name(text_of(row, "recommendation"))] = None
    return tuple((name, tuple(members)) for name, members in groups.items())
