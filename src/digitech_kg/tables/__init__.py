"""Tables with typed columns as CSV, Excel and Parquet files."""

from digitech_kg.tables.files import to_csv, to_parquet, to_xlsx, zip_of
from digitech_kg.tables.model import Column, ColumnType, Table, Value, make_table, python_value

__all__ = [
    "Column",
    "ColumnType",
    "Table",
    "Value",
    "make_table",
    "python_value",
    "to_csv",
    "to_parquet",
    "to_xlsx",
    "zip_of",
]
