"""Footnotes: for each claim of an answer, where it stands, how firmly it is made, and how to cite it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.citing import Reference, reference_of, source_reference
from digitech_kg.web.reading.claim_views import ClaimView, load_retrieval
from digitech_kg.web.reading.documents import DocumentEntry, Passage, list_documents, read_passages
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.wording import headline, remarks, voice, words


@dataclass(frozen=True, slots=True)
class Place:
    """A passage that states a claim; quoted from a copy of the text if there is one whose hash fits."""

    name: Name
    page: str
    page_is_estimated: bool
    quotation: str | None

    @property
    def text(self) -> str:
        """Return its name, and whether its page is a guess."""
        return f"{self.name.text} ({_('page estimated')})" if self.page_is_estimated else self.name.text


@dataclass(frozen=True)
class Note:
    """One footnote."""

    number: int
    claim: ClaimView
    places: tuple[Place, ...]
    references: tuple[Reference, ...]
    #: The document's name in addresses, and the language of its text; "" for a claim of another source.
    document: str = ""
    text_language: str = ""
    #: The number of the sentence of the answer that it belongs to.
    sentence: int = 0

    @property
    def place(self) -> str:
        """Return the places in one line."""
        return "; ".join(place.text for place in self.places)

    @property
    def pages(self) -> str:
        """Return the pages in one line."""
        return ", ".join(dict.fromkeys(place.page for place in self.places if place.page))

    @property
    def short(self) -> str:
        """Return who says it and where: "Gåsemyr 2021, p. 2, sentence 10"."""
        return ", ".join(part for part in ("; ".join(r.short for r in self.references), self.place) if part)

    @property
    def citation(self) -> str:
        """Return the footnote as it is copied: the reference, then the claim in other words."""
        cited = " ".join(reference.footnote(self.place) for reference in self.references)
        return f"{cited} {_('In other words: “%(claim)s”', claim=self.claim.sentence)}".strip()

    @property
    def told(self) -> str:
        """Return the footnote of a file: the citation, and how firmly it is put."""
        return f"{self.citation} {words(self.claim)}."

    def cells(self) -> list[str]:
        """Return its row in `claims_table`."""
        put = " · ".join((headline(self.claim), *remarks(self.claim)))
        sources = "; ".join(reference.short for reference in self.references)
        footnotes = " ".join(reference.footnote(self.place) for reference in self.references)
        return [self.claim.sentence, put, voice(self.claim), sources, self.pages, self.place, footnotes]


def claims_table(notes: Iterable[Note]) -> Table:
    """Return claims as a sheet: sentence, how firmly and by whom it is said, where, and the reference."""
    head = [_("Claim"), _("How it is put"), _("Whose view"), _("Source"), _("Page"), _("Place"), _("Reference")]
    return make_table(_("Claims"), head, [note.cells() for note in notes])


def list_sources(notes: Iterable[Note]) -> str:
    """Return what footnotes rest on in one line, with the pages of each: "Gåsemyr 2021, p. 1, 2"."""
    pages: dict[str, dict[str, None]] = {}
    for note in notes:
        for reference in note.references:
            pages.setdefault(reference.short, {}).update(dict.fromkeys(p.page for p in note.places if p.page))
    return "; ".join(
        ", ".join((short, *([f"{_('p.')} {', '.join(found)}"] if found else []))) for short, found in pages.items()
    )


class Notes:
    """Makes footnotes of claims; what documents hold is read once."""

    def __init__(
        self, reader: GraphReader, language: str, claims: Sequence[ClaimView], copies: Mapping[str, TextCopy]
    ) -> None:
        self._reader, self._copies = reader, copies
        self._entries: dict[str, DocumentEntry] = {e.about.iri: e for e in list_documents(reader, language)}
        self._fetched = load_retrieval(reader, (view.claim for view in claims))
        self._passages: dict[str, dict[str, Passage]] = {}

    def number(self, claims: Iterable[ClaimView]) -> tuple[Note, ...]:
        """Return footnotes numbered from 1."""
        return tuple(self.make(claim, number) for number, claim in enumerate(claims, start=1))

    def make(self, claim: ClaimView, number: int = 0) -> Note:
        """Return the footnote of a claim."""
        entry = self._entries.get(claim.document.iri) if claim.document else None
        name = entry.name if entry else ""
        references = [reference_of(entry)] if entry else []
        if claim.document and not entry:
            references = [Reference(claim.document_key or "", claim.document.text)]
        references += [source_reference(source, self._fetched.get(source.iri, "")) for source in claim.sources]
        places = tuple(place for passage in claim.passages if (place := self._place(name, passage)))
        language = entry.text_language if entry else ""
        return Note(number, claim, places, tuple(references), name, language)

    def _place(self, document: str, name: Name) -> Place:
        if document and document not in self._passages:
            self._passages[document] = read_passages(self._reader, document)
        passage = self._passages.get(document, {}).get(name.iri)
        if passage is None:
            return Place(name, "", page_is_estimated=False, quotation=None)
        copy = self._copies.get(document)
        quotation = copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None
        return Place(name, passage.page, passage.page_is_estimated, quotation)
