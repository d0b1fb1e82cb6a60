"""Tables with typed columns as CSV, Excel and Parquet files."""

from digitech_kg.tables.csv_files import to_csv
from digitech_kg.tables.excel import to_xlsx
from digitech_kg.tables.model import Column, ColumnType, Table, Value, make_table, python_value
from digitech_kg.tables.parquet import to_parquet

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
]
