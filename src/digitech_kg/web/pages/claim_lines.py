"""Main claims as lines of a list: each with its parts, whom it addresses, what later documents say, and its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        return columns()[key][1](self)

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


def columns() -> dict[str, tuple[str, Callable[[Line], str]]]:
    """Return what each column of a list is called, and what it says of a line, by its key."""
    return {
        "sentence": (_("Main claim"), lambda line: line.claim.sentence),
        "kind": (_("Kind"), lambda line: kind_words(line.claim.firm)),
        "negation": (_("Says that it is not"), lambda line: _("Yes") if line.claim.negated else _("No")),
        "certainty": (_("How firmly"), lambda line: certainty_mark(line.claim).text),
        "view": (_("Whose view"), lambda line: whose_view(line.claim, line.said.document.speaks_for)),
        "limits": (_("Limits and conditions"), _limits),
        "document": (_("Document"), lambda line: line.said.document.text),
        "date": (_("Date"), lambda line: line.said.document.date),
        "place": (_("Place"), lambda line: line.note.place),
        "addressee": (_("Whom it addresses"), lambda line: line.addressee.text if line.addressee else ""),
        "later": (_("What later documents say"), _later),
        "topics": (_("Topics"), lambda line: ", ".join(line.topics)),
        "details": (_("Details"), lambda line: "\n".join(detail.name.text for detail in line.said.details)),
        "reference": (_("Reference"), lambda line: line.reference),
        "link": (_("Link"), lambda line: line.link),
    }


def _limits(line: Line) -> str:
    marks = reserve_marks(line.claim, line.said.document.speaks_for)
    return "; ".join(mark.text for mark in marks if mark.symbol in ("", "cond", "read"))


def _later(line: Line) -> str:
    return "\n".join(f"{o.words}: {o.said.claim.sentence} ({o.said.document.text})" for o in line.outcomes)


def kinds() -> dict[str, tuple[str, str, str]]:
    """Return what a claim of each kind is called, a list of such claims, and a denial, by its key in addresses."""
    return {
        "statement": (_("Statement"), _("Statements"), _("Says that it is not")),
        "denial": (_("Says that it is not"), _("What documents say is not so"), ""),
        "prediction": (_("Prediction"), _("Predictions"), _("Says that it will not")),
        "recommendation": (_("Recommendation"), _("Recommendations"), _("Advises against it")),
        "norm": (_("Rule"), _("Rules"), _("Rule against it")),
        "order": (_("Order"), _("Orders"), ""),
        "promise": (_("Promise"), _("Promises"), _("Promises not to")),
        "openQuestion": (_("Question"), _("Questions"), ""),
        "definition": (_("Definition"), _("Definitions"), ""),
        "hypothesis": (_("Hypothesis"), _("Hypotheses"), ""),
    }


def kind_words(firm: Firmness) -> str:
    """Return of which kind a claim is; one that says no says so."""
    called, _many, denied = kinds().get(firm.kind) or (in_words(firm.kind).capitalize(), "", "")
    return (denied or f"{called}: {_('not')}") if firm.denied else called


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
