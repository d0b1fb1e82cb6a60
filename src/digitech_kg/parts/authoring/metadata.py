"""What a project says of a document as a whole: its class, title, language, date, publisher and source."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad

from digitech_kg.errors import CallError
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, XSD, Namespaces, value_of

DEFAULT_LANGUAGE: Final = "en"
_DATATYPES: Final = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_DATE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class DocumentMetadata:
    """What is said of a document. What is None is not said."""

    title: str | None = None
    language: str | None = None
    #: `2021-06-03`, `2021-06` or `2021`.
    published: str | None = None
    #: A name, or the IRI or short name of a thing.
    publisher: str | None = None
    source: str | None = None
    #: Who wrote it, as the publisher is given.
    authors: tuple[str, ...] | None = None
    #: IRI or short name of a class.
    document_class: str | None = None


def check_class(metadata: DocumentMetadata, quads: Iterable[Quad], names: Namespaces) -> None:
    """Raise `CallError` if the metadata name a class that isn't one of documents."""
    name = metadata.document_class
    below: dict[Any, list[Any]] = defaultdict(list)
    for quad in quads:
        if quad.predicate == RDFS.subClassOf:
            below[quad.object].append(quad.subject)
    known = {value_of(cls) for cls in reachable([DK.Document], lambda cls: below.get(cls, ()))}
    if name is not None and names.expand(name) not in known:
        short = sorted(map(names.shorten, known))
        close = difflib.get_close_matches(name, short, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"Use one of: {', '.join(short)}; or add a class below one."
        raise CallError(f"'{name}' isn't a class of documents", hint=hint)


def metadata_quads(metadata: DocumentMetadata, document: str, names: Namespaces) -> list[Quad]:
    """Return what the metadata say that is not None; language tags are those of `metadata.language`.

    Raises `CallError` for a language, date or address that doesn't make sense.
    """
    language = metadata.language or DEFAULT_LANGUAGE
    said: list[tuple[NamedNode, NamedNode | Literal]] = []
    if metadata.document_class is not None:
        said.append((RDF.type, NamedNode(names.expand(metadata.document_class) or "")))
    if metadata.title is not None:
        said += [(prop, _make_text(metadata.title, language)) for prop in (RDFS.label, DCTERMS.title)]
    if metadata.language is not None:
        _make_text("", language)
        said.append((DCTERMS.language, Literal(language)))
    if metadata.published is not None:
        said.append((DCTERMS.issued, _make_date(metadata.published)))
    if metadata.publisher is not None:
        said.append((DCTERMS.publisher, _make_agent(metadata.publisher, names)))
    said += [(DCTERMS.creator, _make_agent(author, names)) for author in metadata.authors or ()]
    if metadata.source is not None:
        said.append((DCTERMS.source, _make_node(metadata.source)))
    node, graph = names.thing(document), names.graphs.document(document)
    return [Quad(node, prop, value, graph) for prop, value in said]


def read_metadata(quads: Iterable[Quad], document: str, names: Namespaces) -> DocumentMetadata:
    """Return what quads say of a document; of texts in several languages the first of the project's is taken."""
    found: dict[NamedNode, str] = {}
    own = [quad for quad in quads if quad.subject == names.thing(document)]
    for quad in sorted(own, key=lambda quad: _rank(quad, names)):
        found.setdefault(quad.predicate, value_of(quad.object))
    return DocumentMetadata(
        title=found.get(DCTERMS.title, found.get(RDFS.label)),
        language=found.get(DCTERMS.language),
        published=found.get(DCTERMS.issued),
        publisher=found.get(DCTERMS.publisher),
        source=found.get(DCTERMS.source),
        document_class=found.get(RDF.type),
    )


def _rank(quad: Quad, names: Namespaces) -> int:
    languages = [language.lower() for language in names.languages]
    language = quad.object.language if isinstance(quad.object, Literal) else None
    return languages.index(language) if language in languages else len(languages)


def fill_in(metadata: DocumentMetadata, others: DocumentMetadata) -> DocumentMetadata:
    """Return metadata with what they leave open from others."""
    left_open = {name: getattr(others, name) for name in metadata.__slots__ if getattr(metadata, name) is None}
    return replace(metadata, **left_open)


def _make_text(text: str, language: str) -> Literal:
    try:
        return Literal(text, language=language)
    except ValueError:
        raise CallError(f"'{language}' isn't a language tag", hint="Write for example en, nb or zh-hans.") from None


def _make_agent(text: str, names: Namespaces) -> NamedNode | Literal:
    iri = names.expand(text)
    return NamedNode(iri) if iri else Literal(text)


def _make_node(iri: str) -> NamedNode:
    try:
        if "://" in iri:
            return NamedNode(iri)
    except ValueError:
        pass
    raise CallError(f"'{iri}' isn't an address", hint="Write all of it, without spaces: https://example.org/paper")


def _make_date(text: str) -> Literal:
    """Return a date, a month or a year."""
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text + "-01-01"[len(text) - 4 :])
            return Literal(text, datatype=_DATATYPES[len(text)])
    except ValueError:
        pass
    raise CallError(f"'{text}' isn't a date", hint="Write it as 2021-06-03, 2021-06 or 2021.")
