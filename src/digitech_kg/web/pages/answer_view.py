"""The answer to a saved question: what it asks, what was found in sentences, footnotes, and the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from digitech_kg.comparison.documents import OPPOSED
from digitech_kg.sources.saved_queries import Presentation, fill_text, read_presentation, without_header
from digitech_kg.web.http.languages import current_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answer_asking import Asked, Field, ask, bind_question
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


@dataclass(frozen=True)
class Answer:
    question: SavedQuestion
    fields: tuple[Field, ...]
    #: The heading, in the language of the page unless `language` names another.
    title: str
    language: str
    reading: str
    #: The query that was asked.
    query: str
    asked: Asked
    #: What it comes to, in a sentence; "" if the statements say it.
    lead: str
    said: tuple[Statement, ...]
    #: Statements that only the table has, and rows of it that no single claim stands behind.
    more: int
    unclaimed: int
    notes: tuple[Note, ...]
    #: The footnote of every claim behind the table, by the claim's IRI.
    all_notes: Mapping[str, Note]
    table: AnswerTable
    view: str
    #: The pages of the things asked about, by what they are called.
    pages: Mapping[str, str]

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


def view_answer(
    reader: GraphReader,
    question: SavedQuestion,
    given: MultiDict[str, str],
    about: Sequence[str] = (),
) -> Answer:
    """Ask a saved question with the parameters of a request. Raises `CallError` for a value that it can't have.

    If rows name some of the things that it is to be about, only these are told, each in words of its own.
    """
    query, fields = bind_question(reader, question, given)
    whole, shown = ask(reader, query), read_presentation(question.text)
    asked = whole.about(about)
    if asked is not whole:
        shown = replace(shown, below="")
    claims, labels = _load(reader, asked)
    table = make_table(
        asked, shown, labels, {iri: replace(labels.name(iri), text=view.sentence) for iri, view in claims.items()}
    )
    names = {field.name: field.chosen_text for field in fields}
    statements, unclaimed = _statements(asked, shown, table, claims, labels)
    maker = Notes(reader, list(claims.values()))
    said = _with_footnotes(choose_statements(statements), maker)
    notes = {note.claim.iri: note for each in said for note in each.notes}
    title, other = _heading(question, shown, fields, names, labels)
    return Answer(
        question=question,
        fields=fields,
        title=title,
        language=other,
        # What a question says of itself to programs is shown only if it says nothing to readers.
        reading=question.description if shown.is_empty else shown.text("reading", labels.languages[:1]),
        query=without_header(query),
        asked=asked,
        lead=_lead(asked, shown, table, names, labels),
        said=said,
        more=len(statements) - len(said),
        unclaimed=unclaimed,
        notes=tuple(notes.values()),
        all_notes={iri: notes.get(iri) or maker.make(view) for iri, view in claims.items()},
        table=table,
        view=shown.view,
        pages={f.chosen_text: page for f in fields if f.chosen and (page := page_of(f.chosen[0], reader.names))},
    )


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


def _load(reader: GraphReader, asked: Asked) -> tuple[dict[str, ClaimView], Labels]:
    """Return the claims behind the rows by IRI, in the order of the rows, and the names of all that stands there."""
    terms = {term.value for row in asked.rows for term in row.values() if isinstance(term, NamedNode)}
    root = reader.names.prefixes["claim"]
    behind = dict.fromkeys(iri for found in asked.claims for iri in found)
    wanted = list(dict.fromkeys([*behind, *sorted(iri for iri in terms if iri.startswith(root))]))[:_MOST_CLAIMS]
    return load_claims(reader, wanted, (*terms, *asked.things.values()))


def _statements(
    asked: Asked,
    shown: Presentation,
    table: AnswerTable,
    claims: Mapping[str, ClaimView],
    labels: Labels,
) -> tuple[list[Statement], int]:
    """Return what the answer says, and how many rows no single claim stands behind."""
    if shown.below:
        # A table below headings is read as it is.
        return [], 0
    if rows := compose_rows(table, shown, claims, labels.languages[:1]):
        return rows, 0
    behind = dict.fromkeys(iri for found in asked.claims for iri in found if iri in claims)
    if behind:
        unclaimed = sum(not found for found in table.claims)
        return compose_claims(claims[iri] for iri in behind), unclaimed
    told = {key for row in table.rows for key, cell in zip(table.columns, row, strict=True) if cell and cell[0].value}
    named = [c.key for c in table.columns if c.kind == "text" and c.key != "passage" and c not in told]
    more = _("%(num)s more", num="{}")
    return compose_names(table.texts(), named, more), 0


def _heading(
    question: SavedQuestion, shown: Presentation, fields: tuple[Field, ...], names: Mapping[str, str], labels: Labels
) -> tuple[str, str]:
    """Return the heading, and its language if it is not the page's.

    A question that declares none is headed by its summary, with the names of what is asked about put in.
    """
    declared = shown.text("heading", labels.languages[:1])
    if declared:
        return fill_text(declared, names), ""
    text = question.label
    for field in fields:
        if field.replaced and field.default_text in text:
            text = text.replace(field.default_text, field.chosen_text)
    return text, question.language


def _lead(asked: Asked, shown: Presentation, table: AnswerTable, names: Mapping[str, str], labels: Labels) -> str:
    languages = labels.languages[:1]
    if asked.too_large:
        return ""
    if asked.answer or asked.rows or asked.rdf:
        declared = fill_text(shown.text("answer", languages), names, table.values())
        return _with_capital(declared) or (_("Yes.") if asked.answer else "")
    return _with_capital(fill_text(shown.text("none", languages), names)) or _("The documents say nothing about this.")
