"""Tables as CSV in UTF-8."""

from __future__ import annotations

import csv
import io

from digitech_kg.tables.model import Table, written

#: Programs for spreadsheets take a text that begins with one of these for a formula.
#: https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def to_csv(table: Table) -> bytes:
    """Return a table as CSV in UTF-8 (RFC 4180).

    A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_harmless(column.name) for column in table.columns)
    for row in table.rows:
        writer.writerow(_harmless(value) if isinstance(value, str) else written(value) for value in row)
    return out.getvalue().encode()


def _harmless(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text
