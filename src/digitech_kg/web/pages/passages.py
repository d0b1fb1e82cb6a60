"""A passage by itself: its place, its words where there is a copy, and what is taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from digitech_kg.book import ClaimFilter, Passage
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DK
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.pages.document_rows import mark_words
from digitech_kg.web.reading.documents import DocumentEntry, read_documents
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.main_claims import MainClaims, Said
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader, node, query_for_people

_QUERY: Final = """# The claims made from one passage.
SELECT ?sentence ?subject ?predicate ?object ?negated ?certainty ?claim
WHERE {
  ?claim dk:statedIn $this ;
    dk:subject ?subject ;
    dk:predicate ?predicate ;
    dk:object|dk:value ?object .
  OPTIONAL { ?claim dk:sentence ?sentence . FILTER(LANGMATCHES(LANG(?sentence), "$language")) }
  OPTIONAL { ?claim dk:negated ?negated }
  OPTIONAL { ?claim dk:certainty ?certainty }
}
ORDER BY ?claim
"""


@dataclass(frozen=True)
class PassagePage:
    """A passage, its place, and what is taken from it."""

    name: Name
    passage: Passage
    #: What it is: a sentence, a cell.
    kind: Name
    document: DocumentEntry
    section: Name | None
    #: Main claims that it states, alone or with other passages, and those of which it states details alone.
    said: tuple[Said, ...]
    detailed: tuple[Said, ...]
    things: tuple[Name, ...]
    repeats: Name | None
    parts: tuple[Name, ...]
    #: Whether the server has a copy of the text.
    has_copy: bool
    #: From the copy, if its hash fits: every second piece shows how firmly it is put.
    words: tuple[str, ...] | None
    #: A query for what is on the page.
    query: str

    @property
    def key(self) -> str:
        """The part of its IRI that names the document and the passage."""
        return f"{self.document.name}/{self.passage.anchor}"


def view_passage(reader: GraphReader, iri: str, language: str, copies: Mapping[str, TextCopy]) -> PassagePage:
    """Read what the page of a passage shows. Raises `NotFound` if there is no such passage."""
    book, name = reader.book, reader.names.document_of(iri) or ""
    passage = book.find_passages([iri]).get(iri)
    document = read_documents(reader, [name], language).get(name)
    if passage is None or document is None:
        path = iri.removeprefix(reader.names.base)
        raise NotFound(f"there is no passage '{path}'", hint="Search for what you meant.", code="unknown-passage")
    stating = book.find_claims(ClaimFilter(passage=iri, outside="1"), order="text", limit=MOST_ROWS)
    entries = book.find_entries(stating)
    mains = list(dict.fromkeys(entries[own].main or own for own in stating))
    held = book.find_passages(part for part, _ in book.pointing(iri, DK.isPartOf))
    parts = [part.iri for part in held.values() if part.kind != DK.Mention.value]
    things = [thing for thing, _ in book.pointing(iri, DK.describedIn)]
    section = book.sections_of([iri]).get(iri, "")
    passages = {main: entry.passages for main, entry in book.find_entries(mains).items()}
    details, named = book.parts_of(mains), {iri, passage.kind, passage.repeats, section, *parts, *things}
    claims = MainClaims(reader, language, {main: details.get(main, ()) for main in mains}, named)
    labels, copy = claims.labels, copies.get(name)
    quotation = copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None
    cues = [cue.value for own in book.values(stating, DK.cue).values() for cue in own[DK.cue]]
    told = {main: claims.tell(main, (other for other in passages[main] if other != iri)) for main in mains}
    return PassagePage(
        labels.name(iri),
        passage,
        labels.name(passage.kind),
        document,
        labels.name(section) if section and section != iri else None,
        tuple(one for main, found in told.items() for one in found if main in stating),
        tuple(one for main, found in told.items() for one in found if main not in stating),
        tuple(map(labels.name, things)),
        labels.name(passage.repeats) if passage.repeats else None,
        tuple(map(labels.name, parts)),
        copy is not None,
        mark_words(quotation, cues) if quotation else None,
        query_for_people(reader.names, _QUERY, this=node(iri)),
    )
