"""Write claims in English. Articles and verbs follow from the form of a noun: singular or plural, known or not."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.languages.language import Language, Manner, join, read_words
from digitech_kg.claims.times import Tense
from digitech_kg.namespaces import DK

_WORDS: Final = read_words("en")
_NOUNS: Final = {kind: frozenset(nouns) for kind, nouns in _WORDS.nouns.items()}
_PARTICIPLES: Final = re.compile(r"(?:develop|emerg|exist|expand|grow|lead|ongo|recurr|remain|ris)ing")
_SINGULAR_ENDINGS: Final = ("ics", "is", "news", "series", "species", "ss", "us")
_AFTER_NOUN: Final = re.compile(rf"[,(:]| (?:{'|'.join(_WORDS.nouns['following'])})\b")
_QUANTIFIED: Final = re.compile(
    r"(?:(?:not )?all|few|many|much|some|several|most|(?:about |at least |at most )?"
    rf"(?:[\d,.]+|{'|'.join(_WORDS.numbers[2:])}))(?: \([\w,.]+\))?(?: of)? "
)
#: Names something known already: "the companies", "China's plan".
_KNOWN: Final = re.compile(r"(?:the|this|that|these|those|its|their|his|her|our)\b|\S+(?:'s|’s|s'|s’) ", re.IGNORECASE)
_DETERMINED: Final = re.compile(rf"(?:{'|'.join(_WORDS.nouns['determiners'])}|\d\S*)\b", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"\S(?:'s|’s|s'|s’)(?: |$)")
_RANKED: Final = re.compile(rf"(?:{'|'.join(_WORDS.nouns['ranks'])}) \w")
#: Words that make a singular noun definite: "growth of trade", "restriction or exclusion of firms", "belief that …".
_CERTAIN: Final = re.compile(r"(?: or (?:\w+ )?\w+)? (?:of|that)\b")


@lru_cache(maxsize=4096)
def is_plural(noun: str) -> bool:
    """Whether a noun phrase takes a plural verb, judged by its form.

    >>> [is_plural(noun) for noun in ("companies listed in the table", "United States", "Who pays? Views of firms")]
    [True, False, False]
    """
    found = _QUANTIFIED.match(noun)
    bare = noun[found.end() if found else 0 :].removeprefix("the ")
    words = _head(bare)
    # A title names one thing: only titles are in quotation marks, or ask something.
    if not words or _is_gerund(words) or noun.startswith("“") or "?" in noun:
        return False
    if words[0].lower() in ("those", "these", "they"):
        return True
    if _is_name(words):
        return words[-1] in ("Islands", "Isles") or (found is not None and _is_plural_noun(words[-1].lower()))
    return any(_is_plural_noun(word) and _ends_noun(after) for word, after in zip(words, [*words[1:], ""], strict=True))


@lru_cache(maxsize=4096)
def takes_article(label: str) -> bool:
    """Whether "the" has to stand before a label in a sentence.

    It does before one thing of a kind, which its noun shows (one that is counted, or that "of" or "that" follows),
    before what is ranked, and before the names of institutions.
    """
    words = _head(label)
    if not words or _KNOWN.match(label) or _DETERMINED.match(label):
        return False
    if _is_name(words):
        return not _NOUNS["institutions"].isdisjoint((words[-1], " ".join(words[-2:])))
    if _RANKED.match(label):
        return True
    if _is_gerund(words) or is_plural(label) or _POSSESSIVE.search(" ".join(words)):
        return False
    return words[-1].lower() in _NOUNS["counted"] or _CERTAIN.match(label, len(" ".join(words))) is not None


def _head(noun: str) -> list[str]:
    return _AFTER_NOUN.split(noun)[0].split()


def _is_name(words: list[str]) -> bool:
    return all(word[:1].isupper() or word[:1].isdigit() or word in ("and", "&", "-") for word in words)


def _is_gerund(words: list[str]) -> bool:
    """Whether a phrase names an act: "promoting joint interests", not "gaming apps"."""
    if len(words) < 3 or not words[0].endswith("ing"):
        return False
    return not _PARTICIPLES.fullmatch(words[0].lower()) and not _is_plural_noun(words[1])


def _joins_two(noun: str) -> bool:
    """Whether a phrase names two things: "the scope and sensitivity of the data", not "the trade and tax report"."""
    head = _head(noun)
    return not noun.startswith("“") and not _is_name(head) and len(head) > 2 and head[-2] == "and"


def _ends_noun(following: str) -> bool:
    """Whether the word after a noun is none that the noun describes: "companies operating", but "services tax"."""
    return following in ("", "also", "and", "other") or following.endswith(("ing", "ed"))


def _is_plural_noun(word: str) -> bool:
    return word in _NOUNS["plural"] or (word.endswith("s") and not word.endswith((*_SINGULAR_ENDINGS, "'s", "’s")))


_BE: Final = {"is", "are", "was", "were"}
_DO: Final = {"do", "does", "did"}
_MODALS: Final = {"can", "could", "may", "might", "must", "shall", "should", "will", "would"}
_BASES: Final = {"is": "be", "was": "be", "has": "have", "does": "do", "goes": "go"}
_PLURALS: Final = {"did": "did", "is": "are", "took": "took", "was": "were"}
#: Phrases that end in a clause or an adverb, to which the next words would seem to belong.
_WITH_CLAUSE: Final = re.compile(r" (?:that|who|which|whose|where|also) | (?:too|abroad)$")
_SHORT: Final = re.compile(r"[^aeiou]*[aeiou]{1,2}[^aeiouy]+e?")
#: Verbs of one syllable whose last letter is doubled: "dragged", "quizzed".
_DOUBLED: Final = re.compile(r"^((?:qu|[^aeiou])*[aeiou]([^aeiouwxy]))$")


class _Verb(NamedTuple):
    """`does` `not` `lead`; `has` `ventured`; `leads`."""

    auxiliary: str
    negation: str
    main: str


class English(Language):
    """English, in British spelling."""

    tag = "en"
    locale = "en_GB"

    def say(self, clause: Clause, manner: Manner) -> str:
        """Put adverbs before the verb or after its auxiliary; "heavily" after a verb without a direct object."""
        if not clause.affirmed:
            return self.name(clause, manner)
        auxiliary, negation, main = self._inflect(clause, manner)
        adverbs = " ".join(manner.adverbs)
        if auxiliary in _DO:
            opening = join(adverbs, auxiliary, negation)
        else:
            opening = join(auxiliary, adverbs, negation).replace("can not", "cannot").replace(" to not", " not to")
        degree = self.words.degrees.get(manner.degree, "") if manner.degree else ""
        if manner.degree == DK.partly:
            return join(clause.before, opening, degree, main, clause.after)
        if manner.degree and degree and (manner.takes_object or main in ("", "has", "have", "been")):
            return join(clause.before, opening, main, clause.after, self.words.extents.get(manner.degree, degree))
        return join(clause.before, opening, main, degree, clause.after)

    def is_present(self, clause: Clause) -> bool:
        return bool(clause.affirmed) and not clause.denied.startswith("did ")

    def singles_out_at_verb(self, clause: Clause) -> bool:
        return clause.after.startswith(("{object}", "{goods}", "{name}"))

    def attribute(self, holders: Sequence[str], saying: str) -> str:
        verb, _, rest = saying.partition(" ")
        several = len(holders) > 1 or is_plural(holders[0])
        return join(self.enumerate(holders), _plural(verb) if several else verb, rest)

    def noun(self, label: str) -> str:
        """Put "the" before what has one: "the report", "the growth of trade", "the European Commission"."""
        text = super().noun(label)
        return f"the {text}" if text == label and takes_article(label) else text

    def closed(self, text: str) -> str:
        return f"{text}," if _WITH_CLAUSE.search(text) else text

    def definite(self, noun: str) -> str:
        return f"the {noun}" if is_plural(noun) and not self.is_known(noun) else noun

    def is_known(self, noun: str) -> bool:
        return _KNOWN.match(noun) is not None

    def is_counted(self, noun: str) -> bool:
        return is_plural(noun)

    def agree(self, quality: str, subject: str) -> str:
        """Return "serious" of a great risk; English has one form of each word."""
        return "serious" if quality == "great" and subject.startswith("risk ") else quality

    def compare(self, quality: str, degree: NamedNode | None) -> str | None:
        """Return "stricter": words of one syllable have such a form."""
        return f"{quality.removesuffix('e')}er" if degree == DK.greater and _SHORT.fullmatch(quality) else None

    def _inflect(self, clause: Clause, manner: Manner) -> _Verb:
        """Return the verb for its subject, in its tense or with "will" or "should" if the manner has one."""
        plural = is_plural(clause.before) or _joins_two(clause.before)
        if manner.modal:
            verb = _take_apart(clause.denied)
            modal, _, more = manner.modal.strip("-").partition(" ")
            verb = _with_modal(verb if manner.denied else verb._replace(negation=""), modal)
            if not more or verb.auxiliary != modal:
                return verb
            return _Verb("are" if plural else modal, verb.negation, join(more, verb.main))
        verb = _take_apart(clause.denied if manner.denied else clause.affirmed)
        if manner.tense is not Tense.PRESENT and not clause.denied.startswith("did "):
            return self._in_tense(verb, manner.tense, plural=plural)
        auxiliary, negation, main = verb
        first, _, rest = main.partition(" ")
        if plural and auxiliary:
            return _Verb(auxiliary if auxiliary in _MODALS else _plural(auxiliary), negation, main)
        return _Verb("", negation, join(_plural(first), rest)) if plural else verb

    def _in_tense(self, verb: _Verb, tense: Tense, *, plural: bool) -> _Verb:
        """Return a verb of the present tense in another one; what is in the past already stays."""
        auxiliary, negation, main = verb
        first, _, rest = main.partition(" ")
        if auxiliary == "was":
            return _Verb("were" if plural else auxiliary, negation, main)
        if auxiliary in _MODALS:
            return _Verb("could" if auxiliary == "can" and tense is Tense.PAST else auxiliary, negation, main)
        have = "have" if plural else "has"
        if auxiliary == "has":
            told = tense is Tense.PAST and not negation and first.endswith("ed")
            return _Verb("" if told else have, negation, main)
        if tense is Tense.PERFECT:
            done = join("been", main) if auxiliary == "is" else join(self._past(first)[1], rest)
            return _Verb(have, negation, done)
        if auxiliary == "is":
            return _Verb("were" if plural else "was", negation, main)
        return _Verb("did", negation, main) if auxiliary else _Verb("", "", join(self._past(first)[0], rest))

    def _past(self, verb: str) -> tuple[str, str]:
        """Return the past tense and the participle of a verb, which may stand in the third person."""
        base = _base(verb) if verb.endswith("s") else verb
        if (irregular := self.words.verbs.get(base)) is not None:
            return irregular[0], irregular[1]
        ending = re.sub(r"(?<=[^aeiou])y$", "i", _DOUBLED.sub(r"\1\2", base).removesuffix("e")) + "ed"
        return ending, ending


def _base(verb: str) -> str:
    """Return the base of a verb in the third person: "lead" for "leads"."""
    if verb in _BASES:
        return _BASES[verb]
    if verb.endswith("ies") and len(verb) > len("dies"):
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb.removesuffix("s")


def _plural(verb: str) -> str:
    return _PLURALS.get(verb, _base(verb))


def _with_modal(verb: _Verb, modal: str) -> _Verb:
    auxiliary, negation, main = verb
    if not auxiliary or auxiliary in _DO:
        return _Verb(modal, negation, main)
    if auxiliary in _MODALS:
        if (auxiliary, modal) == ("can", "may"):
            return _Verb(modal, negation, main)
        able = {"can": "be able to", "must": "have to"}.get(auxiliary)
        return _Verb(modal, negation, join(able, main)) if able else _Verb(auxiliary, negation, main)
    return _Verb(modal, negation, join(_base(auxiliary), main))


def _take_apart(verb: str) -> _Verb:
    words = verb.replace("cannot", "can not").split()
    if "not" in words:
        place = words.index("not")
        return _Verb(" ".join(words[:place]), "not", " ".join(words[place + 1 :]))
    if words[0] in _BE | _MODALS or (words[0] == "has" and len(words) > 1):
        return _Verb(words[0], "", " ".join(words[1:]))
    return _Verb("", "", verb)
