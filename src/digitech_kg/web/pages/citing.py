"""References and footnotes for what a page tells."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain
from string import ascii_lowercase
from typing import Final

from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DCTERMS, TERMS
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import _
from digitech_kg.web.reading.claim_views import ClaimView, load_retrieval
from digitech_kg.web.reading.dataset import NO_DOCUMENT, Document, read_documents, read_embedded_texts, read_metadata
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader, once_per_version
from digitech_kg.web.reading.sentences import Mark, how_put, mark_in_full, name_source, was_quoted, whose_view

_PERSON: Final = TERMS + "Person"
BIBTEX: Final = "application/x-bibtex"


@dataclass(frozen=True, slots=True)
class Author:
    """A person by whole, family and given name, or a body by its name."""

    text: str
    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited: a document, another source, or this answer."""

    key: str
    title: str
    authors: tuple[Author, ...] = ()
    publisher: str = ""
    year: str = ""
    address: str = ""
    #: When it was fetched, in words.
    fetched: str = ""
    #: Where in another work it is, or what else is noted.
    place: str = ""
    version: str = ""
    is_document: bool = True
    #: The kind of a text without a title of its own or within another, such as "press release", and its date in words.
    kind: str = ""
    date: str = ""
    #: What tells it from others of the same authors and year.
    letter: str = ""

    @property
    def who(self) -> str:
        """Return the family names of its authors, or else its publisher or title."""
        return _("and").join(f" {a.family} " for a in self.authors).strip() or self.publisher or self.title or self.kind

    @property
    def short(self) -> str:
        """Return authors and year: "Gåsemyr 2021"."""
        return f"{self.who} {self.year}{self.letter}".strip()

    def footnote(self, place: str = "", *, where: bool = True) -> str:
        """Return it in one line: who, title, date, place, and `where` it can be read unless it has to be short."""
        who = ", ".join(author.text for author in self.authors)
        publisher = self.publisher if self.publisher != who else ""
        title = _("“%(title)s”", title=self.title) if self.title else ""
        read = (self.address, self.fetched and f"{_('fetched on')} {self.fetched}") if where else ()
        day = f"{self.date or self.year}{self.letter and f' ({self.year}{self.letter})'}"
        parts = (who, title, self.kind, publisher, day, place, *read)
        return ", ".join(part for part in parts if part) + "."


class Origin:
    """Where what stands at an address comes from: the dataset and its version, in the language of the reader."""

    def __init__(self, reader: GraphReader, address: str) -> None:
        snapshot, metadata = reader.service.snapshot, read_metadata(reader)
        self.dataset = reader.text(metadata.titles, metadata.title)
        #: As the dataset calls it, and by the name of the snapshot.
        self.version = f"{metadata.version} ({snapshot.version})" if metadata.version else snapshot.version
        self.address, self.language, created = address, reader.language, snapshot.manifest.created
        #: When the version was made.
        self.date = datetime.fromisoformat(created) if created else datetime.now(UTC)
        named = _("%(dataset)s, version %(version)s", dataset=self.dataset, version=self.version)
        self.text = f"{named}, {address}"

    def reference(self, key: str, title: str, place: str = "") -> Reference:
        """Return the reference to what stands there, and to where in another work it is."""
        year, fetched = str(self.date.year), self.date.date().isoformat()
        return Reference(key, title, (), self.dataset, year, self.address, fetched, place=place, is_document=False)


@once_per_version
def read_references(reader: GraphReader) -> dict[Document, Reference]:
    """Return the references to all texts; what would be called alike has letters, by date: "Biden 2021a"."""
    # Texts within a document come first: of some documents nothing else is cited.
    texts = chain(read_embedded_texts(reader).values(), read_documents(reader).values())
    found = {text: _reference_to(text) for text in sorted(texts, key=lambda t: (t.written, not t.kind, t.key))}
    for alike in grouped((reference.short, text) for text, reference in found.items()).values():
        letters = ascii_lowercase if len(alike) > 1 else ""
        found |= {text: replace(found[text], letter=letter) for text, letter in zip(alike, letters, strict=False)}
    return found


def _reference_to(document: Document) -> Reference:
    authors = tuple(author for value in document.authors if (author := _author(value, document.families)))
    address = next((url for link in document.links if (url := link.href or link.text).startswith("http")), "")
    names = {author.text for author in authors}
    publisher = next((text for value in document.publishers if (text := value.text) not in names), "")
    year = _("n.d.") if document.is_undated else document.written[:4]
    own = Reference(document.key, document.title, authors, publisher, year, address)
    return replace(own, kind=document.kind, date=document.date)


def _author(value: Name, families: Mapping[str, str]) -> Author | None:
    text = value.text
    if _PERSON in value.kinds and " " in text:
        family = families.get(value.iri) or text.rpartition(" ")[2]
        return Author(text, family, text.replace(family, "", 1).strip())
    return Author(text, text) if text else None


def _without_commands(text: str) -> str:
    """Return a text without what TeX would take for a command.

    >>> _without_commands("R&D, 5%")
    'R\\\\&D, 5\\\\%'
    """
    return re.sub(r"([&%#_${}])", r"\\\1", text.replace("\\", ""))


def _as_written(text: str) -> str:
    """Return a text that is to stay as it is written, such as a title or the name of an organisation."""
    return f"{{{_without_commands(text)}}}" if text else ""


def to_bibtex(references: Iterable[Reference]) -> str:
    return "\n\n".join(_entry(reference) for reference in references) + "\n"


def _entry(reference: Reference) -> str:
    fields = {
        "author": " and ".join(
            _without_commands(f"{a.family}, {a.given}") if a.given else _as_written(a.family) for a in reference.authors
        ),
        "title": _as_written(reference.title or reference.kind[:1].upper() + reference.kind[1:]),
        "type": _without_commands(reference.kind if reference.title else ""),
        "institution" if reference.is_document else "publisher": _without_commands(reference.publisher),
        "version": _without_commands(reference.version),
        "year": reference.year,
        "url": reference.address,
        "urldate": reference.fetched,
        "note": _without_commands(
            ". ".join(filter(None, (reference.date if reference.date != reference.year else "", reference.place)))
        ),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    kind = "techreport" if reference.is_document else "misc"
    return f"@{kind}{{{reference.key},\n" + ",\n".join(lines) + "\n}"


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A passage that states a claim; quoted from a copy of the text if there is one whose hash fits."""

    name: Name
    page: str = ""
    page_is_estimated: bool = False
    quotation: str | None = None
    #: The text that it is cited from.
    source: Document = NO_DOCUMENT
    #: The addresses where it was read, if it was not read where the text stands.
    read_at: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return where it is in its text, and if its page is a guess."""
        name = self.name.text.removeprefix(f"{self.source.kind}, ")
        return f"{name} ({_('page estimated')})" if self.page_is_estimated else name


class Note:
    """The footnote of a claim: what it is cited from, and where it stands there."""

    def __init__(self, notes: "Notes", claim: ClaimView, number: int = 0, sentence: int = 0) -> None:
        document = notes.documents.get(claim.document_key or "", NO_DOCUMENT)
        #: The sentence is the number of that of the answer that it belongs to.
        self.claim, self.number, self.sentence = claim, number, sentence
        self.text_language, self._speaks_for = document.text_language, document.speaks_for
        self.places = [notes.place(document, passage) for passage in claim.passages]
        self.is_second_hand = was_quoted(claim, document)
        texts = {place.source: list[str]() for place in self.places} or ({document: []} if document.key else {})
        for place in self.places:
            # Those who quote a text do not tell where in it their words stand: the numbers are ours.
            texts[place.source] += [] if self.is_second_hand and place.read_at else [place.text]
        known = {text: notes.references.get(text) or _reference_to(text) for text in texts}
        cited = [(known[text], "; ".join(places)) for text, places in texts.items()]
        cited += [(notes.source(source), "") for source in claim.sources]
        self.references = tuple(reference for reference, _place in cited)
        dates = list(dict.fromkeys(reference.date for reference in self.references if reference.date))
        # One date alone remains a day that a sheet can sort by.
        self.date = dates[0] if len(dates) == 1 else ", ".join(dates)
        #: The places in one line, and the pages.
        named = (": ".join(filter(None, (text.kind, "; ".join(told)))) for text, told in texts.items() if text.kind)
        self.place = "; ".join((*named, *(place.text for place in self.places if not place.source.kind)))
        self.pages = ", ".join(dict.fromkeys(place.page for place in self.places if place.page))
        #: Who says it, and where: "Gåsemyr 2021", "Gåsemyr 2021, p. 2, sentence 10".
        self.source = name_source("; ".join(r.short for r in self.references), self.is_second_hand)
        self.short = ", ".join(filter(None, (self.source, self.place)))
        # Whose view it is, unless that is who wrote the text.
        makers = {maker.iri for text in texts for maker in text.authors or text.publishers}
        others = [holder for holder in claim.values("heldBy") if holder.iri not in makers]
        view = whose_view(claim, self._speaks_for) if others else ""
        where = ", ".join(dict.fromkeys(address for place in self.places for address in place.read_at))
        quoted = _("Read only as others quote it.") if self.is_second_hand else ""
        told = (view and f"{view}.", quoted, where and _("Read at %(where)s.", where=where))
        #: Remarks that belong beside a reference.
        self.remarks = " ".join(filter(None, told))
        self.cited = " ".join(filter(None, (*(own.footnote(place) for own, place in cited), self.remarks)))
        #: The footnote as it is copied: the reference, then the claim in other words.
        self.citation = f"{self.cited} {_('In other words: “%(claim)s”', claim=claim.sentence)}".strip()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """How it is put, besides its sentence."""
        return mark_in_full(self.claim, self._speaks_for)

    def beside(self, text: str) -> str:
        """Return the footnote of a text: the citation, the claim unless the text has it, how it is put, and notes."""
        cited = self.cited if self.claim.sentence in text else self.citation
        # The citation says whose view it is.
        put = how_put(self.claim, {holder.iri for holder in self.claim.values("heldBy")})
        return " ".join((cited, *([f"{put}."] if put else []), *(note.text for note in self.claim.notes)))

    def cells(self) -> list[str]:
        put, whose = (say(self.claim, self._speaks_for) for say in (how_put, whose_view))
        whose = "" if whose == put else whose
        cited = " ".join((self.cited, *(note.text for note in self.claim.notes)))
        return [self.claim.sentence, put, whose, self.source, self.pages, self.place, cited]


def claims_table(notes: Iterable[Note]) -> Table:
    """Return claims as a sheet: sentence, how firmly and by whom it is said, where, and the reference."""
    head = [_("Claim"), _("How it is put"), _("Whose view"), _("Source"), _("Page"), _("Place"), _("Reference")]
    return make_table(_("Claims"), head, [note.cells() for note in notes])


class Notes:
    """What footnotes of claims are made from, read once."""

    def __init__(self, reader: GraphReader, claims: Collection[ClaimView]) -> None:
        self._reader, self.documents, self.references = reader, read_documents(reader), read_references(reader)
        #: When what other sources say was fetched, and where.
        self._fetched = load_retrieval(reader, (view.claim for view in claims))
        self._addresses = reader.book.see_also(self._fetched) if self._fetched else {}
        passages = {passage.iri for view in claims for passage in view.passages}
        self._passages, self._parts = reader.book.find_passages(passages), read_embedded_texts(reader)
        #: Where they were read, if not where their documents stand.
        self._read_at = reader.book.values(passages, DCTERMS.source)

    def source(self, name: Name) -> Reference:
        """Return the reference to a source that isn't one of the documents."""
        key, fetched = re.split(r"[/#]", name.iri)[-1], self._fetched.get(name.iri, "")
        return Reference(key, name.text, address=self._addresses.get(name.iri, ""), fetched=fetched, is_document=False)

    def place(self, document: Document, name: Name) -> CitedPassage:
        passage = self._passages.get(name.iri)
        source, read_at = self._parts.get(name.iri, document), self._read_at.get(name.iri, {}).values()
        if passage is None:
            return CitedPassage(name, source=source)
        quotation = self._reader.quote(document.key, passage)
        addresses = tuple(term.value for terms in read_at for term in terms)
        # Where a page break stands nobody knows: "1 or 2".
        page = " ".join(_("or") if word == "or" else word for word in passage.page.split())
        return CitedPassage(name, page, passage.page_is_estimated, quotation, source, addresses)
