"""What things are called in the language of a reader, and where a click on them leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from digitech_kg.namespaces import BASE, PREFIXES, shorten
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.addresses import page_of
from digitech_kg.web.reading.known_terms import KNOWN_TERMS
from digitech_kg.web.reading.reader import GraphReader, Term, values

_DK = PREFIXES["dk"]
#: As the engine writes it: language tags are compared without case.
_CHINESE = "zh-hans"
#: Datatypes that a reader sees without being told.
_PLAIN = frozenset(("xsd:integer", "xsd:decimal", "xsd:date", "xsd:gYear", "xsd:boolean"))
#: IRIs per look-up, far below the longest query.
_BATCH = 800


@dataclass(frozen=True, slots=True)
class Name:
    """A thing as a page names it."""

    iri: str
    text: str
    language: str = ""
    #: Its Chinese name, if that is not the text itself.
    chinese: str = ""
    href: str | None = None
    #: IRIs of its classes among ours.
    kinds: tuple[str, ...] = ()

    @property
    def curie(self) -> str:
        """Its IRI in short."""
        return shorten(self.iri)

    @property
    def key(self) -> str:
        """The local name of a term of ours: what templates and style sheets switch on."""
        return self.iri.removeprefix(_DK)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a property: a thing, or a literal with its language or datatype."""

    name: Name | None = None
    text: str = ""
    note: str = ""
    language: str = ""
    href: str | None = None


@dataclass
class _Found:
    labels: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


class Names:
    """The names of a set of things, read at once."""

    def __init__(self, reader: GraphReader, language: str, iris: Iterable[str]) -> None:
        self._language = language
        self._found: dict[str, _Found] = defaultdict(_Found)
        wanted = sorted({iri for iri in iris if iri})
        for start in range(0, len(wanted), _BATCH):
            self._read(reader, wanted[start : start + _BATCH])

    def _read(self, reader: GraphReader, iris: list[str]) -> None:
        for row in reader.rows(browse_queries.NAMES.format(these=values(iris))):
            found = self._found[row["thing"].value]
            for field_name, texts in (("label", found.labels), ("comment", found.comments)):
                if (term := row.get(field_name)) is not None:
                    texts.setdefault(term.language, term.value)
            if "kind" in row:
                found.kinds.add(row["kind"].value)

    def labels(self, iri: str) -> dict[str, str]:
        """Give all labels of a thing by language."""
        return dict(self._found[iri].labels) if iri in self._found else {}

    def is_known(self, iri: str) -> bool:
        """Whether the graph says what a thing is called, or of which kind it is."""
        return iri in self._found

    def name(self, iri: str) -> Name:
        """Give the name of a thing: its label, a claim's paraphrase, or its IRI in short."""
        found = self._found.get(iri) or _Found()
        texts = found.labels or found.comments or KNOWN_TERMS.get(iri, {})
        language = next((code for code in (self._language, "en", "") if code in texts), next(iter(texts), None))
        text = texts[language] if language is not None else _short(iri)
        chinese = found.labels.get(_CHINESE, "")
        return Name(
            iri,
            text,
            (language or "") if language != self._language else "",
            "" if chinese == text else chinese,
            page_of(iri),
            tuple(sorted(found.kinds)),
        )

    def value(self, term: Term) -> Value:
        """Give a term as a value."""
        if term.kind == "uri":
            return Value(name=self.name(term.value))
        if term.kind == "literal":
            note = shorten(term.datatype) if term.datatype else ""
            return Value(text=term.value, note="" if note in _PLAIN else note, language=term.language)
        return Value(text=f"_:{term.value}")


def _short(iri: str) -> str:
    if iri.startswith(PREFIXES["passage"]):
        return iri.rsplit("/", 1)[1]
    short = shorten(iri)
    return iri if short.startswith("<") or (iri.startswith(BASE) and ":" not in short) else short
