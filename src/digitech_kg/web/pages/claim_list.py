"""The list of main claims: what an address asks for, and what stands in each line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from digitech_kg.book import ClaimFilter, ClaimPair
from digitech_kg.claims.model import KINDS, LEVELS, OTHER_LEVEL, VOICES, Firmness, firmness_of
from digitech_kg.errors import CallError, NotFound
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import _, current_words, ngettext
from digitech_kg.web.pages.citing import Note, Notes
from digitech_kg.web.pages.search import things_alike
from digitech_kg.web.reading.addresses import requested_part
from digitech_kg.web.reading.claim_views import ClaimView, load_claims
from digitech_kg.web.reading.dataset import NO_DOCUMENT, find_document, name_topics, read_documents, speakers, topics_of
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.reader import GraphReader, once_per_version
from digitech_kg.web.reading.sentences import (
    Sentence,
    Telling,
    certainty_mark,
    certainty_words,
    kinds,
    name_source,
    reserve_marks,
    say_unfinished,
    tell,
    whose_view,
)

#: Lines of a page.
SIZE: Final = 25
#: What a list is sorted by.
SORTS: Final = ("text", "weight")
#: Columns of a page, and of sheets, unless an address chooses.
_ON_PAGE: Final = ("kind", "certainty", "view", "document", "place")
_IN_FILES: Final = ("kind", "negation", "certainty", "view", "limits", "document", "date", "place", "reference", "link")
#: Whose view a claim is, unless somebody is named.
_WHOSE: Final = VOICES[:2]
#: Kinds of claims that tell what is to come.
FORECASTS: Final = ("prediction", "promise")
#: Kinds of claims that tell somebody what to do.
_TELLING: Final = ("recommendation", "norm", "order")
#: Further columns of sheets, by kind of claim.
_OF_KIND: Final = {**dict.fromkeys(FORECASTS, ("later",)), **dict.fromkeys(_TELLING, ("addressee",))}
#: The kind by which an address asks for statements that say no.
_DENIAL: Final = "denial"


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What an address asks for; "" is any."""

    document: str = ""
    #: The name of a topic.
    topic: str = ""
    #: One of `kinds()`.
    kind: str = ""
    certainty: str = ""
    #: One of `_WHOSE`, or a person or body whose view it is, and its IRI.
    voice: str = ""
    holder_iri: str = ""
    #: What is asked about as it was typed, and its IRI.
    thing: str = ""
    thing_iri: str = ""
    words: str = ""
    sort: str = ""
    #: Keys of `columns()`; none for the usual ones.
    columns: tuple[str, ...] = ()

    def filter(self, reader: GraphReader) -> ClaimFilter:
        book, kind, denied = reader.book, self.kind, ""
        if kind in (KINDS[0], _DENIAL):
            kind, denied = KINDS[0], "1" if kind == _DENIAL else "0"
        topic = book.topics[self.topic].iri if self.topic else ""
        views = book.views_of(self.holder_iri) if self.holder_iri else ClaimFilter(voice=self.voice)
        if views.document and self.document not in ("", views.document):
            views = ClaimFilter(holders=frozenset([self.holder_iri]))
        put = replace(views, document=self.document or views.document, kind=kind, denied=denied, part="0")
        return replace(put, certainty=self.certainty, topic=topic, about=self.thing_iri, words=self.words)

    def parameters(self, **changed: str) -> dict[str, str]:
        """Return the parameters of the address with some changed; what asks for nothing is left out."""
        names = ("document", "topic", "kind", "certainty", "voice", "thing", "words", "sort")
        kept = {name: getattr(self, name) for name in names} | {"columns": ",".join(self.columns)} | changed
        return {name: value for name, value in kept.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return replace(self, sort="", columns=()) != ListOptions()

    def shown_columns(self) -> tuple[str, ...]:
        """Return the columns of the page, and of paper, beside the sentence."""
        return self.columns or _ON_PAGE

    def file_columns(self) -> tuple[str, ...]:
        """Return the columns of sheets: those of the page, what its links and marks tell, and what its kind has."""
        return self.columns or (*_IN_FILES, *_OF_KIND.get(self.kind, ()))


def read_asked(reader: GraphReader, args: MultiDict[str, str]) -> ListOptions:
    """Return what parameters ask for. Raises `NotFound` for values that there are not, with those that there are."""
    known = {
        "kind": tuple(kinds()),
        "certainty": (*LEVELS, OTHER_LEVEL),
        "sort": SORTS,
        "topic": tuple(reader.book.topics),
    }
    given = {name: args.get(name, "") for name in known}
    chosen = tuple(dict.fromkeys(key for text in args.getlist("columns") for key in text.split(",") if key))
    for name, value in (*given.items(), *(("columns", key) for key in chosen)):
        among = known.get(name) or tuple(columns())
        if value and value not in among:
            hint = f"There are: {', '.join(among)}."
            raise NotFound(f"there is no '{value[:60]}' to choose as {name}", hint=hint)
    document, *named = (args.get(name, "").strip() for name in ("document", "thing", "voice"))
    if document:
        find_document(reader, document)
    found = [reader.book.find_thing(name) if name and name not in _WHOSE else "" for name in named]
    words = args.get("words", "").strip()
    if len(words) > 200:
        raise CallError("the words to look for are too long", hint="Look for one or two words of a sentence.")
    return ListOptions(
        document,
        thing=named[0],
        voice=reader.names.shorten(found[1]) if found[1] else named[1],
        thing_iri=found[0],
        holder_iri=found[1],
        words=words,
        columns=tuple(key for key in chosen if key != "sentence"),
        **given,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a field of the form, what it is called, and its group if the values have groups."""

    value: str
    text: str
    group: str = ""


def find_mains(reader: GraphReader, asked: ListOptions) -> tuple[str, ...]:
    wanted, documents = asked.filter(reader), list(read_documents(reader))
    return tuple(reader.book.find_claims(wanted, order=asked.sort or SORTS[0], documents=documents))


def view_list(reader: GraphReader, asked: ListOptions) -> dict[str, object]:
    """Return a part of a list. Raises `NotFound` for one after the last."""
    found = find_mains(reader, asked)
    part, parts = requested_part(len(found), SIZE)
    return {
        "title": title_of(asked),
        "finding": count_firmness(reader, asked, len(found)),
        "found": len(found),
        "alike": () if found else _alike(reader, asked),
        "lines": load_lines(reader, found[(part - 1) * SIZE : part * SIZE]),
        "part": part,
        "parts": parts,
    }


def _alike(reader: GraphReader, asked: ListOptions) -> list[Name]:
    """Return the things with a name like the one that is typed of which something is said that is as asked for."""
    wanted, things = asked.filter(reader), things_alike(reader, asked.thing)
    return [t.name for t in things if reader.book.count_claims(replace(wanted, about=t.name.iri))]


def title_of(asked: ListOptions) -> str:
    return kinds()[asked.kind][1] if asked.kind else _("Main claims")


def count_firmness(reader: GraphReader, asked: ListOptions, found: int) -> str:
    """Return how many there are, and how many of them are put with a reserve or as somebody else's view."""
    book, documents = reader.book, read_documents(reader)
    if not found:
        asked_of = documents.values() if asked.document not in documents else [documents[asked.document]]
        none = _("No main claim here is like that. This does not mean that it is not so.")
        return " ".join(filter(None, (none, say_unfinished(asked_of))))
    wanted = asked.filter(reader)
    said = [ngettext("One main claim", "%(num)d main claims", found)]
    certain = found if asked.certainty else book.count_claims(replace(wanted, certainty=LEVELS[0]))
    if hedged := found - certain:
        said.append(ngettext("one as probable or possible", "%(num)d as probable or possible", hedged))
    if not asked.voice and (other := book.count_claims(replace(wanted, voice="other"))):
        said.append(ngettext("one as somebody else’s view", "%(num)d as somebody else’s view", other))
    return ", ".join(said) + "."


def narrowed_to(reader: GraphReader, asked: ListOptions) -> str:
    """Return to which document, topic, thing and so on a list is narrowed, as the form calls them; "" for all."""
    choices = list_choices(reader)
    chosen = [
        next((choice.text for choice in choices[name] if choice.value == getattr(asked, name)), "")
        for name in ("document", "topic", "certainty", "voice")
    ]
    return "; ".join(filter(None, (*chosen, asked.thing, asked.words and _("“%(title)s”", title=asked.words))))


@once_per_version
def list_choices(reader: GraphReader) -> dict[str, tuple[Choice, ...]]:
    """Return what can be chosen in each field of the form: only what some main claim has."""
    book, topics = reader.book, name_topics(reader)
    groups = [group for group in book.claim_groups if not group.is_part]
    used = {g.firm.kind for g in groups} | ({_DENIAL} if any(g.firm.denied for g in groups) else set())
    levels = {group.firm.certainty for group in groups}
    documents = read_documents(reader)
    whose = set().union(*speakers(reader).values())
    labels = Labels(reader, whose)
    holders = sorted(map(labels.name, whose), key=lambda name: name.text.casefold())
    listed = (Choice(t.name, topics[t.iri], topics.get(t.broader, "")) for t in book.topics.values() if t.claims)
    sorts = (_("As in the text"), _("What matters most"))
    return {
        "document": tuple(Choice(name, document.text) for name, document in documents.items()),
        "topic": tuple(sorted(listed, key=lambda choice: (choice.group, choice.text))),
        "kind": tuple(Choice(key, text) for key, (text, *_rest) in kinds().items() if key in used),
        "certainty": tuple(Choice(key, certainty_words(key)) for key in (*LEVELS, OTHER_LEVEL) if key in levels),
        "voice": (
            *map(Choice, _WHOSE, (_("The author’s own"), _("Somebody else’s"))),
            *(Choice(name.curie, name.text, _("View of")) for name in holders),
        ),
        "sort": tuple(Choice(*choice) for choice in zip(SORTS, sorts, strict=True)),
    }


@dataclass(frozen=True, slots=True)
class LaterClaim:
    """What a later document says of the matter: the mark and words of how it bears on the claim, and its sentence."""

    #: The class and the drawing of the mark.
    mark: str
    symbol: str
    words: str
    said: Sentence
    note: Note


@dataclass(frozen=True)
class Line:
    said: Sentence
    note: Note
    topics: tuple[str, ...]
    #: Those who are told what to do; "" if nobody is named or told.
    addressee: str
    outcomes: tuple[LaterClaim, ...]

    @property
    def claim(self) -> ClaimView:
        return self.said.claim

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
            "view": firm.voice == "own",
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
        "certainty": (_("How firmly"), _how_firmly),
        "view": (_("Whose view"), lambda line: whose_view(line.claim, line.said.document.speaks_for)),
        "limits": (_("Limits and conditions"), _limits),
        "document": (_("Document"), lambda line: line.said.document.text),
        "date": (_("Date"), lambda line: line.note.date),
        "place": (_("Place"), lambda line: name_source(line.note.place, line.said.is_second_hand)),
        "addressee": (_("Whom it addresses"), lambda line: line.addressee),
        "later": (_("What later documents say"), _later),
        "topics": (_("Topics"), lambda line: ", ".join(line.topics)),
        "details": (_("Details"), lambda line: "\n".join(detail.name.text for detail in line.said.details)),
        "reference": (_("Reference"), lambda line: line.note.cited),
        "link": (_("Link"), lambda line: line.link),
    }


def _limits(line: Line) -> str:
    marks = reserve_marks(line.claim, line.said.document.speaks_for)
    return "; ".join(mark.text for mark in marks if mark.symbol in ("", "cond", "read"))


def _later(line: Line) -> str:
    told = "\n".join(f"{o.words}: {o.said.with_document}" for o in line.outcomes)
    unanswered = _("No later document says what came of it") if line.claim.firm.kind in FORECASTS else ""
    return told or unanswered


def kind_words(firm: Firmness) -> str:
    """Return of which kind a claim is; one that says no says so."""
    called, _many, denied, _symbol = kinds()[firm.kind]
    return (denied or f"{called}: {_('not')}") if firm.denied else called


def load_lines(reader: GraphReader, iris: Sequence[str]) -> tuple[Line, ...]:
    """Return the lines of main claims of documents, in their order."""
    told = Telling(reader, iris)
    parts = told.parts
    later = _later_claims(reader, [*iris, *(part for found in parts.values() for part in found)])
    views, _labels = load_claims(reader, list(dict.fromkeys(pair.second for pair in later)))
    mains = {iri: one.claim for iri, one in told.sentences.items() if one.document.key in told.documents}
    notes = Notes(reader, [*mains.values(), *views.values()])
    topics, called = topics_of(reader, mains), name_topics(reader)
    addressees = _addressees(reader, mains, parts)
    lines = []
    for iri in mains:
        own = (pair for pair in later if pair.first in (iri, *parts.get(iri, ())) and pair.second in views)
        found = [pair for pair in own if not _only_repeats(pair, mains[iri], views[pair.second])]
        outcomes = {pair.second: _outcome(pair, tell(views[pair.second], told.documents), notes) for pair in found}
        note, said = Note(notes, mains[iri]), told.sentences[iri]
        names = tuple(called.get(topic, "") for topic in topics.get(iri, ()))
        lines.append(Line(said, note, names, addressees.get(iri, ""), tuple(outcomes.values())))
    return tuple(lines)


def _addressees(reader: GraphReader, views: Mapping[str, ClaimView], parts: Mapping[str, list[str]]) -> dict[str, str]:
    """Return whom claims tell what to do: the agents that are to act, unless they only get something.

    A main claim of which nobody is the subject, or that says who calls for something, names them in its parts.
    """
    book = reader.book
    asking = [iri for iri, view in views.items() if view.firm.kind in _TELLING or view.claim.predicate == DK.callsFor]
    found = book.claims([*asking, *(part for iri in asking for part in parts.get(iri, ()))])
    telling = {
        claim.iri.value: claim.subject.value
        for claim in found
        if claim.subject and claim.predicate != DK.has and firmness_of(claim).kind in _TELLING
    }
    agents, labels = book.classes_below(DK.Agent) if telling else set(), Labels(reader, telling.values())
    names = {iri: labels.name(subject) for iri, subject in telling.items()}
    acting = {iri: name.text for iri, name in names.items() if agents.intersection(name.kinds)}
    words, told = current_words(), {}
    for iri in asking:
        in_parts = dict.fromkeys(acting[part] for part in parts.get(iri, ()) if part in acting)
        told[iri] = acting.get(iri) or words.enumerate(in_parts)
    return told


def _how_firmly(line: Line) -> str:
    reading = _("Our reading") if line.claim.is_reading else ""
    return " · ".join(filter(None, (certainty_mark(line.claim).text, reading)))


def _later_claims(reader: GraphReader, iris: Sequence[str]) -> list[ClaimPair]:
    """Return what later documents say that was compared with some claims: these come first in each pair."""
    documents, own = read_documents(reader), set(iris)

    def issued(claim: str) -> str:
        # The year that a text without a date is from may be a guess.
        return documents.get(reader.names.document_of(claim) or "", NO_DOCUMENT).written.rstrip("~")

    pairs = [
        ClaimPair(pair.iri, pair.kind, first, second)
        for pair in (reader.book.comparisons(claims=iris) if iris else ())
        for first, second in ((pair.first, pair.second), (pair.second, pair.first))
        if first in own
    ]
    return [pair for pair in pairs if "" < issued(pair.first) < issued(pair.second)]


def _only_repeats(pair: ClaimPair, claim: ClaimView, later: ClaimView) -> bool:
    """Whether a later claim expects or announces what was expected or announced already: nothing came of it yet."""
    is_alike = pair.kind in ("corroborates", "firmerThan")
    return is_alike and claim.firm.kind in FORECASTS and later.firm.kind in FORECASTS


def _outcome(pair: ClaimPair, later: Sentence, notes: Notes) -> LaterClaim:
    """Return how a later claim bears on one: what is said only as probable or possible settles nothing."""
    limits = later.claim.limits
    if pair.kind == "corroborates":
        told = ("if", "part", _("Borne out in part")) if limits else ("yes", "tick", _("Borne out"))
    elif pair.kind in ("contradicts", "inTensionWith") and later.claim.firm.certainty == "certain":
        on = _("A later document says otherwise of %(what)s", what=", ".join(limits))
        told = ("no", "turn", on if limits else _("A later document says otherwise"))
    else:
        told = ("open", "part", _("A later document speaks of the same matter"))
    return LaterClaim(*told, later, Note(notes, later.claim))
