"""What the page of a claim shows: its sentence, how it is put and cited, and who says otherwise."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from flask import url_for

from digitech_kg.book import Book, ClaimFilter, IssueEntry, PositionEntry
from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import RELATIONS
from digitech_kg.comparison.documents import OPPOSED
from digitech_kg.errors import NotFound
from digitech_kg.namespaces import DCTERMS, DK, TERMS
from digitech_kg.web.http.languages import _, words_of
from digitech_kg.web.pages.citing import Note, Notes, Origin
from digitech_kg.web.reading.addresses import nothing_about
from digitech_kg.web.reading.claim_views import ClaimView, axis_words, by_weight, load_claims, load_retrieval
from digitech_kg.web.reading.dataset import Document, read_documents
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import (
    Detail,
    PositionWords,
    Sentence,
    answer_words,
    certainty_mark,
    stance_words,
    tell,
)

#: Reserves that the page tells elsewhere than in a row of their own.
_TOLD: Final = frozenset(("certainty", "cue", "salience", "passagesStateIt"))


class _Found:
    """What is known of a claim and of those around it, read at once. Raises `NotFound` if there is no such claim."""

    def __init__(self, reader: GraphReader, iri: str) -> None:
        book, self.documents = reader.book, read_documents(reader)
        entry = book.find_entries([iri]).get(iri)
        if entry is None:
            raise nothing_about(book, iri)
        self.entry, self.parts = entry, book.parts_of([iri]).get(iri, [])
        circle = {iri, entry.main, *self.parts} - {""}
        taken = ((issue, issue.positions.get(entry.put.document)) for issue in book.issues.values())
        #: The issues on which it, its main claim or a part takes a side, each with the position of its document.
        self.positions = [
            (issue, p) for issue, p in taken if p and circle & {p.best, *p.claims, *issue.listed.get(p.answer, ())}
        ]
        self.opposed = _opposed(book, circle, self.positions)
        #: Other main claims of its passages, and claims that bear on it.
        found = [book.find_claims(ClaimFilter(passage=passage, part="0"), order="text") for passage in entry.passages]
        self.beside = dict.fromkeys(claim for claims in found for claim in claims if claim not in circle)
        self.bearing = book.find_claims(ClaimFilter(bears_on=iri, outside="1"), order="iri")
        linked = (str(term.value) for terms in book.values([iri], *RELATIONS).get(iri, {}).values() for term in terms)
        paired = (place for place in self.opposed.values() if isinstance(place, str))
        wanted = dict.fromkeys((iri, *circle, *self.opposed, *paired, *self.bearing, *self.beside, *linked))
        self.sections = book.sections_of(entry.passages)
        self.views, self.labels = load_claims(reader, list(wanted), self.sections.values())
        if iri not in self.views:
            path = iri.removeprefix(reader.names.base)
            raise NotFound(f"the claim '{path}' is incomplete", hint="Run: digitech-kg validate")
        self.view = self.views[iri]

    def contrary(self) -> Iterator[Sentence]:
        """Yield the sentences of other documents that stand against it, each with how it does."""
        for claim, at in self.opposed.items():
            other, compared = self.views.get(claim), at if isinstance(at, PositionWords) else self.views.get(at)
            if other and compared:
                position = compared if isinstance(compared, PositionWords) else _difference(self.view, compared)
                yield tell(other, self.documents, position=position)

    def related(self) -> list[tuple[str, ClaimView]]:
        """Return the claims that it bears on, or that bear on it, each with how."""
        links = _links(self.view.claim, [self.views[other].claim for other in self.bearing if other in self.views])
        return [(told, self.views[other]) for told, other in links if other in self.views]


def view_claim(reader: GraphReader, iri: str) -> dict[str, Any]:
    """Return what the page of a claim shows. Raises `NotFound` if there is no such claim."""
    book, path, found = reader.book, iri.removeprefix(reader.names.base), _Found(reader, iri)
    view, views, labels, documents = found.view, found.views, found.labels, found.documents
    document = documents.get(found.entry.put.document)
    details = (Detail(labels.name(part), views[part].is_reading) for part in found.parts if part in views)
    names = {passage: labels.name(section) for passage, section in found.sections.items()}
    about = {term.value for term in view.claim.all(DK.hasTopic)}
    note, origin = Note(Notes(reader, [view]), view), Origin(reader, url_for("browse.page", path=path, _external=True))
    return {
        "told": tell(view, documents, details),
        "claim": view,
        "main": views.get(found.entry.main),
        "document": document,
        "taken_from": _taken_from(book, view, documents.values()),
        "note": note,
        # What is cited with it: the claim itself, then what makes it.
        "references": [
            origin.reference(path[6:].replace("/", "-"), view.sentence, f"{note.short}. {note.remarks}".strip()),
            *(replace(reference, place=note.remarks) for reference in note.references),
        ],
        "origin": origin,
        # The section of each passage; none where it is called as the document is.
        "sections": {iri: name for iri, name in names.items() if not document or name.text != document.title},
        "contrary": list(found.contrary()),
        "issues": [issue for issue, _own in found.positions],
        "firmly": "" if view.external else certainty_mark(view).text,
        "ways": _ways(view, document.speaks_for if document else ()).items(),
        "related": found.related(),
        "neighbours": sorted((views[one] for one in found.beside if one in views), key=by_weight),
        "topics": [topic for topic in book.topics.values() if topic.iri in about],
        "retrieved": load_retrieval(reader, [view.claim]),
    }


def _taken_from(book: Book, view: ClaimView, documents: Iterable[Document]) -> Document | None:
    """Return the document here whose text a source outside is; None if none is."""
    copied = book.values((source.iri for source in view.sources), DCTERMS.isFormatOf)
    texts = {document.about.iri: document for document in documents}
    return next((texts[o.value] for own in copied.values() for o in own[DCTERMS.isFormatOf] if o.value in texts), None)


def _opposed(
    book: Book, claims: set[str], positions: Iterable[tuple[IssueEntry, PositionEntry]]
) -> dict[str, PositionWords | str]:
    """Return main claims of other documents that stand against some: with the position there, or the claim compared."""
    found: dict[str, PositionWords | str] = {}
    for issue, position in positions:
        against = {other for kind, other in position.relations if kind in OPPOSED}
        for other in issue.positions.values():
            if other.iri in against and other.best:
                found.setdefault(other.best, answer_words(other, issue.kind))
    pairs = (pair for pair in book.comparisons(claims=claims) if pair.kind in OPPOSED)
    others = [pair.second if pair.first in claims else pair.first for pair in pairs]
    for entry in book.find_entries(others).values():
        found.setdefault(entry.main_claim, entry.iri)
    return found


def _difference(own: ClaimView, other: ClaimView) -> PositionWords:
    """Return how a claim stands to another that it is paired with, which may be what we read out of a sentence."""
    if own.negated == other.negated:
        return PositionWords("open", _("Otherwise"), _("Says otherwise"))
    mark, short, words = "yes", _("Says so"), _("Says that it is so")
    if other.negated:
        mark, short, words = "no", _("Says not"), _("Says that it is not so")
    return PositionWords(mark, short, f"{short}, {_('by our reading')}" if other.is_reading else words)


def _ways(claim: ClaimView, speaks_for: Collection[str]) -> dict[str, list[Name]]:
    """Return what is told of how a claim is put besides how firmly, by what it is called.

    What the author thinks of it is told only of a view of others.
    """
    rows: dict[str, list[Name]] = defaultdict(list)
    left_out = _TOLD | ({"stance"} if all(it.iri in speaks_for for it in claim.values("heldBy")) else set())
    order = words_of("kind")["order"].lower() if claim.firm.kind == "order" else ""
    said = {"stance": stance_words(claim.stance), "mood": order}
    for axis, value in claim.reserves:
        if axis.key not in left_out:
            rows[axis_words(axis)].append(Name(text=said[axis.key]) if said.get(axis.key) else value)
    if DK.together in claim.claim.all(DK.passagesStateIt) and len(claim.passages) > 1:
        rows[_("Where")].append(Name(text=_("It takes these passages together")))
    return rows


def _links(claim: Claim, others: Iterable[Claim]) -> list[tuple[str, str]]:
    """Return in words how a claim bears on others of its document, and in reverse how these bear on it."""
    relation, reverse = ({TERMS + key: text for key, text in words_of(own).items()} for own in ("relation", "reverse"))
    own = [(relation[prop.value], str(other.value)) for prop in RELATIONS for other in claim.all(prop)]
    # A relation that is the same from both sides is told once.
    bearing = ((prop.value, other) for other in others for prop in RELATIONS if claim.iri in other.all(prop))
    back = [(reverse[prop], other.iri.value) for prop, other in bearing if prop in reverse]
    return list(dict.fromkeys((*own, *back)))
