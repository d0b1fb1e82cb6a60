"""A typed text as names and words, without its slips."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

from digitech_kg.book import NAMES, Book, Hit
from digitech_kg.matching.asking import Span, candidates, spans_of
from digitech_kg.matching.ranking import distance
from digitech_kg.matching.slips import cures, is_slip
from digitech_kg.matching.spelling import is_in_chinese, plain

_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?:年的?| |$)")
#: From which likeness a name is meant that is spelt otherwise: of one word, and of several.
_GUESSED: Final = 80.0
#: The characters from which a Chinese name may have a wrong one.
_LONG_IN_CHINESE: Final = 5
#: The names that are looked at beside one that may be misspelt.
_MOST_ALIKE: Final = 6


def is_alike(book: Book, hit: Hit, text: str) -> bool:
    """Whether a name is so much like a text that this is a slip: "Huaway", but not "Ericsson" for "Verizon"."""
    names = [value.value for own in book.values([hit.iri], *NAMES).get(hit.iri, {}).values() for value in own]
    return hit.score >= _GUESSED or any(is_slip(text, part) for name in names for part in (name, *name.split()))


def spans_in(book: Book, text: str) -> list[Span]:
    """Return the names and words of a text; a name may have the "s" that Norwegian adds ("Kinas svar")."""
    parts = candidates(text)
    # "The reports" are several.
    possessive = [part for part in parts if part.endswith("s") and not part.startswith("the ")]
    named = {
        part: known
        for part, things in book.named_in([*parts, *(part[:-1] for part in possessive)]).items()
        if (known := {iri: names for iri, names in things.items() if iri not in book.unsaid})
    }
    own = {part: named[part[:-1]] for part in possessive if part not in named and part[:-1] in named}
    return spans_of(text, {**named, **own}, book.asked.words)


def without_years(book: Book, text: str) -> str:
    """Return a text without a year that stands inside the name of a document: "Wang Yi's 2020 speech"."""
    documents = {*book.documents.values()}

    def named(text: str) -> set[str]:
        return {span.text for span in spans_in(book, plain(text)) if not documents.isdisjoint(span.things)}

    for year in _YEAR.finditer(text):
        rest = f"{text[: year.start()]}{text[year.end() :]}"
        if named(rest) - named(text):
            return rest
    return text


def unsaid_in(book: Book, text: str) -> tuple[str, ...]:
    """Return the things that a text names of which documents are known to say nothing, and none says anything."""
    named = {part: things.keys() & book.unsaid for part, things in book.named_in(candidates(text)).items()}
    parts = [part for part in named if named[part]]
    # "TikTok is fine" asks for no fine.
    whole = [part for part in parts if not any(f" {part} " in f" {other} " for other in parts if other != part)]
    return tuple(dict.fromkeys(iri for part in whole for iri in named[part]))


def names_in(text: str) -> set[str]:
    """Return the words, in plain form, that can only be names: those with a capital inside, as "SenseTime" has."""
    return {plain(word) for word in text.split() if any(map(str.isupper, word[1:])) and not word.isupper()}


def cure(book: Book, written: str, text: str) -> tuple[str, list[Span], tuple[tuple[str, str], ...]]:
    """Return a text without its slips, its names and words, and the slips, each with what it was taken for.

    `written` is all of it in its plain form.
    """
    # A word alone is looked up among the names, with those that are like it.
    is_name = " " not in written or bool(book.named_in([written]))
    cured = () if is_name else tuple(cures(written, book.vocabulary, book.words_of_names, names_in(text)))
    for wrong, right in cured:
        text = plain(text).replace(wrong, right)
    spans = spans_in(book, text)
    if slips := tuple(_slips_in_chinese(book, spans)):
        for wrong, right in slips:
            text = plain(text).replace(wrong, right)
        cured, spans = (*cured, *slips), spans_in(book, text)
    return text, spans, cured


def _slips_in_chinese(book: Book, spans: Sequence[Span]) -> Iterator[tuple[str, str]]:
    """Yield names with one wrong character, of which only the beginning is a name, with what they were taken for."""
    for before, span in pairwise(spans):
        text = before.text + span.text
        is_loose = is_in_chinese(span.text) and not (span.things or span.is_common)
        if is_loose and before.things and is_in_chinese(before.text) and len(text) >= _LONG_IN_CHINESE:
            hits = [hit.iri for hit in book.search(text, limit=_MOST_ALIKE) if hit.guessed]
            terms = chain.from_iterable(chain.from_iterable(own.values()) for own in book.values(hits, *NAMES).values())
            names = (plain(term.value) for term in terms)
            yield from ((text, name) for name in names if len(name) == len(text) and distance(name, text) == 1)
