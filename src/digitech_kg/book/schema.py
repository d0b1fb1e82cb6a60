"""The tables of a book, the name of its file, and terms as rows."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.namespaces import DCTERMS, DK, FOAF, RDFS, SCHEMA, SKOS, XSD

Term = NamedNode | Literal

#: Raised whenever a program that reads one schema can't read the other. A book of another number is ignored, and one
#: of this number is written beside it.
NUMBER: Final = 9
FILE_NAME: Final = f"book-{NUMBER}.sqlite"

#: What is said, by number: `term` holds IRIs (`kind` 0) and literals (`kind` is their datatype or "@" and language).
#: A graph stands `aside` (1) if it holds what follows from others, or (2) if it's none of the project's: no check sees
#: what it says of the project's things.
#: The other tables hold what pages sort, count and filter by; each of their rows depends on what is said of one
#: subject, but for the places of claims.
TABLES: Final = """
CREATE TABLE kind (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL, kind INTEGER NOT NULL);
CREATE TABLE graph (
    id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, document TEXT NOT NULL, aside INTEGER NOT NULL,
    derived INTEGER NOT NULL);
CREATE TABLE said (
    subject INTEGER NOT NULL, property INTEGER NOT NULL, object INTEGER NOT NULL, graph INTEGER NOT NULL,
    PRIMARY KEY (subject, property, object, graph)) WITHOUT ROWID;

CREATE TABLE claim (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, name TEXT NOT NULL, subject INTEGER, predicate INTEGER,
    object INTEGER, kind TEXT NOT NULL, certainty TEXT NOT NULL, voice TEXT NOT NULL, denied INTEGER NOT NULL,
    salience INTEGER NOT NULL, conditional INTEGER NOT NULL, part INTEGER NOT NULL,
    unreserved INTEGER NOT NULL, main INTEGER, place INTEGER);

CREATE TABLE passage (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL, start INTEGER NOT NULL,
    stop INTEGER NOT NULL, hash TEXT NOT NULL, page TEXT NOT NULL, estimated INTEGER NOT NULL, repeats TEXT NOT NULL,
    cell_row INTEGER, cell_column INTEGER);

CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, is_thing INTEGER NOT NULL);
CREATE VIRTUAL TABLE word USING fts5(names, texts, prefix='1 2 3', tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE asked USING fts5(texts, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE piece USING fts5(pieces, content='', tokenize="unicode61 tokenchars '_'");
"""

#: The indexes of what is said.
SAID_INDEXES: Final = """
CREATE UNIQUE INDEX term_text ON term(text, kind);
CREATE INDEX said_object ON said(object, property);
"""
#: A list of claims has an index in its own order, so that its thousandth page is found as fast as its first; and claims
#: are counted by how they are put in one alone.
INDEXES: Final = """
CREATE INDEX claim_weight ON claim(salience, document, place, name);
CREATE INDEX claim_text ON claim(document, place, name);
CREATE INDEX claim_kind ON claim(kind, salience, document, place, name);
CREATE INDEX claim_subject ON claim(subject, predicate);
CREATE INDEX claim_object ON claim(object, predicate);
CREATE INDEX claim_main ON claim(main);
CREATE INDEX claim_put ON claim(document, kind, certainty, voice, denied, salience, conditional, part);
CREATE INDEX passage_text ON passage(document, start, place);
"""

#: The properties that give a thing its label, the best first.
LABELS: Final = (DK.shortName, SKOS.prefLabel, RDFS.label, FOAF.name, SCHEMA.name)
#: The properties by whose values things are found; the label comes first.
NAMES: Final = (RDFS.label, DK.shortName, SKOS.altLabel, SKOS.hiddenLabel)
TITLE: Final = DCTERMS.title
#: The properties that give a claim, or a comparison, its sentence.
SENTENCES: Final = (DK.sentence, DK.reasonText)
#: The kind of an IRI. Its number in the table of kinds is 0.
IRI: Final = ""


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
