"""The CSV tables described for machine learning.

Source: Croissant 1.0, https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from digitech_kg.description import Metadata
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.namespaces import BASE
from digitech_kg.tables import Column, ColumnType, Table

#: Terms of the context that the specification gives for every description, all in Croissant's namespace.
_TERMS = (
    "arrayShape", "citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty", "fileSet",
    "format", "includes", "isArray", "isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet",
    "references", "regex", "repeated", "replace", "samplingRate", "separator", "source", "subField", "transform",
)  # fmt: skip
_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _TERMS},
}
_TYPES = {
    ColumnType.TEXT: "sc:Text",
    ColumnType.INTEGER: "sc:Integer",
    ColumnType.NUMBER: "sc:Float",
    ColumnType.BOOLEAN: "sc:Boolean",
    ColumnType.DATE: "sc:Date",
    ColumnType.TIME: "sc:DateTime",
}


def croissant(tables: Sequence[Table], archive: bytes, metadata: Metadata) -> bytes:
    """Give the description of `tables` as they are in `archive`, the zip file of CSV files."""
    told: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": metadata.title,
        "description": metadata.description or metadata.title,
        "conformsTo": DOWNLOADS["croissant"].conforms_to,
        "url": metadata.iri,
        "version": _semantic(metadata.version),
        "datePublished": metadata.issued or metadata.created[:10],
        "isLiveDataset": False,
        "citeAs": ". ".join(part for part in (metadata.creator, metadata.title, metadata.iri) if part),
    }
    if metadata.license:
        told["license"] = metadata.license
    if metadata.creator:
        told["creator"] = {"@type": "sc:Organization", "name": metadata.creator}
    filled = [table for table in tables if table.rows]
    told["distribution"] = list(_files(filled, archive))
    told["recordSet"] = [_records(table) for table in filled]
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _semantic(version: str) -> str:
    """Three numbers, as the specification asks for."""
    return version if version.count(".") == 2 else "0.0.0"


def _files(tables: Sequence[Table], archive: bytes) -> Iterator[dict[str, Any]]:
    whole = DOWNLOADS["csv"]
    yield {
        "@type": "cr:FileObject",
        "@id": whole.file,
        "name": whole.file,
        "description": whole.title,
        "contentUrl": f"{BASE}download/{whole.file}",
        "contentSize": f"{len(archive)} B",
        "encodingFormat": whole.package,
        "sha256": hashlib.sha256(archive).hexdigest(),
    }
    for table in tables:
        yield {
            "@type": "cr:FileObject",
            "@id": f"{table.name}.csv",
            "name": f"{table.name}.csv",
            "description": table.description,
            "containedIn": {"@id": whole.file},
            "contentUrl": f"{table.name}.csv",
            "encodingFormat": "text/csv",
        }


def _records(table: Table) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": f"{table.name}/{column.name}",
        "description": column.description or column.name.replace("_", " "),
        "dataType": _TYPES[column.type],
        "source": {"fileObject": {"@id": f"{table.name}.csv"}, "extract": {"column": column.name}},
    }
