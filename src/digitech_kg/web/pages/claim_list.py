"""What an address of the list of main claims asks for, and what the list shows of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import MultiDict

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.claims.firmness import KINDS, LEVELS, OTHER_LEVEL, VOICES
from digitech_kg.errors import CallError, NotFound
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.claim_lines import columns, kinds, load_lines
from digitech_kg.web.reading.dataset import find_document, name_topics, read_documents
from digitech_kg.web.reading.labels import part_of
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import certainty_words

#: Lines of a page.
SIZE: Final = 25
#: What a list is sorted by.
SORTS: Final = ("text", "weight", "document")
#: Columns of a page, and what files have more, unless an address chooses.
_ON_PAGE: Final = ("kind", "certainty", "view", "document", "place")
_IN_FILES: Final = ("kind", "negation", "certainty", "view", "limits", "document", "date", "place", "reference", "link")
#: What files of a kind tell besides.
_OF_KIND: Final = {
    **dict.fromkeys(("prediction", "promise"), ("later",)),
    **dict.fromkeys(("recommendation", "norm", "order"), ("addressee",)),
}
#: The kind by which an address asks for statements that say no.
_DENIAL: Final = "denial"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; "" is any."""

    document: str = ""
    #: The name of a topic.
    topic: str = ""
    #: One of `kinds()`.
    kind: str = ""
    certainty: str = ""
    voice: str = ""
    #: What is asked about as it was typed, and its IRI.
    thing: str = ""
    thing_iri: str = ""
    words: str = ""
    sort: str = ""
    #: Keys of `columns()`; none for the usual ones.
    columns: tuple[str, ...] = ()

    def filter(self, book: Book) -> ClaimFilter:
        kind, denied = self.kind, ""
        if kind in (KINDS[0], _DENIAL):
            kind, denied = KINDS[0], "1" if kind == _DENIAL else "0"
        topic = book.topics[self.topic].iri if self.topic else ""
        return ClaimFilter(
            self.document,
            kind,
            self.certainty,
            self.voice,
            denied,
            part="0",
            topic=topic,
            about=self.thing_iri,
            words=self.words,
        )

    def parameters(self, **changed: str) -> dict[str, str]:
        """Return the parameters of the address with some changed; what asks for nothing is left out."""
        names = ("document", "topic", "kind", "certainty", "voice", "thing", "words", "sort")
        kept = {name: getattr(self, name) for name in names} | {"columns": ",".join(self.columns)} | changed
        return {name: value for name, value in kept.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return replace(self, sort="", columns=()) != Asked()

    def shown_columns(self) -> tuple[str, ...]:
        """Return the columns of the page beside the sentence."""
        return self.columns or _ON_PAGE

    def file_columns(self) -> tuple[str, ...]:
        """Return the columns of files beside the sentence: those of the page, and what its links and marks tell."""
        more = _OF_KIND.get(self.kind, ())
        return self.columns or (*_IN_FILES[:-2], *more, *_IN_FILES[-2:])


def read_asked(reader: GraphReader, args: MultiDict[str, str]) -> Asked:
    """Return what parameters ask for. Raises `NotFound` for values that there are not, with those that there are."""
    known = {
        "kind": tuple(kinds()),
        "certainty": (*LEVELS, OTHER_LEVEL),
        "voice": VOICES[:2],
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
    document, thing = args.get("document", ""), args.get("thing", "").strip()
    if document:
        find_document(reader, document)
    words = args.get("words", "").strip()
    if len(words) > 200:
        raise CallError("the words to look for are too long", hint="Look for one or two words of a sentence.")
    return Asked(
        document,
        thing=thing,
        thing_iri=reader.book.find_thing(thing) if thing else "",
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


def find_mains(reader: GraphReader, asked: Asked) -> tuple[str, ...]:
    documents = read_documents(reader)
    order = list(documents)
    if asked.sort == "document":
        order.sort(key=lambda name: documents[name].text.casefold())
    by = "weight" if asked.sort == "weight" else "text"
    return tuple(reader.book.find_claims(asked.filter(reader.book), order=by, documents=order))


def view_list(reader: GraphReader, asked: Asked) -> dict[str, object]:
    """Return a part of a list. Raises `NotFound` for one after the last."""
    found = find_mains(reader, asked)
    part, parts = part_of(len(found), SIZE)
    return {
        "title": title_of(asked),
        "finding": _finding(reader.book, asked, len(found)),
        "found": len(found),
        "lines": load_lines(reader, found[(part - 1) * SIZE : part * SIZE]),
        "part": part,
        "parts": parts,
    }


def title_of(asked: Asked) -> str:
    return kinds()[asked.kind][1] if asked.kind else _("Main claims")


def _finding(book: Book, asked: Asked, found: int) -> str:
    """Return how many there are, and how many of them are put with a reserve or as somebody else's view."""
    if not found:
        return _("No main claim here is like that. This does not mean that it is not so.")
    wanted = asked.filter(book)
    said = [ngettext("One main claim", "%(num)d main claims", found)]
    certain = found if asked.certainty else book.count_claims(replace(wanted, certainty=LEVELS[0]))
    if hedged := found - certain:
        said.append(ngettext("one as probable or possible", "%(num)d as probable or possible", hedged))
    if not asked.voice and (other := book.count_claims(replace(wanted, voice="other"))):
        said.append(ngettext("one as somebody else’s view", "%(num)d as somebody else’s view", other))
    return ", ".join(said) + "."


def list_choices(reader: GraphReader) -> dict[str, tuple[Choice, ...]]:
    """Return what can be chosen in each field of the form: only what some main claim has."""
    book, topics = reader.book, name_topics(reader)
    groups = [group for group in book.claim_groups if not group.is_part]
    used = {g.firm.kind for g in groups} | ({_DENIAL} if any(g.firm.denied for g in groups) else set())
    levels = {group.firm.certainty for group in groups}
    listed = (Choice(t.name, topics[t.iri], topics.get(t.broader, "")) for t in book.topics.values() if t.claims)
    sorts = (_("As in the text"), _("What matters most"), _("By document, A to Z"))
    return {
        "document": tuple(Choice(name, document.text) for name, document in read_documents(reader).items()),
        "topic": tuple(sorted(listed, key=lambda choice: (choice.group, choice.text))),
        "kind": tuple(Choice(key, text) for key, (text, *_rest) in kinds().items() if key in used),
        "certainty": tuple(Choice(key, certainty_words(key)) for key in (*LEVELS, OTHER_LEVEL) if key in levels),
        "voice": (Choice("own", _("The author’s own")), Choice("other", _("Somebody else’s"))),
        "sort": tuple(Choice(*choice) for choice in zip(SORTS, sorts, strict=True)),
    }
