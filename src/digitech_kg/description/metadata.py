"""What a dataset says of itself as a whole, for pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, SKOS, Namespaces

_Value = NamedNode | Literal


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
    known: dict[tuple[str, NamedNode], set[_Value]] = defaultdict(set)
    for fact in facts:
        if isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal):
            known[fact.subject.value, fact.predicate].add(fact.object)
    this = names.dataset.value

    def all_of(prop: NamedNode, subject: str = this) -> list[_Value]:
        return sorted(known[subject, prop], key=lambda value: (getattr(value, "language", None) != "en", str(value)))

    def text(prop: NamedNode, subject: str = this) -> str:
        return next((value.value for value in all_of(prop, subject)), "")

    def name_of(prop: NamedNode) -> str:
        agent = text(prop)
        return text(FOAF.name, agent) or agent

    def by_language(prop: NamedNode) -> dict[str, str]:
        return {v.language or "": v.value for v in all_of(prop) if isinstance(v, Literal)}

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
        titles=by_language(DCTERMS.title),
        descriptions=by_language(DCTERMS.description),
        short_titles=by_language(DCTERMS.alternative),
        example=text(SKOS.example),
        notes=by_language(SKOS.editorialNote),
    )
