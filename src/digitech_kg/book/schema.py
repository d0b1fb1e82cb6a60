"""The tables of a book, the name of its file, and how terms are stored in rows."""

import re
from pathlib import Path
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.namespaces import DCTERMS, DK, FOAF, RDFS, SCHEMA, SH, SKOS, TERMS, VOCABULARIES, XSD

Term = NamedNode | Literal

#: Raised whenever a program that reads one schema can't read the other. A book of another number is ignored, and one
#: of this number is written beside it.
NUMBER: Final = 11
BOOK_FILE: Final = f"book-{NUMBER}.sqlite"

#: The tables of a book, and the indexes that are made when all rows are there.
TABLES, INDEXES = ((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("tables.sql", "indexes.sql"))
#: How many bits of a row's number tell which text of a claim it has, in the table of what claims are asked by.
ASKED_BITS: Final = 8

#: The properties that give a thing its label, the best first.
LABELS: Final = (DK.shortName, SKOS.prefLabel, RDFS.label, FOAF.name, SCHEMA.name)
#: The properties by whose values things are found; the label comes first.
NAMES: Final = (RDFS.label, DK.shortName, SKOS.altLabel, SKOS.hiddenLabel)
TITLE: Final = DCTERMS.title
#: The properties of which one has the text of a saved question.
QUERIES: Final = (SH.select, SH.ask, SH.construct)
#: The properties that give a claim, or a comparison, its sentence.
SENTENCES: Final = (DK.sentence, DK.reasonText)
#: The kind of an IRI. Its number in the table of kinds is 0.
IRI: Final = ""


def _read_statements() -> dict[str, str]:
    """Read statements.sql: the statements by name, with those and the values that stand in others put in."""
    written = (Path(__file__).parent / "statements.sql").read_text(encoding="utf-8")
    number = "(SELECT id FROM term WHERE text = '{}{}' AND kind = 0)"
    text = re.sub(r"<(\w+):(\w+)>", lambda curie: number.format(VOCABULARIES[curie[1]], curie[2]), written)
    found = {"terms": TERMS, "asked_bits": str(ASKED_BITS)}
    for name, statement in re.findall(r"^-- name: (\w+)\n(.+?);\n(?=\n|\Z)", text, re.MULTILINE | re.DOTALL):
        found[name] = Template(statement).safe_substitute(found)
    return found


STATEMENTS: Final = _read_statements()


def statement(name: str, **places: str) -> str:
    """Return the statement of a name, with what the program puts in its places."""
    text = STATEMENTS[name]
    for place, value in places.items():
        text = text.replace(f"${{{place}}}", value)
    return text


def kind_of(term: Term) -> str:
    """Return the kind of a term: "" for an IRI, "@" and the language for a text that has one, else its datatype.

    >>> kind_of(Literal("ting", language="nb")), kind_of(NamedNode("urn:x"))
    ('@nb', '')
    """
    if isinstance(term, NamedNode):
        return IRI
    return f"@{term.language}" if term.language else term.datatype.value


def term_of(text: str, kind: str) -> Term:
    if not kind:
        return NamedNode(text)
    if kind.startswith("@"):
        return Literal(text, language=kind[1:])
    return Literal(text) if kind == XSD.string.value else Literal(text, datatype=NamedNode(kind))


def order_of(term: Term) -> tuple[bool, str, str]:
    """Return what sorts the values of a property, in a book and on every page: IRIs first, then texts, A to Z."""
    return isinstance(term, Literal), term.value, kind_of(term)
