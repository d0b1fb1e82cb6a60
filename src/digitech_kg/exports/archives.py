"""Files of several parts: tables as a data package, Parquet files or a workbook, mapping files.

Source: Tabular Data Package, https://specs.frictionlessdata.io/tabular-data-package/
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from digitech_kg.description import Metadata
from digitech_kg.downloads import DOWNLOADS
from digitech_kg.exports.content import Content
from digitech_kg.mappings import mapping_sets
from digitech_kg.namespaces import Namespaces
from digitech_kg.tables import Table, to_csv, to_parquet, to_xlsx

#: The earliest day that a zip file can give.
_DAY = (1980, 1, 1, 0, 0, 0)


def zip_of(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these contents by name, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


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


def sssom_files(content: Content) -> dict[str, bytes]:
    """Return the text of each mapping file by its name."""
    # The library behind it takes long to load, and most commands write no such file.
    from digitech_kg.mappings.sssom import write_mapping_set

    found = mapping_sets(content.links)
    return {f"{s.name.replace('/', '-')}.sssom.tsv": write_mapping_set(s, content.names).encode() for s in found}


def sssom_archive(content: Content) -> bytes:
    """Return the mapping files in one zip file."""
    return zip_of(sssom_files(content))
