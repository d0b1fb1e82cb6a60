"""What a dataset says of itself as a whole, for pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Quad, Triple

from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, SKOS, Namespaces


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, licence and so on, in English where there is a choice; "" for what is not given."""

    title: str
    license: str
    creator: str
    publisher: str
    contact: str
    #: How the dataset wants to be cited, if it says so in a sentence of its own.
    citation: str
    version: str
    #: Name of the snapshot.
    snapshot: str
    issued: str
    #: Title and description by language tag as it is stored, in small letters.
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    #: A short title for where there is little room, by language tag.
    short_titles: Mapping[str, str] = field(default_factory=dict)
    #: The IRI of what shows best what there is, such as an issue; "" if nothing is named.
    example: str = ""
    #: What readers of it must know, by language tag.
    notes: Mapping[str, str] = field(default_factory=dict)


def metadata_of(facts: Iterable[Quad | Triple], names: Namespaces, *, snapshot: str) -> Metadata:
    """Pick the description of the dataset, and of its creator and publisher, out of any facts."""
    view, this = GraphView(sorted(facts, key=str)), names.dataset

    def first(prop: NamedNode) -> Any:
        """Return the value in English, or else any; None if there is none."""
        values = view.values(this, prop)
        return next((v for v in values if getattr(v, "language", None) == "en"), next(iter(values), None))

    def text(prop: NamedNode) -> str:
        return getattr(first(prop), "value", "")

    def name_of(prop: NamedNode) -> str:
        return view.text(first(prop), FOAF.name, ("en", "", *names.languages)) or text(prop)

    return Metadata(
        title=text(DCTERMS.title) or "Dataset",
        license=text(DCTERMS.license),
        creator=name_of(DCTERMS.creator),
        publisher=name_of(DCTERMS.publisher),
        contact=text(DCAT.contactPoint),
        citation=text(DCTERMS.bibliographicCitation),
        version=text(DCAT.version),
        snapshot=snapshot,
        issued=text(DCTERMS.issued),
        titles=view.texts(this, DCTERMS.title),
        descriptions=view.texts(this, DCTERMS.description),
        short_titles=view.texts(this, DCTERMS.alternative),
        example=text(SKOS.example),
        notes=view.texts(this, SKOS.editorialNote),
    )
