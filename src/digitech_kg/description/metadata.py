"""What a dataset says of itself as a whole, for files, pages and search engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.hooks import downloads_of
from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, PROV, SKOS, VOID, Namespaces

_Value = NamedNode | Literal
_CITATION = DCTERMS.bibliographicCitation


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, licence and so on, in English where there is a choice; "" for what is not given."""

    iri: str
    title: str
    description: str
    license: str
    creator: str
    publisher: str
    contact: str
    #: How the dataset wants to be cited, if it says so in a sentence of its own.
    citation: str
    version: str
    #: Name of the snapshot, and when it was built, in ISO 8601.
    snapshot: str
    created: str
    issued: str
    triples: str
    derived_from: tuple[str, ...]
    keywords: tuple[str, ...]
    #: The languages of labels.
    languages: tuple[str, ...]
    #: Title and description by language tag as it is stored, in small letters.
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    #: A short title for where there is little room, by language tag.
    short_titles: Mapping[str, str] = field(default_factory=dict)
    #: The IRI of what shows best what there is, such as an issue; "" if nothing is named.
    example: str = ""
    #: What readers of it must know, by language tag.
    notes: Mapping[str, str] = field(default_factory=dict)


def metadata_of(facts: Iterable[Quad | Triple], names: Namespaces, *, snapshot: str, created: str) -> Metadata:
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
        iri=this,
        title=text(DCTERMS.title) or "Dataset",
        description=text(DCTERMS.description),
        license=text(DCTERMS.license),
        creator=name_of(DCTERMS.creator),
        publisher=name_of(DCTERMS.publisher),
        contact=text(DCAT.contactPoint),
        citation=text(_CITATION),
        version=text(DCAT.version),
        snapshot=snapshot,
        created=created,
        issued=text(DCTERMS.issued),
        triples=text(VOID.triples),
        derived_from=tuple(value.value for value in all_of(PROV.wasDerivedFrom)),
        keywords=tuple(v.value for v in all_of(DCAT.keyword) if getattr(v, "language", None) in ("en", None)),
        languages=names.languages,
        titles=by_language(DCTERMS.title),
        descriptions=by_language(DCTERMS.description),
        short_titles=by_language(DCTERMS.alternative),
        example=text(SKOS.example),
        notes=by_language(SKOS.editorialNote),
    )


def dataset_markup(metadata: Metadata, names: Namespaces, *, root: str, has_files: bool = True) -> dict[str, Any]:
    """Return the JSON-LD document that describes the dataset as it is served at `root`, with its downloads if any."""
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": metadata.iri,
        "name": metadata.title,
        "description": metadata.description or metadata.title,
        "url": root + "/",
        "identifier": metadata.iri,
        "version": metadata.version or metadata.snapshot,
        "dateModified": metadata.created[:10],
        "isAccessibleForFree": True,
        "inLanguage": list(metadata.languages),
        "keywords": list(metadata.keywords),
        "license": metadata.license,
        "datePublished": metadata.issued,
        "isBasedOn": list(metadata.derived_from),
    }
    for role in ("creator", "publisher"):
        if name := getattr(metadata, role):
            found[role] = {"@type": "Organization", "name": name}
    if metadata.triples:
        found["size"] = f"{int(metadata.triples):,} triples"
    if has_files:
        found["distribution"] = [
            {
                "@type": "DataDownload",
                "name": download.title,
                "contentUrl": f"{root}/download/{download.file_name(names)}",
                "encodingFormat": download.content_type.split(";")[0],
            }
            for download in downloads_of(names).values()
        ]
    return {key: value for key, value in found.items() if value not in ("", [])}
