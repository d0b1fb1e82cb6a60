"""What the tables have in common: how their columns are called and how values are shown in cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.exports.content import Content, Node, other_names
from digitech_kg.namespaces import SKOS, Namespaces
from digitech_kg.tables import Value

_JOIN: Final = " | "
#: What a claim says of what, as columns.
ABOUT: Final = (
    "claim", "subject", "subject_label", "predicate", "predicate_label", "object", "object_label", "value",
)  # fmt: skip


def joined(parts: Iterable[str]) -> str | None:
    """Return texts in one cell, None if there are none."""
    return _JOIN.join(parts) or None


def cell(content: Content, values: Iterable[NamedNode | Literal]) -> Value:
    """Return a single value as it is, and several as text."""
    shown = [content.shown(value) for value in values]
    return shown[0] if len(shown) == 1 else joined(str(value) for value in shown)


def texts(content: Content, values: Iterable[NamedNode | Literal]) -> str | None:
    """Return values as text, also a single one: a year as the time of a claim is not a number to calculate with."""
    return joined(str(content.shown(value)) for value in values)


def iris(values: Iterable[NamedNode | Literal]) -> str | None:
    """Return values by their IRIs or lexical forms."""
    return joined(value.value for value in values)


def languages_of(nodes: Iterable[Node]) -> list[str]:
    """Return the languages of the labels of nodes, English first."""
    found = {language for node in nodes for language in node.labels}
    return sorted(found, key=lambda language: (language != "en", language))


def heading(languages: Iterable[str]) -> list[str]:
    """Return the columns that name a thing or term."""
    return ["iri", *(in_language("label", language) for language in languages), "other_names", "definition"]


def in_language(column: str, language: str) -> str:
    """Return the column for texts in a language.

    >>> in_language("label", "zh-hans")
    'label_zh_hans'
    """
    return f"{column}_{language.lower().replace('-', '_')}" if language else column


def named(content: Content, node: Node, languages: Iterable[str]) -> list[Value]:
    """Return the cells of `heading`."""
    labels = [node.labels.get(language) for language in languages]
    return [node.iri, *labels, joined(other_names(node)), cell(content, node.all(SKOS.definition))]


def column_name(term: NamedNode, names: Namespaces, *, taken: Collection[str] = ()) -> str:
    """Return a name for a class or property that SQL takes without quotes, and that is not taken.

    >>> names = Namespaces("https://example.org/kg/")
    >>> column_name(NamedNode("https://w3id.org/digitech-kg/ontology#isInSector"), names)
    'is_in_sector'
    >>> column_name(NamedNode("http://purl.org/dc/terms/license"), names)
    'dcterms_license'
    """
    short = names.shorten(term.value).strip("<>").removeprefix("dk:")
    if "://" in short:
        short = re.split(r"[/#]", short.rstrip("/#"))[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short)
    base = re.sub(r"\W+", "_", words).strip("_").lower() or "unnamed"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    return found
