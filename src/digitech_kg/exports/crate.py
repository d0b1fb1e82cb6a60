"""The dataset as a research object: files with a description that tools for archives read.

Source: RO-Crate 1.1, https://www.researchobject.org/ro-crate/specification/1.1/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from digitech_kg.description import Metadata
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.exports.archives import zip_of

#: What goes into the crate, by the names of the formats.
CRATE_PARTS = ("trig", "ontology", "csv", "geojson", "sssom")


def crate(files: Mapping[str, bytes], metadata: Metadata) -> bytes:
    """Give a zip file with `ro-crate-metadata.json` and these files, given by the names of their formats."""
    described = json.dumps(_metadata(files, metadata), ensure_ascii=False, indent=2) + "\n"
    content = {DOWNLOADS[name].file: body for name, body in files.items()}
    return zip_of({"ro-crate-metadata.json": described.encode(), **content})


def _metadata(files: Mapping[str, bytes], metadata: Metadata) -> dict[str, Any]:
    parts = [DOWNLOADS[name] for name in files]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": metadata.iri,
        "name": metadata.title,
        "description": metadata.description or metadata.title,
        "datePublished": metadata.issued or metadata.created[:10],
        "version": metadata.version or metadata.snapshot,
        "hasPart": [{"@id": part.file} for part in parts],
    }
    entities: list[dict[str, Any]] = []
    if metadata.license:
        root["license"] = {"@id": metadata.license}
        entities.append({"@id": metadata.license, "@type": "CreativeWork", "name": metadata.license})
    if metadata.creator:
        root["creator"] = {"@id": "#creator"}
        entities.append({"@id": "#creator", "@type": "Organization", "name": metadata.creator})
    if metadata.derived_from:
        root["isBasedOn"] = [{"@id": iri} for iri in metadata.derived_from]
        entities += [{"@id": iri, "@type": "CreativeWork", "name": iri} for iri in metadata.derived_from]
    entities += [
        {
            "@id": part.file,
            "@type": "File",
            "name": part.title,
            "encodingFormat": part.content_type.split(";")[0],
            "contentSize": str(len(files[part.name])),
            **({"conformsTo": {"@id": part.conforms_to}} if part.conforms_to else {}),
        }
        for part in parts
    ]
    entities += [
        {"@id": iri, "@type": "CreativeWork", "name": iri}
        for iri in sorted({part.conforms_to for part in parts if part.conforms_to})
    ]
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *entities]}
