"""What a language needs so that claims can be written out in it: a table of fixed words, and how its verbs behave."""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal
from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.times import Tense, TimeWords
from digitech_kg.namespaces import DK

#: Integers from here on are written with marks between the thousands; years and most ranks lie below.
_LONG: Final = 10_000
#: Numbers from here on are written with a word for their size, unless they have more figures than that.
_MILLION: Final = 1_000_000
_FIGURES: Final = 4


@dataclass(frozen=True)
class Words:
    """The fixed words of a language, by the value or property that they stand for. Frames hold `{clause}`."""

    #: Said beside the verb.
    adverbs: Mapping[NamedNode, str]
    degrees: Mapping[NamedNode, str]
    #: Degrees said at the end, where none can be said beside the verb.
    extents: Mapping[NamedNode, str]
    #: How exactly a number is meant; each holds `{number}`.
    precisions: Mapping[NamedNode, str]
    #: Said at the end, `{thing}` being what the subject is measured against; None: compared without a degree.
    comparisons: Mapping[NamedNode | None, str]
    bare_comparisons: Mapping[NamedNode, str]
    #: Degrees of a quality ("very open"), of a noun ("a great risk") and of how something stands ("largely part of").
    qualities: Mapping[NamedNode, str]
    sizes: Mapping[NamedNode, str]
    standings: Mapping[NamedNode, str]
    #: What goes with qualities and nouns: "than Sweden".
    quality_comparisons: Mapping[NamedNode | None, str]
    #: The verb put before that of the pattern.
    modals: Mapping[NamedNode, str]
    #: Verbs that do something by saying so: "forbids".
    performing: Sequence[str]
    frames: Mapping[NamedNode, str]
    #: Where there is no verb that a modal could be put before.
    frames_without_verb: Mapping[NamedNode, str]
    #: For a view of others whose author says nothing of it, and of people whom nobody names.
    attribution: str
    unnamed: str
    #: What a holder does, by mood; None for every other one.
    sayings: Mapping[NamedNode | None, str]
    #: The same where the text tells an opinion, by its cue.
    believing: str
    #: Each holds `{author}`; None: what stands there where no author is known.
    stances: Mapping[NamedNode | None, str]
    quantifiers: Mapping[NamedNode, str]
    #: The same of something that is known already: "most of the companies".
    quantifiers_of: Mapping[NamedNode, str]
    #: The same of what can't be counted, and of what is known and can't.
    quantifiers_of_mass: Mapping[NamedNode, str]
    quantifiers_of_known_mass: Mapping[NamedNode, str]
    number_of: str
    #: Small numbers in letters, from zero on.
    numbers: Sequence[str]
    #: By property.
    limits: Mapping[NamedNode, str]
    #: How several limits go together.
    limits_apply: Mapping[NamedNode, str]
    condition: str
    condition_clause: str
    reason: str
    reason_clause: str
    #: How long and since when, said at the end.
    periods: Mapping[NamedNode, str]
    #: The same in a denial, where "not for many years" would mean that it once was so.
    periods_without: Mapping[NamedNode, str]
    #: Before the word for "before" or "after" if the pattern has it, else at the end.
    nearness: Mapping[NamedNode, tuple[str, str]]
    nearness_at_end: str
    #: After the sentence; what follows stands in brackets.
    doubt: str
    reading: str
    #: How a sentence begins whose words were read only as others report them.
    reported: str
    other_reading: str
    negation: str
    #: Around a name that would be misread without.
    quotes: str
    #: What singles the object out.
    focuses: Mapping[NamedNode, str]
    #: The verb for a norm whose words leave no choice.
    duty: str
    #: Words of a text by what they show: a guess, a denial, a duty …, and phrases with them that show none of it.
    cues: Mapping[str, Sequence[str]]
    #: Small words that no other language here has: by them a text shows its language.
    function_words: Sequence[str]
    #: How phrases begin that are no bare noun and no single quality: "in place", "a champion".
    prepositions: Sequence[str]
    determiners: Sequence[str]
    #: Of the verbs that have no regular ones, the past tense and the participle.
    verbs: Mapping[str, Sequence[str]]
    #: Nouns that tell how a phrase with them is built; each language has its own lists.
    nouns: Mapping[str, Sequence[str]]
    #: How a passage is named: "p. 2, sentence 4".
    passages: Mapping[str, str]
    times: TimeWords

    @classmethod
    def read(cls, tag: str) -> Words:
        """Read the words of a language from its file, whose keys are the names of fields and of terms."""
        table = tomllib.loads((Path(__file__).parent / f"{tag}.toml").read_text(encoding="utf-8"))
        by_name = {name: table.pop(name) for name in ("cues", "passages", "times", "verbs", "nouns")}
        words: dict[str, Any] = {
            name: _by_term(value) if isinstance(value, dict) else value for name, value in table.items()
        }
        return cls(**words, **by_name)


def _by_term(table: Mapping[str, Any]) -> dict[NamedNode | None, Any]:
    return {None if name == "other" else DK[name]: value for name, value in table.items()}


@dataclass(frozen=True, slots=True)
class Manner:
    """How the clause of a claim is put."""

    denied: bool = False
    modal: str = ""
    tense: Tense = Tense.PRESENT
    adverbs: Sequence[str] = ()
    #: What the sentence begins with.
    opening: str = ""
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
    def words(self) -> Words:
        return Words.read(self.tag)

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
    def attribute(self, holders: Sequence[str], saying: str, opening: str) -> str:
        """Return who says, one or several: "many observers predict that"."""

    def open(self, text: str, opening: str) -> str:
        """Return a text with an opening before it."""
        return f"{opening} {text}"

    @abstractmethod
    def is_known(self, noun: str) -> bool:
        """Whether a noun names something known already, so that a quantifier needs "of": "most of the companies"."""

    @abstractmethod
    def is_counted(self, noun: str) -> bool:
        """Whether a noun names several things, of which there can be many."""

    @abstractmethod
    def possessive(self, owner: str) -> str:
        """Return how the name of an owner stands before what is owned, with the space after it."""

    def singular(self, noun: str) -> str:
        """Return the name of several things as that of one; unchanged where a language does not need it."""
        return noun

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

    def number(self, text: str) -> str:
        """Return a number as the language writes it: "86,514", "38.5", "106 billion"; other text stays as it is."""
        try:
            number = Decimal(text)
            if abs(number) >= _MILLION and len(number.normalize().as_tuple().digits) <= _FIGURES:
                return format_compact_decimal(number, format_type="long", locale=self.locale, fraction_digits=_FIGURES)
            grouped = abs(number) >= _LONG
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
        if quantifier is None or quantifier not in self.words.quantifiers:
            return self._number(noun, count) if count else noun
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
        return counted if self.is_counted(noun) else mass.get(quantifier, counted)

    def _number(self, noun: str, count: str) -> str:
        return (self.words.number_of if self.is_known(noun) else "{count} {thing}").format(count=count, thing=noun)


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
