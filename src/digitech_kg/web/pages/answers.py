"""The answer to a saved question, as a page and as files: sentences with footnotes, and the table."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType
from typing import Any, Final, TypeVar

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from digitech_kg.book import Book, ClaimFilter
from digitech_kg.comparison.documents import OPPOSED
from digitech_kg.errors import CallError, NotFound
from digitech_kg.iteration import grouped, in_turns
from digitech_kg.namespaces import DK
from digitech_kg.sources.saved_queries import Presentation, fill_text, read_header, read_presentation, without_header
from digitech_kg.tables import make_table
from digitech_kg.web.http.languages import _, current_words, ngettext, with_capital
from digitech_kg.web.pages.answer_table import AnswerTable, Field, ask, bind_question, table_of
from digitech_kg.web.pages.citing import Note, Notes, Origin, claims_table
from digitech_kg.web.pages.kept import OFFICE, Kept, Paragraph
from digitech_kg.web.reading.addresses import page_of
from digitech_kg.web.reading.claim_views import ClaimView, load_claims
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.questions import SavedQuestion, find_question
from digitech_kg.web.reading.reader import GraphReader, iris_of
from digitech_kg.web.reading.sentences import name_source
from digitech_kg.web.site import Site

#: The sentences that an answer opens with; the rest is in its table.
_MOST_STATEMENTS: Final = 12
#: More names than these are counted instead.
_MOST_NAMES: Final = 12
#: More claims than these are not read for one answer.
_MOST_CLAIMS: Final = 2000
#: Rows of a table that are copied.
_MOST_COPIED: Final = 200
#: What an answer that leaves nothing out is to be about.
_ALL: Final[Mapping[str, Set[str]]] = MappingProxyType({})
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the claims that it is composed from; none if it only names what was found."""

    text: str
    #: The language of the text, if it is not the page's.
    language: str = ""
    claims: tuple[ClaimView, ...] = ()
    #: The footnotes of these claims.
    notes: tuple[Note, ...] = ()

    @property
    def sources(self) -> str:
        """What it rests on in one line, with the pages of each, or else the places: "Gåsemyr 2021, p. 1, 2"."""
        pages, places = defaultdict[str, dict[str, None]](dict), defaultdict[str, dict[str, None]](dict)
        for note in self.notes:
            for reference in note.references:
                source = name_source(reference.short, note.is_second_hand)
                pages[source].update(dict.fromkeys(place.page for place in note.places if place.page))
                # Where words stand that others quote, nobody tells.
                places[source]["" if note.is_second_hand else note.place] = None
        told = {s: "; ".join(filter(None, places[s])) for s in pages}
        told |= {s: f"{_('p.')} {', '.join(own)}" for s, own in pages.items() if own}
        return "; ".join(", ".join(filter(None, own)) for own in told.items())


def compose_claims(claims: Iterable[ClaimView]) -> list[Statement]:
    """Return claims as sentences, in their order; those that read alike are told once."""
    alike = grouped(((view.sentence, view.language), view) for view in claims)
    return [Statement(text, language, tuple(views)) for (text, language), views in alike.items()]


def compose_rows(
    table: AnswerTable, shown: Presentation, claims: Mapping[str, ClaimView], languages: Sequence[str]
) -> list[Statement]:
    """Return the rows that are to be told, in the words that the question declares for them, with their claims.

    Rows that read alike are told once.
    """
    pattern = shown.text("row", languages)
    told: dict[str, dict[str, None]] = {}
    for texts, row, behind in zip(table.texts(), table.values(), table.claims, strict=True) if pattern else ():
        if shown.tells(row):
            told.setdefault(fill_text(pattern, texts), {}).update(dict.fromkeys(behind))
    return [Statement(text, "", tuple(claims[iri] for iri in behind if iri in claims)) for text, behind in told.items()]


def compose_names(rows: Sequence[Mapping[str, str]], columns: Sequence[str], more: str) -> list[Statement]:
    """Return what rows name: one list of the first column, or for each of its values a list of the second.

    `more` has a place for the number of names that are left out.
    """
    words = current_words()

    def listed(names: Iterable[str]) -> str:
        found = list(dict.fromkeys(names))
        if len(found) > _MOST_NAMES + 1:
            found[_MOST_NAMES:] = [more.format(len(found) - _MOST_NAMES)]
        return words.enumerate(found)

    if not columns:
        return []
    if len(columns) == 1:
        names = [row[columns[0]] for row in rows if columns[0] in row]
        return [Statement(f"{with_capital(listed(names))}.")] if names else []
    first, second = columns[:2]
    groups = grouped((row[first], row[second]) for row in rows if first in row and second in row)
    return [Statement(f"{with_capital(head)}: {listed(names)}.") for head, names in groups.items()]


class Answer:
    """A saved question with its answer: a heading, a lead, statements with footnotes, and a table.

    If rows name some of the things that it is to be `about`, or rest on claims on them, only these are told, each in
    words of its own. Raises `CallError` for a parameter of the request that the question can't have.
    """

    def __init__(
        self,
        reader: GraphReader,
        question: SavedQuestion,
        given: MultiDict[str, str],
        about: Mapping[str, Set[str]] = _ALL,
    ) -> None:
        query, self.fields = bind_question(reader, question, given)
        whole, shown = ask(reader, query), read_presentation(read_header(question.text))
        self._things = reader.names.prefixes["id"]
        self.question, self.query, self.asked = question, without_header(query), whole.about(about)
        self._shown = shown if self.asked is whole else replace(shown, below="")
        self._claims, labels = self._load(reader)
        self._languages = labels.languages[:1]
        sentences = {iri: replace(labels.name(iri), text=view.sentence) for iri, view in self._claims.items()}
        self.table, self.view = table_of(self.asked, self._shown, labels, sentences), shown.view
        self._names = {field.name: field.chosen_text for field in self.fields}
        declared = self._text("heading")
        title = fill_text(declared, self._names) if declared else question.label
        own = [labels.name(iri).text for iri in self.asked.chosen_by]
        #: The heading with what rows were chosen by, in the language of the page unless `language` names another.
        self.title = " · ".join((title, *(name for name in own if name not in title)))
        #: What rows were chosen by; "" if these are all.
        self.only = current_words().enumerate(own)
        self.language = "" if declared else question.language
        # The description of a question, which is for programs, is shown only if there is no text for readers.
        self.reading = question.description if shown.is_empty else self._text("reading")
        #: What it comes to, in a sentence; "" if the statements say it.
        self.lead = self._lead()
        #: How many details of what is told only the table has.
        self.details = 0
        self.statements, read = self._statements(), Notes(reader, list(self._claims.values()))
        claims = [each.claims[0] if each.claims else None for each in self.statements]
        self.said = _with_footnotes(take_turns(self.statements, claims, _MOST_STATEMENTS), read)
        #: How many sentences the page has only in the table.
        self.more = len(self.statements) - len(self.said) + self.details
        notes = {note.claim.iri: note for each in self.said for note in each.notes}
        self.notes = tuple(notes.values())
        #: The footnote of every claim behind the table, by the claim's IRI.
        self.all_notes = {iri: notes.get(iri) or Note(read, view) for iri, view in self._claims.items()}
        pages = ((field.chosen_text, page_of(field.chosen[0], reader.names)) for field in self.fields if field.chosen)
        #: The pages of the things asked about, by what they are called.
        self.pages = {text: page for text, page in pages if page}

    @property
    def found(self) -> bool:
        return bool(self.asked.answer or self.asked.rows or self.asked.rdf)

    @property
    def text(self) -> str:
        return " ".join(filter(None, (self.lead, *(said.text for said in self.said))))

    @property
    def is_disputed(self) -> bool:
        """Whether claims of the answer say opposite things, as those of different documents may, in no one sentence."""
        beside = [{claim.iri for claim in each.claims} for each in self.statements]
        relations = ((iri, told) for iri, note in self.all_notes.items() for told in note.claim.relations)
        opposed = ({iri, other.iri} for iri, (name, others) in relations if name.key in OPPOSED for other in others)
        return any(pair <= self.all_notes.keys() and not any(map(pair.issubset, beside)) for pair in opposed)

    @property
    def has_views(self) -> bool:
        """Whether the table can be drawn otherwise, as its question declares; that draws all rows."""
        return bool(self.view) and len(self.table.rows) > 1 and not self.asked.chosen_by

    @property
    def given(self) -> dict[str, list[str]]:
        """Return the parameter of an address that chooses the same rows; none for all."""
        about = [iri.removeprefix(self._things) for iri in self.asked.chosen_by]
        return {"about": about} if about else {}

    @property
    def is_told_in_full(self) -> bool:
        """Whether the table has nothing that the sentences have not."""
        return not self.more and [column.key for column in self.table.columns] in (["claim"], ["sentence"])

    @property
    def choices(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_fixed)

    @property
    def replaced(self) -> tuple[Field, ...]:
        """Return the parameters that stand for something else than the heading says."""
        return tuple(field for field in self.choices if field.replaced and field.chosen_text not in self.title)

    def _load(self, reader: GraphReader) -> tuple[dict[str, ClaimView], Labels]:
        """Return the claims behind the rows by IRI, in the order of the rows, and the names of all that is there."""
        terms = iris_of(self.asked.rows)
        own = sorted(iri for iri in terms if iri.startswith(reader.names.prefixes["claim"]))
        wanted = list(dict.fromkeys((*chain(*self.asked.claims), *own)))[:_MOST_CLAIMS]
        return load_claims(reader, wanted, (*terms, *self.asked.things.values(), *self.asked.chosen_by))

    def _text(self, kind: str) -> str:
        return self._shown.text(kind, self._languages)

    def _statements(self) -> list[Statement]:
        """Return what the answer says."""
        table, claims = self.table, self._claims
        if self._shown.below:
            # A table below headings is read as it is.
            return []
        rows = compose_rows(table, self._shown, claims, self._languages)
        told = {claim.iri for each in rows for claim in each.claims}
        behind = dict.fromkeys(iri for iri in chain(*self.asked.claims) if iri in claims and iri not in told)
        # Details of a main claim that is told are in the table.
        wholes = told if rows else behind
        mains = [i for i in behind if not any(w.value in wholes for w in claims[i].claim.all(DK.elaborates))]
        self.details = len(behind) - len(mains)
        if rows or mains:
            return rows or compose_claims(claims[iri] for iri in mains)
        valued = {c for row in table.rows for c, cell in zip(table.columns, row, strict=True) if cell and cell[0].value}
        named = [c.key for c in table.columns if c.kind == "text" and c.key != "passage" and c not in valued]
        return compose_names(table.texts(), named, _("%(num)s more", num="{}"))

    def listed(self, more: str) -> list[Statement]:
        """Return what rows below headings name, a list for each heading, as the question words it."""
        below, rows = self.table.below, self.table.texts()
        named = [column.key for column in self.table.shown_columns if column.key.endswith("Label")][:1]
        if pattern := self._text("item"):
            named, rows = ["item"], [{**row, "item": fill_text(pattern, row)} for row in rows]
        return compose_names(rows, [below, *named], more) if named else []

    def _lead(self) -> str:
        if self.asked.too_large:
            return ""
        if self.found:
            declared = fill_text(self._text("answer"), self._names, self.table.values())
            return with_capital(declared) or (_("Yes.") if self.asked.answer else "")
        return with_capital(fill_text(self._text("none"), self._names)) or _("The documents say nothing about this.")


def companies_among(book: Book, things: Iterable[str]) -> tuple[str, ...]:
    """Return those of some things that are companies."""
    return tuple(iri for iri, told in book.describe(things).items() if DK.Company.value in told.kinds)


def rows_on(book: Book, things: Sequence[str], more: Iterable[str] = ()) -> Mapping[str, Set[str]]:
    """Return things that rows are to be about. Companies that the rows don't name have the claims on them.

    Other things have none, as those of `more`: a state is named in claims on much else.
    """
    found = dict.fromkeys((*things, *more), frozenset[str]())
    return found | {iri: frozenset(book.find_claims(ClaimFilter(about=iri))) for iri in companies_among(book, things)}


def take_turns(items: Sequence[_Item], claims: Sequence[ClaimView | None], most: int) -> list[_Item]:
    """Return so many items in their order: each document and each side has its say before another's next.

    `claims` is what each rests on. A side of a document is what it says, or what it says is not so.
    """
    sides = [(claim.document_key, claim.negated) if claim else (None, False) for claim in claims]
    return [items[place] for place in sorted(in_turns(range(len(sides)), sides.__getitem__)[:most])]


def _with_footnotes(statements: Iterable[Statement], read: Notes) -> tuple[Statement, ...]:
    """Return statements with their footnotes; each claim has one, numbered in the order of the text."""
    notes: dict[str, Note] = {}
    said = []
    for place, each in enumerate(statements, start=1):
        for claim in each.claims:
            if claim.iri not in notes:
                notes[claim.iri] = Note(read, claim, len(notes) + 1, place)
        said.append(replace(each, notes=tuple(notes[claim.iri] for claim in each.claims)))
    return tuple(said)


def copied(kept: Kept, answer: Answer) -> str:
    """Return an answer as it is copied: its sentences with footnotes, or its rows; and how much more there is."""
    told, table = list(kept.paragraphs), kept.sheets[0]
    if answer.details:
        left = ngettext("One detail is at this address.", "%(num)d details are at this address.", answer.details)
        told.append(Paragraph(left))
    elif table.rows and (answer.table.below or not answer.all_notes):
        # Names alone say neither when nor who says it, as the rows do.
        lines = ("\t".join(str(cell or "") for cell in line) for line in (table.header, *table.rows[:_MOST_COPIED]))
        told = [Paragraph("\n".join(lines))]
        if (rest := len(table.rows) - _MOST_COPIED) > 0:
            left = ngettext("One more row is at this address.", "%(num)d more rows are at this address.", rest)
            told.append(Paragraph(left))
    told += [Paragraph(answer.reading)] if answer.reading else []
    return replace(kept, paragraphs=tuple(told)).copied()


def keep(answer: Answer, origin: Origin) -> Kept:
    """Return what files have of an answer: its sentences with footnotes, its table, and the claims behind it."""
    notes, table, about = answer.all_notes, make_table(_("Answer"), *_rows(answer)), [(_("Question"), answer.title)]
    if answer.reading:
        about.append((_("How to read it"), answer.reading))
    said = [
        Paragraph(each.text, tuple(notes[claim.iri].beside(each.text) for claim in each.claims))
        for each in answer.statements
    ]
    sheets = (table, claims_table(notes.values()))
    read = tuple(notes.values())
    return Kept(answer.title, origin, answer.lead, tuple(said), sheets, table, read, tuple(about), answer.reading)


def _rows(answer: Answer) -> tuple[list[str], list[list[str | None]]]:
    """Return the table of the answer with what its claims add: how firmly, by whom and where each row is said."""
    keys = [column.key for column in answer.table.columns]
    head = [column.head for column in answer.table.columns]
    rows = [[texts.get(key) for key in keys] for texts in answer.table.texts()]
    notes = [[answer.all_notes[iri].cells() for iri in own if iri in answer.all_notes] for own in answer.table.claims]
    # All columns of the sheet of claims but the sentence and its place.
    for place, title in (each for each in enumerate(claims_table(()).header) if each[0] in (1, 2, 3, 4, 6)):
        told = ["; ".join(dict.fromkeys(cells[place] for cells in own if cells[place])) for own in notes]
        if any(told) and title not in head:
            head.append(title)
            for row, text in zip(rows, told, strict=True):
                row.append(text or None)
    return head, rows


def blueprints(site: Site) -> Iterator[Blueprint]:
    """Yield the blueprint of the page of each saved question and its files."""
    blueprint = site.blueprint("answers", __name__)

    @blueprint.get("/page/query/<name>")
    def question(name: str) -> str:
        reader = site.reader
        saved = find_question(reader, name)
        if saved.endpoints:
            # Nobody else is asked before somebody wants it, least of all for a crawler.
            return render_template("federated.html", question=saved)
        with site.clients.admit(request.remote_addr or ""):
            answer = _read(reader, saved)
        origin = _origin(reader, answer)
        shown = {"given": _given(answer), "origin": origin, "copied": copied(keep(answer, origin), answer)}
        return render_template("answer.html", answer=answer, **shown)

    @blueprint.get(f"/page/query/<name>/answer.<{OFFICE}:kind>")
    def file(name: str, kind: str) -> Response:
        saved = find_question(site.reader, name)
        if saved.endpoints:
            hint = "Run the question in the query editor; its result can be downloaded there."
            raise NotFound(f"the answer to '{name}' isn't kept, since it asks other endpoints", hint=hint)
        with site.clients.admit(request.remote_addr or ""):
            answer = _read(site.reader, saved)
        return keep(answer, _origin(site.reader, answer)).file(kind, name)

    yield blueprint


def _read(reader: GraphReader, question: SavedQuestion) -> Answer:
    """Return the answer to a question as the request asks it: on some things only, if it names any."""
    about = request.args.getlist("about")
    things = [reader.names.prefixes["id"] + name for name in about]
    answer = Answer(reader, question, request.args, rows_on(reader.book, things))
    if about and not answer.asked.chosen_by:
        hint = "Leave out 'about' for the whole answer."
        raise CallError(f"no row of this answer is about {' or '.join(about)}", hint=hint)
    return answer


def _origin(reader: GraphReader, answer: Answer) -> Origin:
    given = {**_given(answer), "asOf": reader.version}
    return Origin(reader, url_for("answers.question", name=answer.question.name, **given, _external=True))


def _given(answer: Answer) -> dict[str, Any]:
    """Return the language and the parameters of the question, as the request has them, for its links."""
    # A route has two names already.
    kept = {"lang", *(field.name for field in answer.fields)} - {"name", "kind"}
    return {key: values for key, values in request.args.lists() if key in kept} | answer.given
