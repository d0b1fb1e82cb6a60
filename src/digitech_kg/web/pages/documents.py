"""A document as a reader sees it, its text in its own shape with claims beside it; and one of its passages.

Without a copy of the text, the places of its sentences stand for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as WerkzeugResponse

from digitech_kg.book import ClaimEntry, ClaimFilter, Passage
from digitech_kg.claims.firmness import SALIENCES, Firmness
from digitech_kg.errors import NotFound
from digitech_kg.formats import HTML
from digitech_kg.namespaces import DK
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.negotiation import requested_format
from digitech_kg.web.pages.claim_list import read_asked
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, load_claims_of, view_claims
from digitech_kg.web.reading.documents import DocumentEntry, find_document, read_documents
from digitech_kg.web.reading.labels import PAGE_OR_DATA, Labels, Name, data_of, link_header
from digitech_kg.web.reading.reader import MOST_ROWS, GraphReader, node, query_for_people
from digitech_kg.web.site import Site

#: Kinds of passages that hold others and have no words of their own.
_CONTAINERS: Final = frozenset(kind.value for kind in (DK.Section, DK.Paragraph, DK.Table))
#: Steps of the slider for the margin: key claims, those that are not minor, all.
DENSITIES: Final[Mapping[str, tuple[str, ...]]] = {str(step): SALIENCES[:step] for step in (1, 2, 3)}
#: From the loudest: which claim of a sentence its line is drawn by.
_LOUDNESS: Final = (
    "hypothesis",
    "openQuestion",
    "definition",
    "statement",
    "order",
    "norm",
    "recommendation",
    "promise",
    "prediction",
)


def documents_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the reading view; documents are quoted where there is a copy of the text."""
    reader = site.reader

    def lead_to_data() -> WerkzeugResponse | None:
        fmt = requested_format(PAGE_OR_DATA)
        name = (request.view_args or {}).get("name", "")
        if fmt is HTML:
            return None
        return redirect(data_of(find_document(reader, name), fmt, reader.names), code=303)

    blueprint = site.blueprint("documents", __name__, programs=lead_to_data)

    @blueprint.get("/document/<name>")
    def document(name: str) -> Response:
        density = request.args.get("claims", "")
        if density and density not in DENSITIES:
            hint = f"There are: {', '.join(DENSITIES)}."
            raise NotFound(f"there are no claims of the kind '{density[:60]}'", hint=hint)
        view = view_document(
            reader,
            name,
            current_language(),
            density=density,
            wanted=_read_filter(reader, name),
            copy=site.copies.get(name),
        )
        response = make_response(render_template("document.html", view=view, script=script_address("own_copy")))
        response.headers["Link"] = link_header(view.entry.about.iri, reader.names)
        return response

    return blueprint


def _read_filter(reader: GraphReader, name: str) -> ClaimFilter:
    """Return which claims of a document are asked for, main claims and their parts."""
    asked = read_asked(reader, MultiDict({**request.args, "document": name}))
    return replace(asked.filter(reader.book), part="")


@dataclass(frozen=True)
class SentenceView:
    """A sentence, heading or cell: its name, its words if a copy has them, and how firmly its claims are put."""

    name: Name
    passage: Passage
    quotation: str | None
    #: How many claims it states.
    count: int
    #: By which its line is drawn; None if it states nothing.
    firm: Firmness | None
    repeats: Name | None


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph or a table, and the claims beside it."""

    kind: str
    sentences: tuple[SentenceView, ...]
    #: The claims that stand in the margin, in the order of the text.
    claims: tuple[ClaimView, ...]
    #: The page that begins with it; "" if it is on the page of the block before.
    begins: str
    page_is_estimated: bool

    @property
    def rows(self) -> list[list[SentenceView]]:
        """The cells of a table by row."""
        ordered = sorted(self.sentences, key=lambda one: one.passage.cell or (0, 0))
        return [list(row) for _, row in groupby(ordered, key=lambda one: (one.passage.cell or (0, 0))[0])]


@dataclass(frozen=True)
class SectionView:
    """A section and its blocks in order; without a name for what stands in no section."""

    name: Name | None
    anchor: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class DocumentView:
    """A document's structure. `text` says how the copy fits: none, matching, differing (some passages), wrong (all)."""

    entry: DocumentEntry
    sections: tuple[SectionView, ...]
    text: str
    passages: int
    density: str
    #: How many claims each density shows.
    counts: Mapping[str, int]
    #: Which claims are shown beside the density.
    filter: ClaimFilter


def view_document(
    reader: GraphReader, name: str, language: str, *, density: str, wanted: ClaimFilter, copy: TextCopy | None = None
) -> DocumentView:
    """Read a document with the claims of a density, by default the first that has any. Raises `NotFound`."""
    find_document(reader, name)
    passages = reader.book.passages_of(name)
    own = reader.book.entries(ClaimFilter(document=name))
    counts = {key: sum(entry.put.salience in kept for entry in own) for key, kept in DENSITIES.items()}
    density = density or next((key for key in DENSITIES if counts[key]), "3")
    shown = [e.iri for e in own if e.put.salience in DENSITIES[density] and wanted.takes(e.put)]
    claims = load_claims_of(reader, shown, language)
    labels = Labels(reader, language, passages)
    builder = _Builder(passages, labels, own, claims, copy)
    sections = tuple(builder.sections())
    sentences = [one for section in sections for block in section.blocks for one in block.sentences]
    return DocumentView(
        read_documents(reader, [name], language)[name],
        sections,
        _verdict(copy, sentences),
        len(sentences),
        density,
        counts,
        wanted,
    )


class _Builder:
    """Puts passages and claims of one document together."""

    def __init__(
        self,
        passages: dict[str, Passage],
        labels: Labels,
        entries: Iterable[ClaimEntry],
        claims: Iterable[ClaimView],
        copy: TextCopy | None,
    ) -> None:
        self._passages, self._labels, self._copy = passages, labels, copy
        self._entries: dict[str, list[ClaimEntry]] = defaultdict(list)
        for entry in entries:
            for passage in entry.passages:
                self._entries[passage].append(entry)
        self._claims: dict[str, list[ClaimView]] = defaultdict(list)
        for claim in claims:
            if claim.passages:
                self._claims[claim.passages[0].iri].append(claim)
        self._page = ""

    def sections(self) -> Iterator[SectionView]:
        """Yield the sections in the order of the text; what stands in none comes where the text has it."""
        groups: dict[str | None, list[Passage]] = {p.iri: [] for p in self._passages.values() if p.is_section}
        for passage in self._passages.values():
            if passage.kind == DK.Mention.value:
                continue  # It has no words beside those of its sentence.
            if passage.kind not in _CONTAINERS or passage.iri in self._claims:
                own = passage.iri if passage.is_section else _section_of(passage.iri, self._passages)
                groups.setdefault(own, []).append(passage)
        for iri, held in sorted(groups.items(), key=lambda group: min((p.start for p in group[1]), default=0)):
            section = self._passages[iri] if iri else None
            name = self._labels.name(section.iri) if section else None
            anchor = section.anchor if section else "beside-sections"
            yield SectionView(name, anchor, tuple(self._blocks(held)))

    def _blocks(self, held: list[Passage]) -> Iterator[Block]:
        for _, together in groupby(held, key=self._block_of):
            found = list(together)
            sentences = [passage for passage in found if passage.kind not in _CONTAINERS]
            claims = [claim for passage in found for claim in self._claims[passage.iri]]
            page = next((passage.page for passage in found if passage.page), "")
            begins = page if page != self._page else ""
            self._page = page or self._page
            kind = "heading" if found[0].kind == DK.Heading.value else "table" if found[0].cell else "paragraph"
            estimated = any(passage.page_is_estimated for passage in found)
            yield Block(kind, tuple(map(self._sentence, sentences)), tuple(claims), begins, estimated)

    def _block_of(self, passage: Passage) -> str:
        """Return what a passage stands together with: its paragraph or table."""
        if passage.kind in _CONTAINERS:
            return passage.iri
        parents = [self._passages[parent] for parent in sorted(passage.parents) if parent in self._passages]
        held_by = next((parent for parent in parents if not parent.is_section), None)
        return held_by.iri if held_by else passage.iri

    def _sentence(self, passage: Passage) -> SentenceView:
        copy, own = self._copy, self._entries[passage.iri]
        return SentenceView(
            self._labels.name(passage.iri),
            passage,
            copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None,
            len(own),
            max((entry.put.firm for entry in own), key=_loudness, default=None),
            self._labels.name(passage.repeats) if passage.repeats else None,
        )


def _loudness(firm: Firmness) -> tuple[bool, int, bool]:
    loudness = _LOUDNESS.index(firm.kind) if firm.kind in _LOUDNESS else len(_LOUDNESS)
    return firm.denied, loudness, firm.doubt > 0


def _verdict(copy: TextCopy | None, sentences: Iterable[SentenceView]) -> str:
    if copy is None:
        return "none"
    found = [one.quotation is not None for one in sentences]
    return "matching" if all(found) else "differing" if any(found) else "wrong"


def _section_of(iri: str, passages: Mapping[str, Passage]) -> str | None:
    """Return the section that a passage is part of, itself or through what it is part of; None outside of sections."""
    seen, waiting = {iri}, sorted(passages[iri].parents)
    while waiting:
        parent = waiting.pop(0)
        if parent in seen or parent not in passages:
            continue
        if passages[parent].is_section:
            return parent
        seen.add(parent)
        waiting += sorted(passages[parent].parents)
    return None


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
    kind: Name
    document: Name
    #: What the document is called in the address of its reading view.
    document_name: str
    section: Name | None
    claims: tuple[ClaimView, ...]
    things: tuple[Name, ...]
    repeats: Name | None
    parts: tuple[Name, ...]
    #: Whether the server has a copy of the text.
    has_copy: bool
    #: From the copy, if its hash fits.
    quotation: str | None
    #: Of the quotation; "" if it is not known.
    text_language: str
    #: A query for what is on the page.
    query: str

    @property
    def key(self) -> str:
        """The part of its IRI that names the document and the passage."""
        return f"{self.document_name}/{self.passage.anchor}"


def view_passage(reader: GraphReader, iri: str, language: str, copies: Mapping[str, TextCopy]) -> PassagePage:
    """Read what the page of a passage shows. Raises `NotFound` if there is no such passage."""
    book, name = reader.book, reader.names.document_of(iri) or ""
    passage = book.find_passages([iri]).get(iri)
    document = read_documents(reader, [name], language).get(name)
    if passage is None or document is None:
        path = iri.removeprefix(reader.names.base)
        raise NotFound(f"there is no passage '{path}'", hint="Search for what you meant.", code="unknown-passage")
    held = book.find_passages(part for part, _ in book.pointing(iri, DK.isPartOf))
    parts = [part.iri for part in held.values() if part.kind != DK.Mention.value]
    things = [thing for thing, _ in book.pointing(iri, DK.describedIn)]
    claims = book.claims(book.find_claims(ClaimFilter(passage=iri, outside="1"), order="iri", limit=MOST_ROWS))
    section = book.sections_of([iri]).get(iri, "")
    wanted = {iri, passage.kind, passage.repeats, section, document.about.iri, *parts, *things}
    labels = Labels(reader, language, wanted | iris_in(reader, claims))
    copy = copies.get(name)
    return PassagePage(
        name=labels.name(iri),
        passage=passage,
        kind=labels.name(passage.kind),
        document=labels.name(document.about.iri),
        document_name=name,
        section=labels.name(section) if section else None,
        claims=view_claims(reader, claims, labels),
        things=tuple(map(labels.name, things)),
        repeats=labels.name(passage.repeats) if passage.repeats else None,
        parts=tuple(map(labels.name, parts)),
        has_copy=copy is not None,
        quotation=copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None,
        text_language=document.text_language,
        query=query_for_people(reader.names, _QUERY, this=node(iri)),
    )
