"""What an answer says, as sentences: composed from the claims behind its rows, or from the names in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode, Quad

from digitech_kg.claims import Labels as ClaimLabels
from digitech_kg.claims import SentencePatterns, read_sentence_patterns
from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.writer import Writer, group_claims
from digitech_kg.namespaces import DK
from digitech_kg.sources.presentation import Presentation, fill_text
from digitech_kg.web.pages.answers.table import AnswerTable
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader

#: More names than these are counted instead.
_MOST_NAMES: Final = 12
_PATTERNS: Final = "SELECT ?predicate ?pattern WHERE { ?predicate dk:sentencePattern ?pattern }"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, and the claims that it is composed from; none if it only names what was found."""

    text: str
    #: Of the text, if it is not the page's.
    language: str = ""
    claims: tuple[ClaimView, ...] = ()


def compose_claims(reader: GraphReader, claims: Iterable[ClaimView], labels: Labels) -> list[Statement]:
    """Return claims as sentences, in their order; plain ones that differ in one thing alone are told together."""
    views = {view.claim.iri: view for view in claims}
    groups = group_claims(view.claim for view in views.values())
    found = (_compose(reader, tuple(views[claim.iri] for claim in group), labels) for group in groups)
    return [statement for statements in found for statement in statements]


def _compose(reader: GraphReader, group: tuple[ClaimView, ...], labels: Labels) -> list[Statement]:
    first, language = group[0], find_language(labels.languages[0])
    if len({view.sentence for view in group}) == 1 or language is None:
        return [Statement(first.sentence, first.language, group)]
    terms = {term for view in group for terms in view.claim.values.values() for term in terms}
    named = {term: labels.labels(term.value) for term in (*terms, *first.claim.values) if isinstance(term, NamedNode)}
    writer = Writer(language, _patterns(reader, reader.version), ClaimLabels(named), {})
    text = writer.write(first.claim, [view.claim for view in group[1:]])
    together = labels.name(first.object.name.iri).text if first.object.name else ""
    if text is None or (f"“{together}" in first.sentence and len({view.object for view in group}) > 1):
        # Names in quotation marks can't be enumerated within them.
        return [Statement(view.sentence, view.language, (view,)) for view in group]
    return [Statement(text, "", group)]


@lru_cache(maxsize=4)
def _patterns(reader: GraphReader, _version: str) -> SentencePatterns:
    rows = reader.rows(_PATTERNS)
    quads = (Quad(row["predicate"], DK.sentencePattern, row["pattern"]) for row in rows)  # type: ignore[arg-type]
    return read_sentence_patterns(quads)


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


def compose_names(
    rows: Sequence[Mapping[str, str]], columns: Sequence[str], language: str, more: str
) -> list[Statement]:
    """Return what rows name: one list of the first column, or for each of its values a list of the second.

    `more` has a place for the number of names that are left out.
    """
    words = find_language(language) or LANGUAGES["en"]

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
