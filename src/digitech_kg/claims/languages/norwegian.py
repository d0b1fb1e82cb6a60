"""Write claims in Norwegian bokmål."""

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.languages.language import Language, Manner, join, read_words
from digitech_kg.claims.times import Tense
from digitech_kg.namespaces import DK

_WORDS: Final = read_words("nb")
#: Verbs in the present tense without "-r" or "-s" at the end. Any other verb without one is in the past.
_PRESENT: Final = ("må", "skal", "vet", "vil", "kan")
_PREFIX: Final = re.compile(
    r"(?:an|av|be|bi|er|for|fram|gjennom|inne|inn|mot|om|opp|over|på|sam|til|under|unn|ut|ved|\w{4,}(?=setter))(?=\w{3})"
)
_KNOWN: Final = re.compile(r"(?:de|den|det|disse|sin|sitt|sine) |[A-ZÆØÅ]\S*s ")
_QUANTIFIED: Final = re.compile(
    r"(?:(?:ikke )?alle|de fleste|flere|få|mange|noen|(?:omtrent |minst |høyst )?"
    rf"(?:[\d\xa0.,]+|{'|'.join(_WORDS.numbers[2:])}))(?: \(.+?\))?(?: av)? "
)
_AFTER_NOUN: Final = re.compile(rf",|\(|:| \w+(?:ført|elt) ?| (?:{'|'.join(_WORDS.nouns['following'])})\b")
#: A subject with a clause of its own, after which a comma stands; "som" without a verb is "as".
_WITH_CLAUSE: Final = re.compile(
    r"^(?:alle|de|den|det|folk|noen) som | (?:at|hvor|hvordan|slik) "
    r"| (?:som|der) (?:også |ikke )?(?:.*? )?(?:er|var|har|kan|får|vil|bør|må|ble|vedtok)(?: |$)"
    r"| (?:som|der) (?:også |ikke )?(?:\S+(?:en|et|ne) |[A-ZÆØÅ][^,]*? )?"
    r"(?!\w+(?:ører|inger|eter) )\w+(?:er|ør|år|yr|es),? \S"
)
#: "De som" after a preposition.
_THOSE: Final = re.compile(r"\b(av|blant|for|hos|med|mot|om|på|til) de som\b")
_COMMON: Final = ("het", "tet", "skap")
_UNCHANGED: Final = ("e", "a", "es", "rs")
_IRREGULAR: Final = {"liten": ("lite", "små"), "ny": ("nytt", "nye"), "fri": ("fritt", "frie")}


class _Form(IntEnum):
    """The form of a noun: singular with common or neuter gender, or plural."""

    COMMON = 0
    NEUTER = 1
    PLURAL = 2


class _Verb(NamedTuple):
    """`leder`; `leder` `ikke`; `har` `ikke` `gått`."""

    finite: str
    negation: str
    rest: str


class Norwegian(Language):
    """Bokmål."""

    tag = "nb"
    locale = "nb"

    def say(self, clause: Clause, manner: Manner) -> str:
        """Put adverbs after the verb in a main clause, before it in a subordinate one; a long subject stays first."""
        if not clause.affirmed:
            return self.name(clause, manner)
        verb = self._inflect(clause, manner)
        degree = self.words.degrees.get(manner.degree, "") if manner.degree else ""
        order = [verb.finite, join(*manner.adverbs, verb.negation, degree)]
        if manner.subordinate and not verb.finite.endswith(" å"):
            order.reverse()
        return _THOSE.sub(r"\1 dem som", join(self.closed(clause.before), *order, verb.rest, clause.after))

    def is_present(self, clause: Clause) -> bool:
        return bool(clause.affirmed) and not _is_past(clause.affirmed)

    def attribute(self, holders: Sequence[str], saying: str) -> str:
        return _THOSE.sub(r"\1 dem som", join(self.closed(self.enumerate(holders)), saying))

    def closed(self, text: str) -> str:
        return f"{text}," if _WITH_CLAUSE.search(text) and not text.endswith(("”", "»")) else text

    def is_known(self, noun: str) -> bool:
        last = (_head(noun) or [""])[-1]
        definite = last.endswith(("en", "et")) and not last.endswith(_COMMON) and last[:1].islower() and len(last) > 5
        return _KNOWN.match(noun) is not None or last.endswith("ene") or definite

    def is_counted(self, noun: str) -> bool:
        return self._form(noun) is _Form.PLURAL or (_head(noun) or [""])[-1].endswith(tuple(self.words.nouns["neuter"]))

    def quantify(self, noun: str, quantifier: NamedNode | None, count: str | None) -> str:
        """Count "ett fartøy" of neuter gender."""
        if count and count.endswith("én") and self._form(noun) is _Form.NEUTER:
            count = count.removesuffix("én") + "ett"
        return super().quantify(noun, quantifier, count)

    def definite(self, noun: str) -> str:
        """Return "de kinesiske selskapene" for "kinesiske selskaper"; other plurals can't be told by their form."""
        head = _head(noun)
        is_bare = not (_KNOWN.match(noun) or _QUANTIFIED.match(noun)) and self._form(noun) is _Form.PLURAL
        if not is_bare or not head[-1].endswith("er"):
            return noun
        known = " ".join((*(["de"] if len(head) > 1 else []), *head[:-1], head[-1].removesuffix("er") + "ene"))
        return known + noun.removeprefix(" ".join(head))

    def agree(self, quality: str, subject: str) -> str:
        """Return "åpent" of one thing with neuter gender and "åpne" of several; what isn't inflected stays."""
        quality = "alvorlig" if quality == "stor" and subject.startswith("risiko ") else quality
        first, space, rest = quality.partition(" ")
        form = self._form(subject)
        stays = form is _Form.COMMON or self.is_phrase(quality) or first.endswith("ere")
        if stays or (rest and not self.is_phrase(rest)):
            return quality
        return (_neuter(first) if form is _Form.NEUTER else _several(first)) + space + rest

    def compare(self, quality: str, degree: NamedNode | None) -> str | None:
        """Return "strengere": words of one syllable and those in "-ig" have such a form."""
        syllables = len(re.findall("[aeiouyæøå]+", quality))
        short = syllables == 1 or (quality.endswith("ig") and syllables < 4)
        if degree != DK.greater or not short or quality.endswith(("e", "t", "s", "a")):
            return None
        return f"{quality}ere"

    def _form(self, noun: str) -> _Form:
        """Return how what is said of a noun is inflected, judged by the noun's form."""
        if noun.startswith("å "):
            return _Form.NEUTER
        head = _head(_QUANTIFIED.sub("", noun, count=1))
        if not head:
            return _Form.COMMON
        # In "nærings- og handelsdepartementet" the words around "og" name one thing.
        several = any(word == "og" and not before.endswith("-") for before, word in pairwise(head))
        if several or _QUANTIFIED.match(noun) or head[0] in ("de", "disse"):
            return _Form.PLURAL
        last, small = head[-1].lower(), head[-1][:1].islower()
        if last.endswith(("ene", "ere", "ører")) or (small and last.endswith("er") and len(last) > 4):
            return _Form.PLURAL
        if head[0] in ("det", "dette") or (small and last.endswith("et") and not last.endswith(_COMMON)):
            return _Form.NEUTER
        if not last.endswith(self._neuter):
            return _Form.COMMON
        # Nouns with neuter gender often look the same in the plural: an adjective before them shows it.
        inflected = len(head) > 1 and head[-2].endswith(("ske", "ige", "nde", "ede", "dre"))
        return _Form.PLURAL if inflected and not _KNOWN.match(noun) else _Form.NEUTER

    @cached_property
    def _neuter(self) -> tuple[str, ...]:
        nouns = self.words.nouns["neuter"]
        return (*nouns, *(f"{noun}et" for noun in nouns))

    def _inflect(self, clause: Clause, manner: Manner) -> _Verb:
        """Return the verb in its tense, or with "vil" or "bør". What stands before "ikke" is the finite part."""
        finite, negation, rest = (part.strip() for part in clause.denied.partition(" ikke"))
        if not manner.denied:
            negation = ""
            finite = finite if clause.affirmed.startswith(finite) else clause.affirmed
            rest = clause.affirmed.removeprefix(finite).strip()
        if manner.modal:
            modal, _, more = manner.modal.partition(" ")
            return _Verb(modal, negation, join(more, "" if finite == modal else self._infinitive(finite), rest))
        if manner.tense is Tense.PRESENT or _is_past(finite) or (finite == "har" and rest):
            return _Verb(finite, negation, rest)
        first, _, more = finite.partition(" ")
        past, done = self._past(first)
        if manner.tense is Tense.PERFECT:
            return _Verb("har", negation, join(done, more, rest))
        verb, _, participle = past.partition(" ")
        return _Verb(verb, negation, join(participle, more, rest))

    def _past(self, verb: str) -> tuple[str, str]:
        """Return the past tense and the participle of a verb in the present tense."""
        prefix = _PREFIX.match(verb) if verb not in self.words.verbs else None
        opening = prefix[0] if prefix else ""
        if (irregular := self.words.verbs.get(verb.removeprefix(opening))) is not None:
            return opening + irregular[0], opening + irregular[1]
        stem = verb.removesuffix("r").removesuffix("e")
        return (f"{stem}te", f"{stem}t") if verb.endswith("erer") else (f"{stem}et", f"{stem}et")

    def _infinitive(self, verb: str) -> str:
        """Return the infinitive of a verb: "lede" for "leder", "stå" for "står", "gjøre" for "gjør"; "-s" stays."""
        first, _, rest = verb.partition(" ")
        regular = f"{first}e" if first.endswith("gjør") else first.removesuffix("r")
        return join(*(self.words.verbs.get(first, ())[2:] or [regular]), rest)


def _head(noun: str) -> list[str]:
    return _AFTER_NOUN.split(noun)[0].split()


def _neuter(quality: str) -> str:
    if quality in _IRREGULAR:
        return _IRREGULAR[quality][0]
    few_vowels = len(re.findall("[aeiouyæøå]+", quality)) == 1
    if quality.endswith((*_UNCHANGED, "t", "dd", "ig")) or (quality.endswith("sk") and not few_vowels):
        return quality
    return (quality[:-1] if quality[-2:] in ("nn", "ll", "mm", "tt") else quality) + "t"


def _several(quality: str) -> str:
    if quality in _IRREGULAR:
        return _IRREGULAR[quality][1]
    if quality.endswith(_UNCHANGED):
        return quality
    if quality.endswith("et"):
        return f"{quality[:-1]}de"
    if quality.endswith(("el", "er", "en")) and len(quality) > 4 and not quality.endswith("ell"):
        stem = quality[:-2]
        return (stem[:-1] if stem[-1] == stem[-2] else stem) + quality[-1] + "e"
    return quality + "e"


def _is_past(verb: str) -> bool:
    """Whether a pattern puts its verb into the past: "grunnla", but not "er", "handles" or "må".

    >>> [_is_past(verb) for verb in ("undertegnet", "undertegner", "finnes", "kan brukes")]
    [True, False, False, False]
    """
    first = verb.partition(" ")[0]
    return not first.endswith(("r", "s")) and first not in _PRESENT
