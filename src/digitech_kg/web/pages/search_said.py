"""What documents say of things or on a topic, as the answer to a search."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from flask import url_for

from digitech_kg.book import Book, ClaimEntry, ClaimFilter
from digitech_kg.iteration import grouped
from digitech_kg.search.meant import Meant
from digitech_kg.search.nearest import speaking, with_contrast
from digitech_kg.web.http.languages import _
from digitech_kg.web.pages.answers import Statement
from digitech_kg.web.pages.search_notices import enumerate_names
from digitech_kg.web.reading.addresses import comparison_of
from digitech_kg.web.reading.claim_views import ClaimView, first_time, load_claims
from digitech_kg.web.reading.dataset import Document, name_topics, read_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Sentence, Telling, count_mains, pronoun_of, say_unfinished, say_who_speaks

#: Main claims of an answer: of one document, of each of several, and of the only one that speaks of a thing.
MOST_OF_ONE: Final = 12
_MOST_OF_EACH: Final = 2
_MOST_OF_ONLY: Final = 5
#: Of more documents than these one sentence each is shown.
_FEW: Final = 3
_BOTH: Final = 2


@dataclass(frozen=True)
class FoundAnswer:
    """An answer: what it is the answer to, with its page; what it comes to; and what it rests on."""

    title: str
    href: str
    finding: str
    #: Of the title, if it is not the page's.
    language: str = ""
    lines: tuple[Sentence, ...] = ()
    #: The sentences of a saved question's answer, and how many more it has.
    statements: tuple[Statement, ...] = ()
    more: int = 0
    #: Addresses of the same as files, by what they are called.
    files: Mapping[str, str] = field(default_factory=dict)
    #: What no main claim has together with what is told; what no document has; what the answer does not name.
    left_out: str = ""
    nowhere: str = ""
    absent: str = ""
    #: The answer on a page that is close to what is asked.
    close: "FoundAnswer | None" = None
    #: IRIs that the rows of a saved question name.
    named: Set[str] = frozenset()
    #: The name of the document whose page it is, which says more than the answer.
    document: str = ""
    #: What other sources tell of a thing of which no document speaks.
    outside: tuple[ClaimView, ...] = ()


def said(reader: GraphReader, meant: Meant, of_each: int = _MOST_OF_EACH) -> FoundAnswer:
    """Return what documents say of things, or on a topic, or a document of both; so many sentences of each."""
    book, documents = reader.book, read_documents(reader)
    whole = {iri: name for name, iri in book.documents.items()}
    asked = meant.others if meant.kind == "topic" else meant.things
    spoken = meant.document or next((whole[iri] for iri in asked if iri in whole), "")
    things = [iri for iri in asked if iri not in whole]
    labels = Labels(reader, (*meant.things, *meant.left_out))
    topics = name_topics(reader)
    topic = next((t for t in book.topics.values() if t.iri == meant.iri), None)
    names, left_out = (
        [topics.get(iri) or labels.name(iri).text for iri in iris]
        for iris in ((*things, meant.iri) if topic else things, meant.left_out)
    )
    found = _mains(book, spoken, things, topic.iri if topic else "")
    mains = [entry for entry in found if not spoken or entry.put.document == spoken]
    nearness = {iri: place for place, iri in enumerate(meant.nearest)}
    mains.sort(key=lambda entry: nearness.get(entry.iri, len(nearness)))
    shown = _shown(mains, MOST_OF_ONE if spoken else of_each)
    by_document = Counter(entry.put.document for entry in mains)
    first = labels.name(things[0]) if things else None
    title = " · ".join([*([documents[spoken].text] if spoken else []), *names])
    called = (documents[spoken].text if names else called_in_full(documents[spoken])) if spoken else ""
    if len(by_document) == 1 and len(shown) <= _MOST_OF_ONLY:
        shown = list(with_contrast(book, shown, _MOST_OF_ONLY))
    lines = tuple(Telling(reader, shown or list(meant.nearest if spoken else ())).sentences.values())
    if spoken:
        # What its own words say comes before what others report of them, unless that is asked for.
        lines = tuple(sorted(lines, key=lambda line: line.is_second_hand and line.claim.main_claim not in nearness))
    told = _finding(names, called, by_document, {spoken: documents[spoken]} if spoken else documents, pronoun_of(first))
    return FoundAnswer(
        title,
        _page(reader, first, things, spoken, topic.name if topic else ""),
        f"{told} {_('Other documents speak of this.')}" if spoken and lines and not shown else told,
        left_out=enumerate_names(left_out),
        lines=lines,
        more=len({entry.iri for entry in mains}.difference(shown)),
        document=documents[spoken].text if spoken else "",
        outside=() if mains or spoken or topic or len(things) > 1 else outside_facts(reader, things[0]),
    )


def outside_facts(reader: GraphReader, thing: str) -> tuple[ClaimView, ...]:
    """Return what sources outside the documents tell of a thing, the latest first."""
    views, _labels = load_claims(reader, reader.book.find_claims(ClaimFilter(outside="1", about=thing)))
    return tuple(sorted((view for view in views.values() if view.external), key=first_time, reverse=True))


def _mains(book: Book, document: str, things: Sequence[str], topic: str) -> list[ClaimEntry]:
    """Return the main claims that speak of all the things on the topic, those that matter most first."""
    of_each = [speaking(book, document, iri, topic) for iri in things or [""]]
    common = [iri for iri in of_each[0] if all(iri in own for own in of_each)]
    entries = book.find_entries(common)
    return [entries[iri] for iri in common if iri in entries]


def _shown(mains: Iterable[ClaimEntry], most: int) -> list[str]:
    """Return the first claims of each document."""
    by_document = grouped((entry.put.document, entry.iri) for entry in mains)
    if most == _MOST_OF_EACH:
        most = 1 if len(by_document) > _FEW else _MOST_OF_ONLY if len(by_document) == 1 else most
    return [iri for own in by_document.values() for iri in own[:most]]


def _page(reader: GraphReader, first: Name | None, things: Sequence[str], document: str, topic: str) -> str:
    if document:
        return url_for("documents.document", name=document)
    if len(things) == _BOTH and not topic:
        return comparison_of(things, reader.names)
    return (first.href or "") if first else url_for("topics.topic", name=topic)


def called_in_full(document: Document) -> str:
    """Return what a document is called, with its authors and its date."""
    by = ", ".join(filter(None, (*(author.text for author in document.authors), document.date)))
    return f"{document.text} ({by})" if by else document.text


def _finding(
    names: Sequence[str], document: str, counts: Mapping[str, int], documents: Mapping[str, Document], pronoun: str
) -> str:
    """Return how many documents speak of it, and in how many main claims."""
    claims, name = count_mains(sum(counts.values())), enumerate_names(names)
    if document and not names:
        return _("%(document)s: what it says comes to %(claims)s.", document=document, claims=claims)
    if document and counts:
        return _("%(document)s: %(claims)s on %(name)s.", document=document, name=name, claims=claims)
    if not counts and (unfinished := say_unfinished(documents.values())):
        told = _("No claim here is about %(name)s.", name=name)
        told = _("%(document)s: no claim is about %(name)s.", document=document, name=name) if document else told
        return f"{told} {unfinished}"
    if document:
        return _("%(document)s: nothing on %(name)s in what was read.", document=document, name=name)
    if not counts:
        return _("No document here says anything about %(name)s.", name=name)
    told = say_who_speaks(counts, documents, _("them together") if len(names) > 1 else pronoun)
    names_one = told.startswith(tuple(it.text for it in documents.values()))
    return f"{name[:1].upper()}{name[1:]}: {told[:1] if names_one else told[:1].lower()}{told[1:]}"
