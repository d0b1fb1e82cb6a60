"""Claims in Norwegian bokmål."""

from __future__ import annotations

import re
from typing import NamedTuple

from digitech_kg.claims.clauses import Clause
from digitech_kg.claims.languages.language import Language, Manner, join

_INFINITIVES = {
    "ble": "bli",
    "er": "være",
    "fant": "finne",
    "kan": "kunne",
    "må": "måtte",
    "sier": "si",
    "skal": "skulle",
    "spør": "spørre",
    "vet": "vite",
    "vil": "ville",
}
_KNOWN = re.compile(r"(?:de|den|det|disse) |[A-ZÆØÅ]\S*s ")
_AFTER_NOUN = re.compile(r",|\(|:| (?:av|blant|enn|for|fra|i|innen|med|mellom|mot|om|over|på|som|til|ved)\b")


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
        """Put adverbs after the verb in a main clause and before it in a subordinate one."""
        if not clause.affirmed:
            return self.name(clause, manner)
        verb = _inflect(clause, manner)
        degree = self.words.degrees.get(manner.degree, "") if manner.degree else ""
        middle = join(*manner.adverbs, verb.negation, degree)
        order = (middle, verb.finite) if manner.subordinate else (verb.finite, middle)
        return join(clause.before, *order, verb.rest, clause.after)

    def go_on(self, clause: Clause, manner: Manner) -> str | None:
        verb = _inflect(clause, manner)
        if verb.rest or verb.finite in ("ble", "fant") or verb.finite.endswith("s"):
            return None
        past = {"er": "vært det", "har": "hatt det"}.get(verb.finite, "gjort det")
        return f"og har {join(verb.negation, past)}"

    def attribute(self, holders: str, saying: str) -> str:
        return join(holders, saying)

    def is_known(self, noun: str) -> bool:
        head = _AFTER_NOUN.split(noun)[0].split()
        return _KNOWN.match(noun) is not None or any(word.endswith("ene") for word in head)


def _infinitive(verb: str) -> str:
    """Return the infinitive of a verb: "lede" for "leder", "stå" for "står", "gjøre" for "gjør"; "-s" stays."""
    first, _, rest = verb.partition(" ")
    found = _INFINITIVES.get(first) or (f"{first}e" if first.endswith("gjør") else first.removesuffix("r"))
    return join(found, rest)


def _inflect(clause: Clause, manner: Manner) -> _Verb:
    """Return the verb, with "vil" or "bør" if the manner has one. What stands before "ikke" is the finite part."""
    finite, negation, rest = clause.denied.partition(" ikke")
    if not manner.denied:
        negation = ""
        finite = finite if clause.affirmed.startswith(finite) else clause.affirmed
        rest = clause.affirmed.removeprefix(finite)
    if manner.modal:
        return _Verb(manner.modal, negation.strip(), join(_infinitive(finite), rest.strip()))
    return _Verb(finite, negation.strip(), rest.strip())
