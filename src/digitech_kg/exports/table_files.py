"""The tables as files: CSV with a data package's description, Parquet, or one Excel workbook.

Source: Tabular Data Package, https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from digitech_kg.description import Metadata
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.exports.archives import zip_of
from digitech_kg.namespaces import Namespaces
from digitech_kg.tables import Table, to_csv, to_parquet, to_xlsx


def csv_archive(tables: Sequence[Table], metadata: Metadata, names: Namespaces) -> bytes:
    """Return a zip file with a CSV file for each table, and `datapackage.json` that describes them."""
    package = json.dumps(_data_package(tables, metadata, names), ensure_ascii=False, indent=2) + "\n"
    files = {f"{table.name}.csv": to_csv(table) for table in tables}
    return zip_of({"datapackage.json": package.encode(), **files})


def _data_package(tables: Sequence[Table], metadata: Metadata, names: Namespaces) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": DOWNLOADS["csv"].file_name(names).removesuffix("-csv.zip").lower(),
        "id": metadata.iri,
        "title": metadata.title,
        "description": metadata.description,
        "version": metadata.version,
        "created": metadata.created,
        "licenses": [{"path": metadata.license}] if metadata.license else [],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": table.name.replace("_", "-"),
                "path": f"{table.name}.csv",
                "description": table.description,
                "encoding": "utf-8",
                "schema": {"fields": _fields(table), "missingValues": [""]},
            }
            for table in tables
        ],
    }


def _fields(table: Table) -> list[dict[str, str]]:
    return [
        {"name": c.name, "type": c.type.value, **({"description": c.description} if c.description else {})}
        for c in table.columns
    ]


def parquet_archive(tables: Sequence[Table]) -> bytes:
    """Return a zip file with a Parquet file for each table."""
    return zip_of({f"{table.name}.parquet": to_parquet(table) for table in tables})


def workbook(tables: Sequence[Table], metadata: Metadata) -> bytes:
    """Return an Excel workbook with a sheet for each table."""
    return to_xlsx(tables, created=datetime.fromisoformat(metadata.created))
