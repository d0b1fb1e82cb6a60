"""Main claims as lines of a list: each with its parts, whom it addresses, what later documents say, and its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import url_for

from digitech_kg.book import ClaimPair
from digitech_kg.claims.firmness import Firmness
from digitech_kg.namespaces import DCTERMS, DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.citing import Note, Notes
from digitech_kg.web.reading.claim_views import ClaimView, in_words, load_claims
from digitech_kg.web.reading.dataset import name_topics
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import (
    Sentence,
    Telling,
    certainty_mark,
    is_reading,
    reserve_marks,
    tell,
    whose_view,
)

#: Kinds of claims that tell somebody what to do.
_TELLING: Final = frozenset(("recommendation", "norm", "order"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a later document says of the matter: the mark and words of how it bears on the claim, and its sentence."""

    #: The class and the drawing of the mark.
    mark: str
    symbol: str
    words: str
    said: Sentence
    note: Note

    @property
    def reference(self) -> str:
        """What is cited, with the place in it."""
        return self.note.cited_for(self.said)

    @property
    def is_reading(self) -> bool:
        """Whether the later document does not say it in so many words."""
        return is_reading(self.said.claim)


@dataclass(frozen=True)
class Line:
    said: Sentence
    note: Note
    topics: tuple[str, ...]
    #: Whom it tells what to do; None if nobody is named, or it tells nobody.
    addressee: Name | None
    outcomes: tuple[Outcome, ...]

    @property
    def claim(self) -> ClaimView:
        return self.said.claim

    @property
    def reference(self) -> str:
        """What is cited, with the place in it."""
        return self.note.cited_for(self.said)

    def cell(self, key: str) -> str:
        """Return what a column says of it; `key` is one of `columns()`."""
        marks = reserve_marks(self.claim, self.said.document.speaks_for)
        limits = (mark.text for mark in marks if mark.symbol in ("", "cond", "read"))
        cells = {
            "sentence": self.claim.sentence,
            "kind": kind_words(self.claim.firm),
            "negation": _("Yes") if self.claim.negated else _("No"),
            "certainty": certainty_mark(self.claim).text,
            "view": whose_view(self.claim, self.said.document.speaks_for),
            "limits": "; ".join(limits),
            "document": self.said.document.text,
            "date": self.said.document.date,
            "place": self.note.place,
            "addressee": self.addressee.text if self.addressee else "",
            "later": "\n".join(f"{o.words}: {o.said.claim.sentence} ({o.said.document.text})" for o in self.outcomes),
            "topics": ", ".join(self.topics),
            "details": "\n".join(detail.name.text for detail in self.said.details),
            "reference": self.reference,
            "link": self.link,
        }
        return cells[key]

    def is_usual(self, key: str) -> bool:
        """Whether a column says nothing of it that is not the usual case."""
        firm = self.claim.firm
        usual = {
            "kind": firm.kind == "statement" and not firm.denied,
            "negation": not firm.denied,
            "certainty": firm.certainty == "certain",
            "view": not any(mark.symbol == "told" for mark in self.said.marks),
        }
        return usual.get(key, False)

    @property
    def link(self) -> str:
        """The whole address of its page."""
        path = self.claim.href or ""
        return url_for("places.start", lang=None, _external=True).rstrip("/") + path.partition("?")[0]


def columns() -> dict[str, str]:
    """Return what each column of a list is called, by its key."""
    return {
        "sentence": _("Main claim"),
        "kind": _("Kind"),
        "negation": _("Says that it is not"),
        "certainty": _("How firmly"),
        "view": _("Whose view"),
        "limits": _("Limits and conditions"),
        "document": _("Document"),
        "date": _("Date"),
        "place": _("Place"),
        "addressee": _("Whom it addresses"),
        "later": _("What later documents say"),
        "topics": _("Topics"),
        "details": _("Details"),
        "reference": _("Reference"),
        "link": _("Link"),
    }


def kinds() -> dict[str, tuple[str, str]]:
    """Return what a claim of each kind is called, and a list of such claims, by what an address calls them."""
    return {
        "statement": (_("Statement"), _("Statements")),
        "denial": (_("Says that it is not"), _("What documents say is not so")),
        "prediction": (_("Prediction"), _("Predictions")),
        "recommendation": (_("Recommendation"), _("Recommendations")),
        "norm": (_("Rule"), _("Rules")),
        "order": (_("Order"), _("Orders")),
        "promise": (_("Promise"), _("Promises")),
        "openQuestion": (_("Question"), _("Questions")),
        "definition": (_("Definition"), _("Definitions")),
        "hypothesis": (_("Hypothesis"), _("Hypotheses")),
    }


def kind_words(firm: Firmness) -> str:
    """Return of which kind a claim is; one that says no says so."""
    denied = {
        "statement": _("Says that it is not"),
        "prediction": _("Says that it will not"),
        "recommendation": _("Advises against it"),
        "norm": _("Rule against it"),
        "promise": _("Promises not to"),
    }
    called = kinds().get(firm.kind, (in_words(firm.kind).capitalize(),))[0]
    return denied.get(firm.kind, f"{called}: {_('not')}") if firm.denied else called


def load_lines(reader: GraphReader, iris: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of main claims of documents, in their order."""
    told, parts = Telling(reader, iris), reader.book.parts_of(iris) if iris else {}
    later = _later_claims(reader, [*iris, *(part for found in parts.values() for part in found)])
    views, _labels = load_claims(reader, list(dict.fromkeys(pair.second for pair in later)))
    mains = {iri: one.claim for iri, one in told.sentences.items() if one.document.key in told.documents}
    notes = Notes(reader, [*mains.values(), *views.values()])
    topics, addressees = _topics(reader, mains), _addressees(reader, mains)
    lines = []
    for iri in mains:
        found = [pair for pair in later if pair.first in (iri, *parts.get(iri, ())) and pair.second in views]
        outcomes = {pair.second: _outcome(pair, tell(views[pair.second], told.documents), notes) for pair in found}
        note, said = notes.make(mains[iri]), told.sentences[iri]
        lines.append(Line(said, note, topics.get(iri, ()), addressees.get(iri), tuple(outcomes.values())))
    return tuple(lines)


def _topics(reader: GraphReader, iris: Iterable[str]) -> dict[str, tuple[str, ...]]:
    called, told = name_topics(reader), reader.book.values(iris, DK.hasTopic)
    return {iri: tuple(called.get(t.value, "") for t in found[DK.hasTopic]) for iri, found in told.items()}


def _addressees(reader: GraphReader, views: Mapping[str, ClaimView]) -> dict[str, Name]:
    """Return whom claims tell what to do: the agent that is to act, unless it only gets something."""
    told = {iri: view for iri, view in views.items() if view.firm.kind in _TELLING}
    agents = reader.book.classes_below(DK.Agent) if told else set()
    acting = {
        iri: view.subject.iri
        for iri, view in told.items()
        if agents.intersection(view.subject.kinds) and view.predicate.iri != DK.has.value
    }
    labels = Labels(reader, acting.values())
    return {iri: labels.name(agent) for iri, agent in acting.items()}


def _later_claims(reader: GraphReader, iris: Sequence[str]) -> list[ClaimPair]:
    """Return what later documents say that was compared with some claims: these come first in each pair."""
    book, own = reader.book, set(iris)
    told = book.values(book.documents.values(), DCTERMS.issued)
    root = reader.names.prefixes["claim"]

    def issued(claim: str) -> str:
        iri = book.documents.get(claim.removeprefix(root).partition("/")[0], "")
        return next((date.value for date in told.get(iri, {}).get(DCTERMS.issued, ())), "")

    pairs = [
        ClaimPair(pair.iri, pair.kind, first, second)
        for pair in (book.comparisons(claims=iris) if iris else ())
        for first, second in ((pair.first, pair.second), (pair.second, pair.first))
        if first in own
    ]
    return [pair for pair in pairs if "" < issued(pair.first) < issued(pair.second)]


def _outcome(pair: ClaimPair, later: Sentence, notes: Notes) -> Outcome:
    """Return how a later claim bears on one: what is said only as probable or possible settles nothing."""
    limits = later.claim.limits
    if pair.kind == "corroborates":
        told = ("if", "part", _("Borne out in part")) if limits else ("yes", "tick", _("Borne out"))
    elif pair.kind in ("contradicts", "inTensionWith") and later.claim.firm.certainty == "certain":
        on = _("A later document says otherwise, only for %(what)s", what=", ".join(limits))
        told = ("no", "turn", on if limits else _("A later document says otherwise"))
    else:
        told = ("if", "part", _("A later document speaks of the same matter"))
    return Outcome(*told, later, notes.make(later.claim))
