"""One table of RDF and result formats: media types, file extensions, and the engine's serializers.

The command line, content negotiation, the service description and the documentation read it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from digitech_kg.errors import CallError, NotAcceptable


class Kind(Enum):
    """What a format can carry."""

    SOLUTIONS = "solutions"
    GRAPH = "graph"
    DATASET = "dataset"
    #: Pages and documents that aren't RDF.
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Format:
    """A serialization: `name` is what `--format` and `?format=` take."""

    name: str
    media_type: str
    extension: str
    kind: Kind
    serializer: QueryResultsFormat | RdfFormat | None
    #: Other media types that clients send for it.
    aliases: tuple[str, ...] = ()
    #: The IRI under https://www.w3.org/ns/formats/.
    iri: str = ""

    @property
    def content_type(self) -> str:
        """The media type with charset where the type has one (RFC 7111, RFC 3676)."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def rdf(self) -> RdfFormat:
        """The serializer of a format for graphs or datasets. Raises `TypeError` for a format for solutions."""
        if not isinstance(self.serializer, RdfFormat):
            raise TypeError(f"{self.name} isn't a format for RDF")
        return self.serializer


def _of_engine(name: str, kind: Kind, serializer: QueryResultsFormat | RdfFormat, *aliases: str) -> Format:
    media_type, iri = serializer.media_type.partition(";")[0], _FORMATS_IRI + serializer.iri.rpartition("/")[2]
    return Format(name, media_type, serializer.file_extension, kind, serializer, aliases, iri)


_FORMATS_IRI: Final = "http://www.w3.org/ns/formats/"
#: Order is preference: the first of a kind is the default.
FORMATS: Final[tuple[Format, ...]] = (
    _of_engine("json", Kind.SOLUTIONS, QueryResultsFormat.JSON, "application/json"),
    _of_engine("xml", Kind.SOLUTIONS, QueryResultsFormat.XML, "application/xml", "text/xml"),
    _of_engine("csv", Kind.SOLUTIONS, QueryResultsFormat.CSV),
    _of_engine("tsv", Kind.SOLUTIONS, QueryResultsFormat.TSV),
    _of_engine("turtle", Kind.GRAPH, RdfFormat.TURTLE, "application/x-turtle"),
    _of_engine("ntriples", Kind.GRAPH, RdfFormat.N_TRIPLES, "text/plain"),
    _of_engine("rdfxml", Kind.GRAPH, RdfFormat.RDF_XML, "application/xml", "text/xml"),
    _of_engine("jsonld", Kind.GRAPH, RdfFormat.JSON_LD, "application/json"),
    _of_engine("trig", Kind.DATASET, RdfFormat.TRIG, "application/x-trig"),
    _of_engine("nquads", Kind.DATASET, RdfFormat.N_QUADS, "text/x-nquads"),
)

XLSX: Final = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", Kind.DOCUMENT, None
)
HTML: Final = Format("html", "text/html", "html", Kind.DOCUMENT, None)
JSON: Final = Format("json", "application/json", "json", Kind.DOCUMENT, None)
TEXT: Final = Format("text", "text/plain", "txt", Kind.DOCUMENT, None)
#: An error as a problem document (RFC 9457).
PROBLEM: Final = Format("problem", "application/problem+json", "json", Kind.DOCUMENT, None)


def of_kind(*kinds: Kind) -> tuple[Format, ...]:
    """Return the formats that carry one of these kinds, in order of preference."""
    return tuple(f for f in FORMATS if f.kind in kinds)


#: Characters that no XML document has, and no way to write them either (XML 1.0, section 2.2), in UTF-8.
_NOT_IN_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


def check_xml(data: bytes) -> bytes:
    """Return a piece of XML. Raises `OSError`, as serializers do, for characters that XML can't hold."""
    if _NOT_IN_XML.search(data):
        raise OSError("XML does not support control characters, and a text has one")
    return data


def is_unwritable(error: Exception) -> bool:
    """Whether a serializer raised this because its format has no way to write something."""
    return isinstance(error, OSError) and "does not support" in str(error)


def cannot_hold(reason: str) -> NotAcceptable:
    """Return the error for triples that a format has no way to write, such as triple terms in JSON-LD."""
    available = [f.media_type for f in FORMATS if f.name in ("turtle", "trig", "ntriples", "nquads")]
    return NotAcceptable(f"the format can't hold all of the result: {reason}", available=available)


def by_name(name: str, formats: tuple[Format, ...] = FORMATS) -> Format:
    """Find a format by name, file extension or media type.

    Raises `CallError` that lists the names.

    >>> by_name("ttl").media_type
    'text/turtle'
    """
    wanted = name.strip().lower()
    for fmt in formats:
        if wanted in (fmt.name, fmt.extension, fmt.media_type):
            return fmt
    for fmt in formats:
        if wanted in fmt.aliases:
            return fmt
    names = ", ".join(fmt.name for fmt in formats)
    message = f"unknown format '{name[:100]}'"
    raise CallError(message, hint=f"Choose one of: {names}.", code="unknown-format")
