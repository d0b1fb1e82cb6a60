"""The answer to a saved question: what it asks, what was found in sentences, footnotes, and the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final, TypeVar

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from digitech_kg.comparison.documents import OPPOSED
from digitech_kg.sources.saved_queries import Presentation, fill_text, read_presentation, without_header
from digitech_kg.web.http.languages import current_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answer_asking import Field, ask, bind_question
from digitech_kg.web.pages.answer_table import AnswerTable, make_table
from digitech_kg.web.pages.citing import Note, Notes, Reference, list_sources
from digitech_kg.web.reading.claim_views import ClaimView, load_claims
from digitech_kg.web.reading.dataset import SavedQuestion
from digitech_kg.web.reading.labels import Labels, page_of
from digitech_kg.web.reading.reader import GraphReader

#: The sentences that an answer opens with; the rest is in its table.
_MOST_STATEMENTS: Final = 12
#: More names than these are counted instead.
_MOST_NAMES: Final = 12
#: More claims than these are not read for one answer.
_MOST_CLAIMS: Final = 2000
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the claims that it is composed from; none if it only names what was found."""

    text: str
    #: Of the text, if it is not the page's.
    language: str = ""
    claims: tuple[ClaimView, ...] = ()
    #: The footnotes of these claims.
    notes: tuple[Note, ...] = ()

    @property
    def sources(self) -> str:
        return list_sources(self.notes)


def compose_claims(claims: Iterable[ClaimView]) -> list[Statement]:
    """Return claims as sentences, in their order; those that read alike are told once."""
    alike: dict[tuple[str, str], list[ClaimView]] = {}
    for view in claims:
        alike.setdefault((view.sentence, view.language), []).append(view)
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
        shown = (
            found if len(found) <= _MOST_NAMES + 1 else [*found[:_MOST_NAMES], more.format(len(found) - _MOST_NAMES)]
        )
        return words.enumerate(shown)

    if not columns:
        return []
    if len(columns) == 1:
        names = [row[columns[0]] for row in rows if columns[0] in row]
        return [Statement(f"{_with_capital(listed(names))}.")] if names else []
    groups: dict[str, list[str]] = {}
    for row in rows:
        if columns[0] in row and columns[1] in row:
            groups.setdefault(row[columns[0]], []).append(row[columns[1]])
    return [Statement(f"{_with_capital(head)}: {listed(names)}.") for head, names in groups.items()]


def _with_capital(text: str) -> str:
    """Return a text with a capital, unless its first word has one further in, as a brand may."""
    first = text.partition(" ")[0]
    return text if any(letter.isupper() for letter in first[1:]) else text[:1].upper() + text[1:]


class Answer:
    """A saved question with its answer: a heading, a lead, statements with footnotes, and a table.

    If rows name some of the things that it is to be `about`, only these are told, each in words of its own. Raises
    `CallError` for a parameter of the request that the question can't have.
    """

    def __init__(
        self, reader: GraphReader, question: SavedQuestion, given: MultiDict[str, str], about: Sequence[str] = ()
    ) -> None:
        query, self.fields = bind_question(reader, question, given)
        whole, shown = ask(reader, query), read_presentation(question.text)
        self.question, self.query, self.asked = question, without_header(query), whole.about(about)
        self._shown = shown if self.asked is whole else replace(shown, below="")
        self._claims, labels = self._load(reader)
        self._languages = labels.languages[:1]
        sentences = {iri: replace(labels.name(iri), text=view.sentence) for iri, view in self._claims.items()}
        self.table, self.view = make_table(self.asked, self._shown, labels, sentences), shown.view
        self._names = {field.name: field.chosen_text for field in self.fields}
        declared = self._text("heading")
        #: The heading, in the language of the page unless `language` names another.
        self.title = fill_text(declared, self._names) if declared else question.label
        self.language = "" if declared else question.language
        # What a question says of itself to programs is shown only if it says nothing to readers.
        self.reading = question.description if shown.is_empty else self._text("reading")
        #: What it comes to, in a sentence; "" if the statements say it.
        self.lead = self._lead()
        statements, maker = self._statements(), Notes(reader, list(self._claims.values()))
        self.said = _with_footnotes(choose_statements(statements), maker)
        #: How many statements only the table has.
        self.more = len(statements) - len(self.said)
        notes = {note.claim.iri: note for each in self.said for note in each.notes}
        self.notes = tuple(notes.values())
        #: The footnote of every claim behind the table, by the claim's IRI.
        self.all_notes = {iri: notes.get(iri) or maker.make(view) for iri, view in self._claims.items()}
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
        """Whether claims of the answer say opposite things, as those of different documents may."""
        relations = (relation for note in self.all_notes.values() for relation in note.claim.relations)
        return any(other.iri in self.all_notes for name, others in relations if name.key in OPPOSED for other in others)

    @property
    def has_views(self) -> bool:
        """Whether the table can be drawn otherwise, as its question declares."""
        return bool(self.view) and len(self.table.rows) > 1

    @property
    def is_told_in_full(self) -> bool:
        """Whether the table has nothing that the sentences have not."""
        return not self.more and [column.key for column in self.table.columns] in (["claim"], ["sentence"])

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return what the answer rests on, each once."""
        return tuple(dict.fromkeys(r for note in self.all_notes.values() for r in note.references))

    @property
    def choices(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_fixed)

    @property
    def replaced(self) -> tuple[Field, ...]:
        """Return the parameters that stand for something else than the heading says."""
        return tuple(field for field in self.choices if field.replaced and field.chosen_text not in self.title)

    def _load(self, reader: GraphReader) -> tuple[dict[str, ClaimView], Labels]:
        """Return the claims behind the rows by IRI, in the order of the rows, and the names of all that is there."""
        terms = {term.value for row in self.asked.rows for term in row.values() if isinstance(term, NamedNode)}
        own = sorted(iri for iri in terms if iri.startswith(reader.names.prefixes["claim"]))
        wanted = list(dict.fromkeys((*chain(*self.asked.claims), *own)))[:_MOST_CLAIMS]
        return load_claims(reader, wanted, (*terms, *self.asked.things.values()))

    def _text(self, kind: str) -> str:
        return self._shown.text(kind, self._languages)

    def _statements(self) -> list[Statement]:
        """Return what the answer says."""
        table, claims = self.table, self._claims
        if self._shown.below:
            # A table below headings is read as it is.
            return []
        if rows := compose_rows(table, self._shown, claims, self._languages):
            return rows
        if behind := dict.fromkeys(iri for iri in chain(*self.asked.claims) if iri in claims):
            return compose_claims(claims[iri] for iri in behind)
        told = {
            key for row in table.rows for key, cell in zip(table.columns, row, strict=True) if cell and cell[0].value
        }
        named = [c.key for c in table.columns if c.kind == "text" and c.key != "passage" and c not in told]
        return compose_names(table.texts(), named, _("%(num)s more", num="{}"))

    def _lead(self) -> str:
        if self.asked.too_large:
            return ""
        if self.found:
            declared = fill_text(self._text("answer"), self._names, self.table.values())
            return _with_capital(declared) or (_("Yes.") if self.asked.answer else "")
        return _with_capital(fill_text(self._text("none"), self._names)) or _("The documents say nothing about this.")


def choose_statements(statements: Sequence[Statement]) -> list[Statement]:
    """Return the sentences to open with, in their order: each document and each side has its say before another's next.

    A side of a document is what it says, or what it says is not so.
    """
    return take_turns(statements, [each.claims[0] if each.claims else None for each in statements], _MOST_STATEMENTS)


def take_turns(items: Sequence[_Item], claims: Sequence[ClaimView | None], most: int) -> list[_Item]:
    """Return so many items in their order, by the claim that each rests on, as `choose_statements` does."""
    turns: Counter[tuple[str | None, bool]] = Counter()
    ranked = []
    for place, claim in enumerate(claims):
        side = (claim.document_key, claim.negated) if claim else (None, False)
        ranked.append((turns[side], place))
        turns[side] += 1
    return [items[place] for place in sorted(place for _turn, place in sorted(ranked)[:most])]


def _with_footnotes(statements: Iterable[Statement], maker: Notes) -> tuple[Statement, ...]:
    """Return statements with their footnotes; each claim has one, numbered in the order of the text."""
    notes: dict[str, Note] = {}
    said = []
    for place, each in enumerate(statements, start=1):
        for claim in each.claims:
            if claim.iri not in notes:
                notes[claim.iri] = maker.make(claim, len(notes) + 1, sentence=place)
        said.append(replace(each, notes=tuple(notes[claim.iri] for claim in each.claims)))
    return tuple(said)
