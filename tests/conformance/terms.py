"""Solutions and graphs as rows of terms, read by parsers of our own, and whether two of them are the same."""

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree as ET

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

_XSD = "http://www.w3.org/2001/XMLSchema#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_INTEGERS = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedInt")

#: ("iri", value), ("bnode", label) or ("literal", lexical form or value, datatype, language); None if unbound.
Term = tuple[str, ...] | None
Row = tuple[Term, ...]


@dataclass(frozen=True)
class Table:
    """A result: rows in order, or a yes or no. `plain` if its format keeps no types (CSV)."""

    variables: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    boolean: bool | None = None
    plain: bool = False
    #: Whether the order of the rows is part of the result.
    ordered: bool = False
    #: Whether equal rows may be fewer than they are here, as with REDUCED.
    lax: bool = False


def literal(lexical: str, datatype: str = "", language: str = "") -> Term:
    """Give a literal's term. Numbers and booleans count by value and datatype, since engines may store the value."""
    if language:
        return "literal", lexical, "", language.lower()
    datatype = datatype or _XSD + "string"
    return "literal", _canonical(lexical, datatype.removeprefix(_XSD)), datatype, ""


def _canonical(lexical: str, kind: str) -> str:
    try:
        if kind in _INTEGERS:
            return str(int(lexical))
        if kind == "decimal":
            return str(Decimal(lexical).normalize())
        if kind in ("double", "float"):
            return repr(float(lexical))
    except (ValueError, InvalidOperation):
        return lexical
    return {"1": "true", "0": "false"}.get(lexical, lexical) if kind == "boolean" else lexical


def term_of(node: NamedNode | BlankNode | Literal | Triple | None) -> Term:
    """Give the term of an RDF parser's node."""
    if node is None:
        return None
    if isinstance(node, NamedNode):
        return "iri", node.value
    if isinstance(node, BlankNode):
        return "bnode", node.value
    if isinstance(node, Literal):
        return literal(node.value, node.datatype.value, node.language or "")
    return "triple", str(node)


def parse_graph(text: bytes, fmt: RdfFormat, base: str) -> Table:
    """Give a graph as rows of subject, predicate and object, each triple once."""
    rows = {(term_of(t.subject), term_of(t.predicate), term_of(t.object)) for t in parse(text, fmt, base_iri=base)}
    return Table(("s", "p", "o"), tuple(rows))


def parse_json(text: bytes) -> Table:
    """Read SPARQL 1.1 Query Results JSON."""
    document = json.loads(text)
    if "boolean" in document:
        return Table(boolean=document["boolean"])
    names = tuple(document["head"].get("vars", ()))
    rows = [tuple(_json_term(row.get(name)) for name in names) for row in document["results"]["bindings"]]
    return Table(names, tuple(rows))


def _json_term(term: dict[str, str] | None) -> Term:
    if term is None:
        return None
    if term["type"] == "uri":
        return "iri", term["value"]
    if term["type"] == "bnode":
        return "bnode", term["value"]
    return literal(term["value"], term.get("datatype", ""), term.get("xml:lang", ""))


def parse_xml(text: bytes) -> Table:
    """Read the SPARQL Query Results XML Format."""
    root = ET.fromstring(text)  # noqa: S314 — our own server's answer, or the W3C's file.
    if (boolean := root.find(_SRX + "boolean")) is not None:
        return Table(boolean=(boolean.text or "").strip() == "true")
    names = tuple(v.attrib["name"] for v in root.iter(_SRX + "variable"))
    rows = []
    for result in root.iter(_SRX + "result"):
        found = {binding.attrib["name"]: _xml_term(binding[0]) for binding in result}
        rows.append(tuple(found.get(name) for name in names))
    return Table(names, tuple(rows))


def _xml_term(element: ET.Element) -> Term:
    text = element.text or ""
    if element.tag == _SRX + "uri":
        return "iri", text
    if element.tag == _SRX + "bnode":
        return "bnode", text
    language = element.attrib.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    return literal(text, element.attrib.get("datatype", ""), language)


def parse_csv(text: bytes) -> Table:
    """Read SPARQL 1.1 Query Results CSV: values without types, blank nodes by their labels."""
    heading, *lines = list(csv.reader(io.StringIO(text.decode("utf-8"), newline="")))
    rows = [tuple(("bnode", v[2:]) if v.startswith("_:") else ("text", v) for v in line or [""]) for line in lines]
    return Table(tuple(heading), tuple(rows), plain=True)


def parse_tsv(text: bytes) -> Table:
    """Read SPARQL 1.1 Query Results TSV: terms as in Turtle."""
    heading, *lines = text.decode("utf-8").removesuffix("\n").split("\n")
    rows = [tuple(_turtle_term(cell) for cell in line.split("\t")) for line in lines]
    return Table(tuple(name.removeprefix("?") for name in heading.split("\t")), tuple(rows))


def _turtle_term(cell: str) -> Term:
    if not cell:
        return None
    if cell.startswith("_:"):
        return "bnode", cell[2:]
    return term_of(next(iter(parse(f"<x:s> <x:p> {cell} .", RdfFormat.TURTLE))).object)


def parse_result_set(text: bytes, fmt: RdfFormat, base: str) -> Table | None:
    """Read a result written in the DAWG's result set vocabulary; None if the file holds a graph instead."""
    values: dict[object, dict[str, list[object]]] = {}
    for triple in parse(text, fmt, base_iri=base):
        values.setdefault(triple.subject, {}).setdefault(triple.predicate.value, []).append(triple.object)
    top = next((v for v in values.values() if NamedNode(_RS + "ResultSet") in v.get(_TYPE, ())), None)
    if top is None:
        return None
    if boolean := top.get(_RS + "boolean"):
        return Table(boolean=boolean[0].value in ("true", "1"))  # type: ignore[attr-defined]
    names = tuple(sorted(name.value for name in top.get(_RS + "resultVariable", ())))  # type: ignore[attr-defined]
    rows: list[tuple[int, Row]] = []
    for solution in top.get(_RS + "solution", ()):
        bindings = [values[node] for node in values.get(solution, {}).get(_RS + "binding", ())]
        found = {b[_RS + "variable"][0].value: term_of(b[_RS + "value"][0]) for b in bindings}  # type: ignore
        index = values.get(solution, {}).get(_RS + "index")
        rows.append((int(index[0].value) if index else 0, tuple(found.get(name) for name in names)))  # type: ignore
    ordered = any(number for number, _ in rows)
    return Table(names, tuple(row for _, row in sorted(rows, key=lambda r: r[0])), ordered=ordered)


def same(expected: Table, found: Table) -> bool:
    """Whether two results are equal up to the names of blank nodes, and to order where it is no part of them."""
    if expected.boolean is not None or found.boolean is not None:
        return expected.boolean == found.boolean
    if set(expected.variables) != set(found.variables):
        return False
    positions = [found.variables.index(name) for name in expected.variables]
    rows = [tuple(row[i] for i in positions) for row in found.rows]
    if expected.lax:
        return set(rows) == set(expected.rows) and len(rows) <= len(expected.rows)
    if expected.ordered:
        shapes_agree = [_shape(row) for row in expected.rows] == [_shape(row) for row in rows]
        candidates = [[row] for row in rows]
    else:
        shapes_agree = Counter(map(_shape, expected.rows)) == Counter(map(_shape, rows))
        candidates = _candidates(expected.rows, rows) if shapes_agree else []
    has_blank_nodes = any(term and term[0] == "bnode" for row in rows for term in row)
    return shapes_agree and (not has_blank_nodes or _extend(expected.rows, candidates, {}))


def _shape(row: Row) -> Row:
    """Give a row with all blank nodes taken for one: equal for equal rows."""
    return tuple(("bnode", "") if term and term[0] == "bnode" else term for term in row)


def _candidates(expected: Sequence[Row], rows: Sequence[Row]) -> list[list[Row]]:
    by_shape: dict[Row, list[Row]] = {}
    for row in rows:
        by_shape.setdefault(_shape(row), []).append(row)
    return [by_shape[_shape(row)] for row in expected]


def _extend(expected: Sequence[Row], candidates: list[list[Row]], names: dict[str, str]) -> bool:
    """Find a one-to-one renaming of blank nodes under which each expected row is one of its candidates.

    Rows of one shape share one list of candidates, and each candidate is used once. Rows with the fewest choices are
    settled first.
    """
    if not expected:
        return True
    first, *rest = sorted(range(len(expected)), key=lambda i: len(candidates[i]))
    for choice in dict.fromkeys(candidates[first]):
        renamed = _rename(expected[first], choice, names)
        if renamed is None:
            continue
        remaining = _without(candidates[first], choice)
        left = [remaining if candidates[i] is candidates[first] else candidates[i] for i in rest]
        if _extend([expected[i] for i in rest], left, renamed):
            return True
    return False


def _without(rows: list[Row], row: Row) -> list[Row]:
    index = rows.index(row)
    return rows[:index] + rows[index + 1 :]


def _rename(expected: Row, found: Row, names: dict[str, str]) -> dict[str, str] | None:
    """Extend the renaming so that the rows are equal, or give None if it cannot be."""
    names = dict(names)
    for one, other in zip(expected, found, strict=True):
        if one is None or other is None or one[0] != "bnode" or other[0] != "bnode":
            if one != other:
                return None
        elif names.setdefault(one[1], other[1]) != other[1] or list(names.values()).count(other[1]) > 1:
            return None
    return names
