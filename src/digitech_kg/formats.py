"""Two tables: RDF and result formats with the engine's serializers, and the files to download (`downloads.toml`).

The command line, content negotiation, the service description, the description of the dataset, the pages and the
documentation read them; `exports` writes the files.
"""

import re
import tomllib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final

from pyoxigraph import QueryResultsFormat, RdfFormat

from digitech_kg.errors import CallError, NotAcceptable
from digitech_kg.namespaces import Namespaces


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

    def __reduce__(self) -> tuple[Any, ...]:
        """Stand for it by its name in another process: the engine's formats can't be pickled."""
        return by_name, (self.name,)


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
    named = [fmt for fmt in formats if wanted in (fmt.name, fmt.extension, fmt.media_type)]
    if found := named or [fmt for fmt in formats if wanted in fmt.aliases]:
        return found[0]
    hint = f"Choose one of: {', '.join(fmt.name for fmt in formats)}."
    raise CallError(f"unknown format '{name[:100]}'", hint=hint, code="unknown-format")


@dataclass(frozen=True, slots=True)
class Download:
    """A file: `name` is what `export --format` takes, `ending` what its name at `/download/` ends in."""

    name: str
    ending: str
    #: The media type of the content; `package` or `compression` has that of the file around it.
    media_type: str
    title: str
    #: The specification or model that it follows.
    conforms_to: str = ""
    #: The function that writes it, as `module:name`, if a part adds it; it takes an `exports.writing.Opened`.
    writer: str = ""

    @property
    def package(self) -> str:
        """The media type of the archive around several files, if it is one."""
        return "application/zip" if self.ending.endswith(".zip") else ""

    @property
    def compression(self) -> str:
        """The media type of a compressed file, if it is one."""
        return "application/gzip" if self.ending.endswith(".gz") else ""

    @property
    def content_type(self) -> str:
        """The media type of the file as it is sent."""
        outer = self.compression or self.package or self.media_type
        return f"{outer}; charset=utf-8" if outer.startswith("text/") else outer

    def file_name(self, names: Namespaces) -> str:
        """Return what the file is called, after the last part of the project's base IRI.

        >>> DOWNLOADS["csv"].file_name(Namespaces("https://example.org/kg/"))
        'kg-csv.zip'
        """
        parts: list[str] = re.findall(r"[\w.-]+", names.base)
        return parts[-1] + self.ending


_TABLE: Final = tomllib.loads(Path(__file__).with_name("downloads.toml").read_text(encoding="utf-8"))
DOWNLOADS: Final = {name: Download(name, **row) for name, row in _TABLE.items()}
