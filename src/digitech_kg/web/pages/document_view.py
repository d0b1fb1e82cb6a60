"""A document as a reader sees it: sections in order, each passage with the claims made from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from digitech_kg.authoring import TextCopy
from digitech_kg.namespaces import DK
from digitech_kg.web.pages.passage_page import section_of
from digitech_kg.web.reading import browse_queries
from digitech_kg.web.reading.claim_views import ClaimView, count_manners, iris_in, load_claims, view_claims
from digitech_kg.web.reading.documents import DocumentEntry, Passage, find_document, list_documents, read_passages
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader

#: Kinds of passages that hold others and have no words of their own.
_CONTAINERS = frozenset(kind.value for kind in (DK.Section, DK.Paragraph, DK.Table, DK.TableRow))
#: More claims than one document is read with.
_MOST_CLAIMS = 5000


@dataclass(frozen=True)
class PassageLine:
    """A sentence, heading or cell with its claims; `quotation` only from a copy whose hash fits."""

    name: Name
    passage: Passage
    kind: Name
    quotation: str | None
    claims: tuple[ClaimView, ...]
    repeats: Name | None


@dataclass(frozen=True)
class SectionView:
    """A section and its passages in order; without a name for what stands in no section."""

    name: Name | None
    anchor: str
    passages: tuple[PassageLine, ...]


@dataclass(frozen=True)
class DocumentView:
    """A document's structure. `text` says of the copy: none, matching, differing (some passages), wrong (all)."""

    entry: DocumentEntry
    sections: tuple[SectionView, ...]
    text: str
    #: How many claims are made in which manner.
    counts: tuple[tuple[str, int], ...]
    passages: int
    truncated: bool


def view_document(reader: GraphReader, name: str, language: str, copy: TextCopy | None = None) -> DocumentView:
    """Read a document of the graph. Raises `NotFound` if it has no passages."""
    iri = find_document(reader, name)
    entry = next(entry for entry in list_documents(reader, language) if entry.name == name)
    passages = read_passages(reader, name)
    claims, truncated = load_claims(reader, browse_queries.CLAIMS_OF_DOCUMENT, iri, limit=_MOST_CLAIMS)
    kinds = {passage.kind for passage in passages.values()}
    labels = Labels(reader, language, {*passages, *kinds} | iris_in(reader, claims))
    cited: dict[str, list[ClaimView]] = defaultdict(list)
    for view in view_claims(reader, claims, labels):
        for passage in view.passages:
            cited[passage.iri].append(view)
    lines = [_line(passage, labels, cited[passage.iri], copy) for passage in passages.values()]
    shown = [line for line in lines if line.passage.kind not in _CONTAINERS or line.claims]
    return DocumentView(
        entry,
        tuple(_sections(passages, shown, labels)),
        _verdict(copy, shown),
        count_manners(claims),
        len(shown),
        truncated,
    )


def _line(passage: Passage, labels: Labels, claims: list[ClaimView], copy: TextCopy | None) -> PassageLine:
    return PassageLine(
        labels.name(passage.iri),
        passage,
        labels.name(passage.kind),
        copy.quote(passage.start, passage.end, passage.hash) if copy and passage.hash else None,
        tuple(claims),
        labels.name(passage.repeats) if passage.repeats else None,
    )


def _sections(passages: dict[str, Passage], lines: Iterable[PassageLine], labels: Labels) -> list[SectionView]:
    groups: dict[str | None, list[PassageLine]] = {p.iri: [] for p in passages.values() if p.is_section}
    for line in lines:
        iri = line.passage.iri
        groups.setdefault(iri if line.passage.is_section else section_of(iri, passages), []).append(line)
    views = [_section(passages[iri] if iri else None, group, labels) for iri, group in groups.items()]
    # What stands in no section, such as a title, comes first if the text has it first.
    return sorted(views, key=lambda view: min((line.passage.start for line in view.passages), default=0))


def _section(section: Passage | None, lines: list[PassageLine], labels: Labels) -> SectionView:
    name = labels.name(section.iri) if section else None
    return SectionView(name, section.anchor if section else "beside-sections", tuple(lines))


def _verdict(copy: TextCopy | None, lines: Iterable[PassageLine]) -> str:
    if copy is None:
        return "none"
    found = [line.quotation is not None for line in lines if line.passage.kind not in _CONTAINERS]
    return "matching" if all(found) else "differing" if any(found) else "wrong"
