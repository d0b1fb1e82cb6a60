"""What a dataset says of itself as a whole, for files, pages and search engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from digitech_kg.description.census import DATASET
from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, PROV, VOID

_Value = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, licence and so on, in English where there is a choice; "" for what is not given."""

    iri: str
    title: str
    description: str
    license: str
    creator: str
    publisher: str
    version: str
    #: Name of the snapshot, and when it was built, in ISO 8601.
    snapshot: str
    created: str
    issued: str
    triples: str
    derived_from: tuple[str, ...]
    keywords: tuple[str, ...]


def metadata_of(facts: Iterable[Quad | Triple], *, snapshot: str, created: str) -> Metadata:
    """Pick the description of the dataset, and of its publisher, out of any facts."""
    known: dict[tuple[str, NamedNode], set[_Value]] = defaultdict(set)
    for fact in facts:
        if isinstance(fact.subject, NamedNode) and isinstance(fact.object, NamedNode | Literal):
            known[fact.subject.value, fact.predicate].add(fact.object)

    def all_of(prop: NamedNode, subject: str = DATASET.value) -> list[_Value]:
        return sorted(known[subject, prop], key=lambda value: (getattr(value, "language", None) != "en", str(value)))

    def text(prop: NamedNode, subject: str = DATASET.value) -> str:
        return next((value.value for value in all_of(prop, subject)), "")

    publisher = text(DCTERMS.publisher)
    return Metadata(
        iri=DATASET.value,
        title=text(DCTERMS.title) or "Dataset",
        description=text(DCTERMS.description),
        license=text(DCTERMS.license),
        creator=text(DCTERMS.creator),
        publisher=text(FOAF.name, publisher) or publisher,
        version=text(DCAT.version),
        snapshot=snapshot,
        created=created,
        issued=text(DCTERMS.issued),
        triples=text(VOID.triples),
        derived_from=tuple(value.value for value in all_of(PROV.wasDerivedFrom)),
        keywords=tuple(v.value for v in all_of(DCAT.keyword) if getattr(v, "language", None) in ("en", None)),
    )
