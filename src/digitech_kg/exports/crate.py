"""The dataset as a research object: files with a description that tools for archives read.

Source: RO-Crate 1.1, https://www.researchobject.org/ro-crate/specification/1.1/
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from digitech_kg.description import Metadata
from digitech_kg.downloads import DOWNLOADS, Download
from digitech_kg.exports.archives import zip_of
from digitech_kg.namespaces import Namespaces

#: What goes into the crate, by the names of the formats.
CRATE_PARTS = ("trig", "ontology", "csv", "geojson", "sssom")


def crate(files: Mapping[str, bytes], metadata: Metadata, names: Namespaces) -> bytes:
    """Return a zip file with `ro-crate-metadata.json` and these files, given by the names of their formats."""
    held = {DOWNLOADS[name].file_name(names): (DOWNLOADS[name], body) for name, body in files.items()}
    described = json.dumps(_metadata(held, metadata), ensure_ascii=False, indent=2) + "\n"
    content = {file: body for file, (_, body) in held.items()}
    return zip_of({"ro-crate-metadata.json": described.encode(), **content})


def _metadata(held: Mapping[str, tuple[Download, bytes]], metadata: Metadata) -> dict[str, Any]:
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "identifier": metadata.iri,
        "name": metadata.title,
        "description": metadata.description or metadata.title,
        "datePublished": metadata.issued or metadata.created[:10],
        "version": metadata.version or metadata.snapshot,
        "hasPart": [{"@id": file} for file in held],
    }
    entities = list(_agents(root, metadata))
    if metadata.license:
        root["license"] = {"@id": metadata.license}
        entities.append(_work(metadata.license))
    if metadata.derived_from:
        root["isBasedOn"] = [{"@id": iri} for iri in metadata.derived_from]
        entities += map(_work, metadata.derived_from)
    entities += (_file(file, part, body) for file, (part, body) in held.items())
    entities += map(_work, sorted({part.conforms_to for part, _ in held.values() if part.conforms_to}))
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": [about, root, *entities]}


def _agents(root: dict[str, Any], metadata: Metadata) -> Iterator[dict[str, Any]]:
    for role in ("creator", "publisher"):
        if name := getattr(metadata, role):
            root[role] = {"@id": f"#{role}"}
            yield {"@id": f"#{role}", "@type": "Organization", "name": name}


def _work(iri: str) -> dict[str, Any]:
    return {"@id": iri, "@type": "CreativeWork", "name": iri}


def _file(name: str, part: Download, body: bytes) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": part.title,
        "encodingFormat": part.content_type.split(";")[0],
        "contentSize": str(len(body)),
        **({"conformsTo": {"@id": part.conforms_to}} if part.conforms_to else {}),
    }
