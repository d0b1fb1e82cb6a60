"""The dataset in schema.org's terms, for search engines.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from digitech_kg.description.metadata import Metadata
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.namespaces import Namespaces


def dataset_markup(
    metadata: Metadata, names: Namespaces, *, root: str, sizes: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return the JSON-LD document that describes the dataset as it is served at `root`.

    `sizes` gives bytes of downloads by name, as far as they are known; None means that there are no downloads.
    """
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
    if sizes is not None:
        found["distribution"] = [
            {
                "@type": "DataDownload",
                "name": download.title,
                "contentUrl": f"{root}/download/{download.file_name(names)}",
                "encodingFormat": download.content_type.split(";")[0],
                **({"contentSize": f"{sizes[name]} B"} if name in sizes else {}),
            }
            for name, download in DOWNLOADS.items()
        ]
    return {key: value for key, value in found.items() if value not in ("", [])}
