"""What a dataset says of itself as a whole, for the descriptions that go along with files."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Store

from digitech_kg.namespaces import BASE, DCAT, DCTERMS, PROV
from digitech_kg.snapshot import Manifest

_DATASET = NamedNode(BASE + "dataset")


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, licence and so on; "" for what is not given. `created` is when the snapshot was built, in ISO 8601."""

    iri: str
    title: str
    description: str
    license: str
    creator: str
    version: str
    snapshot: str
    issued: str
    created: str
    derived_from: tuple[str, ...]


def read_metadata(store: Store, manifest: Manifest) -> Metadata:
    """Read the description of the dataset from its store and manifest."""

    def all_of(prop: NamedNode) -> list[NamedNode | Literal]:
        quads = store.quads_for_pattern(_DATASET, prop, None, None)
        found = {quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)}
        return sorted(found, key=lambda value: (getattr(value, "language", None) != "en", str(value)))

    def text(prop: NamedNode) -> str:
        return next((value.value for value in all_of(prop)), "")

    return Metadata(
        iri=_DATASET.value,
        title=text(DCTERMS.title) or "Dataset",
        description=text(DCTERMS.description),
        license=text(DCTERMS.license),
        creator=text(DCTERMS.creator),
        version=text(DCAT.version),
        snapshot=manifest.version,
        issued=text(DCTERMS.issued),
        created=manifest.created,
        derived_from=tuple(value.value for value in all_of(PROV.wasDerivedFrom)),
    )
