"""The base class of a language in which claims are written: a table of words, and how verbs behave."""

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal
from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.times import Tense
from digitech_kg.namespaces import DK

#: Numbers from here on, and all with a unit, have marks between the thousands; years and most ranks lie below.
_LONG: Final = 10_000
#: Numbers from here on are written with a word for their size, unless they have more figures than that.
_MILLION: Final = 1_000_000
_FIGURES: Final = 4
#: Tables of words whose keys are no terms.
_BY_NAME: Final = ("cues", "looked_for", "passages", "times", "verbs", "nouns", "believing")


@cache
def read_words(tag: str) -> SimpleNamespace:
    """Return the tables of a language's file, by term where their keys are names of terms; "other" stands for None."""
    tables = tomllib.loads((Path(__file__).parent / f"{tag}.toml").read_text(encoding="utf-8"))
    by_term = {name: value for name, value in tables.items() if isinstance(value, dict) and name not in _BY_NAME}
    keyed = {
        name: {None if key == "other" else DK[key]: text for key, text in table.items()}
        for name, table in by_term.items()
    }
    return SimpleNamespace(**tables | keyed)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the clause of a claim is put."""

    denied: bool = False
    modal: str = ""
    tense: Tense = Tense.PRESENT
    adverbs: Sequence[str] = ()
    degree: NamedNode | None = None
    #: Whether it follows "that", "if" and the like.
    subordinate: bool = False
    #: Whether the object directly follows the verb.
    takes_object: bool = False


class Language(ABC):
    """A language in which claims are written out."""

    #: Its BCP 47 tag, and the locale for its lists.
    tag: str
    locale: str

    @cached_property
    def words(self) -> Any:
        """The fixed words; en.toml says what each table is for."""
        return read_words(self.tag)

    @abstractmethod
    def say(self, clause: Clause, manner: Manner) -> str:
        """Return a filled clause as text, without capital and full stop."""

    @abstractmethod
    def is_present(self, clause: Clause) -> bool:
        """Whether a clause has a verb, which is not in the past."""

    def singles_out_at_verb(self, clause: Clause) -> bool:  # noqa: ARG002 - unless the form of the clause decides
        """Whether a word that singles the object out stands at the verb rather than before the object."""
        return True

    @abstractmethod
    def attribute(self, holders: Sequence[str], saying: str) -> str:
        """Return who says, one or several: "many observers predict that"."""

    @abstractmethod
    def is_known(self, noun: str) -> bool:
        """Whether a noun names something known already, so that a quantifier needs "of": "most of the companies"."""

    @abstractmethod
    def is_counted(self, noun: str) -> bool:
        """Whether a noun names several things, of which there can be many."""

    @abstractmethod
    def agree(self, quality: str, subject: str) -> str:
        """Return a quality in the form that goes with what has it."""

    @abstractmethod
    def compare(self, quality: str, degree: NamedNode | None) -> str | None:
        """Return the form of a quality that says a degree by itself: "stricter"; None if it has none."""

    def noun(self, label: str) -> str:
        """Return a label as it stands in a sentence: with its article, or in quotation marks."""
        return self.words.quotes.format(label) if ": " in label else label

    def closed(self, text: str) -> str:
        """Return a part of a sentence with the comma that a clause in it has to end with before more follows."""
        return text

    def number(self, text: str, *, has_unit: bool = False) -> str:
        """Return a number as the language writes it: "86,514", "38.5", "106 billion"; other text stays as it is."""
        try:
            number = Decimal(text)
            if abs(number) >= _MILLION and len(number.normalize().as_tuple().digits) <= _FIGURES:
                return format_compact_decimal(number, format_type="long", locale=self.locale, fraction_digits=_FIGURES)
            grouped = has_unit or abs(number) >= _LONG
            return format_decimal(number, locale=self.locale, decimal_quantization=False, group_separator=grouped)
        except (InvalidOperation, ValueError):
            return text  # A shape refuses it later.

    def count(self, text: str) -> str:
        """Return how many, in letters if it is a small number: "three"."""
        small = self.words.numbers
        return small[int(text)] if text.isdecimal() and int(text) < len(small) else self.number(text)

    def definite(self, noun: str) -> str:
        """Return the name of several things as that of known ones: "the companies"."""
        return noun

    def is_phrase(self, text: str) -> bool:
        """Whether a text is a phrase that neither an adjective nor "very" goes before: "in place", "a champion"."""
        return text.partition(" ")[0] in self.words.determiners or self.has_preposition(text)

    def has_preposition(self, text: str) -> bool:
        """Whether a text says by itself how it hangs on: "in the short term"."""
        return text.partition(" ")[0] in self.words.prepositions

    def name(self, clause: Clause, manner: Manner) -> str:
        """Return a clause without a verb as text: "the wall: probably not: colour: red"."""
        degree = self.words.degrees.get(manner.degree, "") if manner.degree else ""
        middle = join(*manner.adverbs, self.words.negation if manner.denied else "", degree)
        return join(clause.before, f"{middle}:" if middle else "", clause.after)

    def enumerate(self, texts: Iterable[str]) -> str:
        """Return texts as a list: "Norway, Sweden and Finland"."""
        found = list(texts)
        return format_list(found, locale=self.locale) if len(found) > 1 else "".join(found)

    def quantify(self, noun: str, quantifier: NamedNode | None, count: str | None) -> str:
        """Return a noun with how much of it is meant: "many companies", "3 of the companies"."""
        if count or quantifier:  # “At least one spare vessel”, of what is called “a spare vessel”.
            noun = noun.removeprefix(next((it for it in self.words.articles if noun.startswith(it)), ""))
        if quantifier is None or quantifier not in self.words.quantifiers:
            frame = self.words.number_of if count and self.is_known(noun) else "{count} {thing}"
            return str(frame.format(count=count, thing=noun)) if count else noun
        # A thing may be called "many countries" itself.
        openings = (frame.replace("{thing}", "") for frame in self.words.quantifiers.values())
        bare = noun.removeprefix(next((words for words in openings if noun.startswith(words)), ""))
        frame = self.quantifier(bare, quantifier)
        return frame.format(thing=f"({count}) {bare}" if count else bare)

    def quantifier(self, noun: str, quantifier: NamedNode) -> str:
        """Return the words of a quantifier for a noun: "many {thing}", "many of {thing}"."""
        words, known = self.words, self.is_known(noun)
        counted = (words.quantifiers_of if known else words.quantifiers)[quantifier]
        mass = words.quantifiers_of_known_mass if known else words.quantifiers_of_mass
        return str(counted if self.is_counted(noun) else mass.get(quantifier, counted))


def join(*parts: str) -> str:
    """Return the parts that are not empty with spaces between."""
    return " ".join(part for part in parts if part)


def as_sentence(text: str) -> str:
    """Return a text with a capital, unless its first word has one further in, and with a full stop.

    >>> as_sentence("iFlytek leads")
    'iFlytek leads.'
    """
    first = text.partition(" ")[0]
    capital = text if any(letter.isupper() for letter in first[1:]) else text[:1].upper() + text[1:]
    return capital if capital.endswith((".", "!", "?")) else capital + "."
