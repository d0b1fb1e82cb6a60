"""The names of things in the language of a reader."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.book import Description
from digitech_kg.claims.labels import choose_text
from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.model import in_text_order
from digitech_kg.claims.times import is_time, name_time
from digitech_kg.namespaces import DCTERMS, DK, TERMS, VOCABULARIES, XSD, Namespaces
from digitech_kg.tables import Worded
from digitech_kg.web.http.languages import PAGE_WORDS
from digitech_kg.web.reading.addresses import page_of
from digitech_kg.web.reading.reader import GraphReader, RdfTerm, by_language, once_per_version

#: Datatypes that a reader sees without being told.
_EVIDENT = frozenset(XSD[name] for name in ("string", "integer", "decimal", "boolean"))
#: A letter that is not Latin.
_FOREIGN = re.compile(r"[^\W\d_A-\u024f\u1e00-\u1eff]")
_UNKNOWN = Description({}, {}, {}, ())
_CLOCK = re.compile(r"T[\d:.+\-Z]*$")


@dataclass(frozen=True, slots=True)
class Name:
    """What a thing is called; or a literal as a reader sees it, without an IRI."""

    iri: str = ""
    text: str = ""
    #: The language of the text, if it is not the page's.
    language: str = ""
    #: IRIs of its classes.
    kinds: tuple[str, ...] = ()
    #: Its IRI in short.
    curie: str = ""
    #: The name of the document that it is a passage or claim of.
    document: str = ""
    #: Its name where nothing else says of which document it is a passage.
    full: str = ""
    #: The names of the project, by which it leads to its page; None for a literal, and for what is gone.
    names: Namespaces | None = field(default=None, compare=False, repr=False)
    #: The datatype of a literal, unless a reader sees it.
    note: str = ""

    @property
    def href(self) -> str | None:
        """Where a click on it leads, in the language of the request; None if nowhere."""
        return page_of(self.iri, self.names) if self.names else None

    @property
    def key(self) -> str:
        """The local name of a term of the packaged ontology: what templates and style sheets switch on."""
        return self.iri.removeprefix(TERMS)


@dataclass(frozen=True, slots=True)
class EmbeddedText:
    """A text of its own within a document: its first section, what it is, and how many of a kind precede it."""

    section: str
    #: Such as "press release"; "" if that is not told.
    kind: str
    #: The numbers of its first passages, such as paragraphs and headings, by the letter of their anchors.
    first: Mapping[str, int] = field(compare=False)

    def name(self, passage: str, anchor: str) -> str:
        """Return what a passage is called there, with paragraphs counted from the beginning of the part.

        >>> EmbeddedText("", "press release", {"p": 6}).name("paragraph 7, sentence 3", "p07.s03")
        'press release, paragraph 2, sentence 3'
        """
        before = self.first.get(anchor[:1], 1) - 1
        number = re.sub(r"\d+", lambda match: str(int(match[0]) - before), passage, count=1)
        return ", ".join(filter(None, (self.kind, number)))


@once_per_version
def find_embedded_texts(reader: GraphReader) -> dict[str, EmbeddedText]:
    """Return the texts of their own that passages stand in, by IRI: sections with author or publisher.

    Sections of one title are one text, as those of a fact sheet.
    """
    book, first, parts = reader.book, defaultdict[str, dict[str, int]](dict), dict[str, EmbeddedText]()
    passages = {iri: passage for name in book.documents for iri, passage in book.passages_of(name).items()}
    sections, within = [iri for iri, each in passages.items() if each.is_section], book.sections_of(passages)
    told = book.values(sections, DCTERMS.creator, DCTERMS.publisher, DCTERMS.title, DK.labelInText)
    for iri, each in passages.items():
        if not each.page and (number := re.fullmatch(r"([a-z])(\d+)", each.anchor)):
            first[within.get(iri, "")].setdefault(number[1], int(number[2]))
    texts = dict[tuple[str, str], EmbeddedText]()
    for iri in sections:
        own = told.get(iri, {})
        if own.keys() & {DCTERMS.creator, DCTERMS.publisher}:
            title = next((term.value for term in own.get(DCTERMS.title, ())), iri)
            part = EmbeddedText(iri, reader.text(by_language(own.get(DK.labelInText, ()))), first[iri])
            parts[iri] = texts.setdefault((iri.rpartition("/")[0], title), part)
    return {iri: parts[section] for iri, section in within.items() if section in parts}


@once_per_version
def _places(reader: GraphReader) -> dict[str, int]:
    """Return the place of each passage in the order of its text."""
    return {iri: place for name in reader.book.documents for place, iri in enumerate(reader.book.passages_of(name))}


class Labels:
    """The names of a set of things, read from the book at once."""

    def __init__(self, reader: GraphReader, iris: Iterable[str]) -> None:
        self._reader, self._names = reader, reader.names
        self.languages = reader.languages
        self._made: dict[str, Name] = {}
        wanted = {iri for iri in iris if iri}
        wanted |= {document for iri in wanted if (document := self.document_of(iri))}
        self._found = reader.book.describe(wanted)

    def document_of(self, iri: str) -> str:
        """Return the IRI of the document that a passage or claim belongs to, "" for anything else."""
        document = self._names.document_of(iri)
        return self._names.thing(document).value if document else ""

    def labels(self, iri: str) -> Mapping[str, str]:
        return self._found.get(iri, _UNKNOWN).labels

    def is_named_in(self, texts: Iterable[str], iri: str) -> bool:
        """Whether one of some texts has a label of a thing, in any language, as whole words."""
        labels = "|".join(map(re.escape, self.labels(iri).values()))
        return bool(labels) and any(re.search(rf"(?<!\w)({labels})(?!\w)", text) for text in texts)

    def in_another_script(self, iri: str) -> tuple[str, str] | None:
        """Return the language and text of a label whose letters are not Latin, of a thing whose name is in Latin."""
        labels = self.labels(iri)
        found = ((tag, labels[tag]) for tag in self.languages if _FOREIGN.search(labels.get(tag, "")))
        return None if _FOREIGN.search(self.name(iri).text) else next(found, None)

    def is_known(self, iri: str) -> bool:
        """Whether the graph says what a thing is called, or of which kind it is."""
        return iri in self._found

    def name(self, iri: str) -> Name:
        """Return the name of a thing: its label, a document's title, a claim's sentence, or its IRI in short."""
        if iri not in self._made:
            self._made[iri] = self._make(iri)
        return self._made[iri]

    def _make(self, iri: str) -> Name:
        found, document = self._found.get(iri, _UNKNOWN), self.document_of(iri)
        texts = found.labels or found.titles or found.sentences or _known_terms().get(iri, {})
        text, language = self._reader.text_and_language(texts, _short(iri, self._names))
        whole = self.name(document).text if document and self.is_known(document) else ""
        full = text
        if iri.startswith(self._names.prefixes["passage"]):
            part = find_embedded_texts(self._reader).get(iri)
            text = part.name(text, iri.rpartition("/")[2]) if part else text
            full = f"{text}, {whole}" if whole else text
        return Name(iri, text, language, found.kinds, self._names.shorten(iri), whole, full, self._names)

    def place_in_text(self, passage: str) -> tuple[int, str]:
        """Return what sorts passages as the text has them: names that a newer text kept don't tell."""
        return _places(self._reader).get(passage, -1), in_text_order(passage)

    def found_names(self) -> dict[str, str]:
        """Return the names of what is called more than its IRI."""
        return {iri: name.text for iri in self._found if (name := self.name(iri)).text != name.curie}

    def value(self, term: RdfTerm) -> Name:
        if isinstance(term, NamedNode):
            return self.name(term.value)
        if not isinstance(term, Literal):
            return Name(text=str(term))
        if term.language:
            return Name(text=term.value, language="" if term.language == self.languages[0] else term.language)
        if is_time(term):
            return Name(text=say_time(term.value, self.languages[0]))
        note = "" if term.datatype in _EVIDENT else self._names.shorten(term.datatype.value)
        return Name(text=term.value, note=note)

    def in_one_language(self, terms: Collection[RdfTerm]) -> list[RdfTerm]:
        """Return terms, and of texts in several languages those in the one that a reader understands best."""
        tags = {term.language: "" for term in terms if isinstance(term, Literal) and term.language}
        best, _text = choose_text(tags, self.languages) or ("", "")
        return [term for term in terms if not isinstance(term, Literal) or term.language in (None, best)]

    def best(self, terms: Iterable[object]) -> Name:
        """Return the text among some terms that a reader understands best."""
        text, language = self._reader.text_and_language(by_language(terms))
        return Name(text=text, language=language)


def _short(iri: str, names: Namespaces) -> str:
    if iri.startswith(names.prefixes["passage"]):
        return iri.rsplit("/", 1)[1]
    short = names.shorten(iri)
    return iri if short.startswith("<") or (names.is_own(iri) and ":" not in short) else short


def say_time(text: str, language: str) -> Worded:
    """Return a time in words, or as it is written if it has none of the known forms.

    >>> say_time("2021-21", "en")
    'spring 2021'
    >>> say_time("/2022-06-03", "nb")
    'fram til 3. juni 2022'
    """
    day = _CLOCK.sub("", text)
    return Worded(name_time(day, (find_language(language) or LANGUAGES["en"]).words.times), day)


def is_written_time(text: str) -> bool:
    """Whether a text without a datatype reads as a time.

    >>> [is_written_time(text) for text in ("1959", "2021-21", "2020-13", "soon")]
    [True, True, False, False]
    """
    return re.fullmatch(r"\d{4}", text) is not None or say_time(text, "en") != text


_PLACEHOLDERS: Final = {"http://rightsstatements.org/vocab/CNE/1.0/": "Copyright Not Evaluated"}
#: The address of a licence of Creative Commons, with its kind and version.
_CREATIVE_COMMONS: Final = re.compile(r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([\d.]+)/?")


def licence_name(iri: str) -> str:
    """Return the name of a licence of Creative Commons, or of the placeholder; others go by their address.

    >>> licence_name("https://creativecommons.org/licenses/by/4.0/")
    'CC BY 4.0'
    >>> licence_name("http://rightsstatements.org/vocab/CNE/1.0/")
    'Copyright Not Evaluated'
    """
    found = _CREATIVE_COMMONS.fullmatch(iri)
    return f"CC {found[1].upper()} {found[2]}".replace("CC ZERO", "CC0") if found else _PLACEHOLDERS.get(iri, iri)


@cache
def _known_terms() -> dict[str, dict[str, str]]:
    """Return what terms of other vocabularies are called, by IRI and language."""
    names = ((*curie.split(":"), texts) for curie, texts in PAGE_WORDS["names"].items())
    return {VOCABULARIES[prefix] + local: texts for prefix, local, texts in names}
