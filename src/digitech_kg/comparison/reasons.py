"""Why two claims contradict each other, agree or differ: a table of sentences, filled with names of things.

A reason is an identifier and values; its text in a language is made from the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

#: The languages of the table, in the order of its columns.
LANGUAGES: Final = ("en", "nb")
_AND: Final = {"en": "and", "nb": "og"}

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # What the claims are to each other.
    "opposite": ("{second} denies what {first} says.", "{second} benekter det {first} sier."),
    "opposite by implication": (
        "What {first} says includes what {second} denies.",
        "Det {first} sier, innebærer det {second} benekter.",
    ),
    "one value only": (
        "Only one value can be right: {first} says {value}, {second} says {other}.",
        "Bare én verdi kan være riktig: {first} sier {value}, {second} sier {other}.",
    ),
    "values of kinds that exclude each other": (
        "Only one value can be right, and nothing is of both kinds: {first} says {value}, {second} says {other}.",
        "Bare én verdi kan være riktig, og ingenting er av begge slag: {first} sier {value}, {second} sier {other}.",
    ),
    "classes that exclude each other": (
        "Nothing can be both: {first} calls it {value}, {second} calls it {other}.",
        "Ingenting kan være begge deler: {first} kaller det {value}, {second} kaller det {other}.",
    ),
    "relations that exclude each other": (
        "The two relations exclude each other: {first} says {value}, {second} says {other}.",
        "De to forholdene utelukker hverandre: {first} sier {value}, {second} sier {other}.",
    ),
    "other direction": (
        "{first} and {second} give a relation that holds in one direction only opposite directions.",
        "{first} og {second} oppgir hver sin retning for et forhold som bare gjelder i én.",
    ),
    "opposite advice": (
        "{first} advises it, {second} advises against it.",
        "{first} anbefaler det, {second} fraråder det.",
    ),
    "other value": ("{first} says {value}, {second} says {other}.", "{first} sier {value}, {second} sier {other}."),
    "can both be right": ("As they are put, both can be right.", "Slik det er sagt, kan begge ha rett."),
    "not borne out": (
        "{second} is later and does not bear out what {first} expected. It does not refute what was known then.",
        "{second} er nyere og bekrefter ikke det {first} ventet. Det motbeviser ikke det man visste da.",
    ),
    "borne out": (
        "{first} is later and bears out what {second} expected.",
        "{first} er nyere og bekrefter det {second} ventet.",
    ),
    "borne out in part": (
        "{first} is later and bears out in part what {second} expected.",
        "{first} er nyere og bekrefter delvis det {second} ventet.",
    ),
    "same": ("{first} and {second} say the same.", "{first} og {second} sier det samme."),
    "same with the same reserves": (
        "{first} and {second} say the same, with the same reserves.",
        "{first} og {second} sier det samme, med de samme forbeholdene.",
    ),
    "includes": ("What {first} says includes what {second} says.", "Det {first} sier, innebærer det {second} sier."),
    "firmer": ("{first} says it more firmly than {second}.", "{first} sier det mer bestemt enn {second}."),
    "other reserves": (
        "{first} and {second} say the same, each with other reserves.",
        "{first} og {second} sier det samme, men med ulike forbehold.",
    ),
    # How one of them is put.
    "certainty doubtful": ("{document} puts it as doubtful.", "{document} framstiller det som tvilsomt."),
    "certainty possible": ("{document} puts it only as possible.", "{document} framstiller det bare som mulig."),
    "certainty probable": ("{document} puts it only as probable.", "{document} framstiller det bare som sannsynlig."),
    "mood prediction": ("{document} predicts it.", "{document} spår det."),
    "mood recommendation": ("{document} recommends it.", "{document} anbefaler det."),
    "mood norm": ("{document} says that it should be so.", "{document} sier at det bør være slik."),
    "mood definition": ("{document} says it as a definition.", "{document} sier det som en definisjon."),
    "mood question": ("{document} only asks about it.", "{document} spør bare om det."),
    "view reported": (
        "{document} reports it as the view of {values}, without sharing or disputing it.",
        "{document} gjengir det som synet til {values}, uten å dele eller bestride det.",
    ),
    "view partlyEndorsed": (
        "{document} reports it as the view of {values} and shares it in part.",
        "{document} gjengir det som synet til {values} og deler det delvis.",
    ),
    "view endorsed": (
        "{document} reports it as the view of {values} and shares it.",
        "{document} gjengir det som synet til {values} og deler det.",
    ),
    "view disputed": (
        "{document} reports the view of {values} and disputes it.",
        "{document} gjengir synet til {values} og bestrider det.",
    ),
    "view disputed, holder unnamed": (
        "{document} reports the view of others and disputes it.",
        "{document} gjengir andres syn og bestrider det.",
    ),
    "basis encoderReading": (
        "{document} does not say it in so many words: it is a reading of the text.",
        "{document} sier det ikke rett ut: det er en tolkning av teksten.",
    ),
    "basis hearsay": ("{document} has it only from hearsay.", "{document} har det bare på annen hånd."),
    "basis report": ("{document} passes on what others report.", "{document} gjengir det andre melder."),
    "generality sometimes": (
        "{document} says that it is so only sometimes.",
        "{document} sier at det bare er slik av og til.",
    ),
    "generality often": ("{document} says that it is often so.", "{document} sier at det ofte er slik."),
    "generality typically": ("{document} says that it is typically so.", "{document} sier at det typisk er slik."),
    "degree partly": ("{document} says it only in part.", "{document} sier det bare delvis."),
    "degree lesser": ("{document} says it to a lesser degree.", "{document} sier det i mindre grad."),
    "degree denied": (
        "{document} denies only the degree, not the thing itself.",
        "{document} benekter bare graden, ikke saken selv.",
    ),
    "quantifier some": ("{document} says it only of some: {thing}.", "{document} sier det bare om noen: {thing}."),
    "quantifier several": (
        "{document} says it only of several: {thing}.",
        "{document} sier det bare om flere: {thing}.",
    ),
    "quantifier many": (
        "{document} says it of many, not all: {thing}.",
        "{document} sier det om mange, ikke alle: {thing}.",
    ),
    "quantifier most": (
        "{document} says it of most, not all: {thing}.",
        "{document} sier det om de fleste, ikke alle: {thing}.",
    ),
    "quantifier all": ("{document} says it of all: {thing}.", "{document} sier det om alle: {thing}."),
    "count": (
        "{document} says it of a number: {values}, {thing}.",
        "{document} sier det om et antall: {values}, {thing}.",
    ),
    "limited to": ("{document} says it only within {values}.", "{document} sier det bare innenfor {values}."),
    "limited to group": ("{document} says it only of {values}.", "{document} sier det bare om {values}."),
    "limited to time": (
        "{document} says it only for the time {values}.",
        "{document} sier det bare for tiden {values}.",
    ),
    "limited to viewpoint": (
        "{document} says it only from the viewpoint of {values}.",
        "{document} sier det bare fra synspunktet til {values}.",
    ),
    "condition": ("{document} says it on a condition: {values}.", "{document} sier det på et vilkår: {values}."),
    "time": ("{document} speaks of the time {values}.", "{document} taler om tiden {values}."),
    "other reserve": ("{document} has a reserve: {values}.", "{document} tar et forbehold: {values}."),
    # When they were said.
    "later": (
        "{document} is from {values} and so later: something may have changed in between.",
        "{document} er fra {values} og altså nyere: noe kan ha endret seg i mellomtiden.",
    ),
}


@dataclass(frozen=True)
class Reason:
    """A sentence of the table, and what stands in it: documents, things and literals."""

    identifier: str
    values: Mapping[str, Sequence[Any]] = field(default_factory=dict)


class Naming(Protocol):
    """Tells what a value is called in a language."""

    def __call__(self, value: Any, language: str, /) -> str: ...


def write_reasons(reasons: Sequence[Reason], language: str, naming: Naming) -> str:
    """Return reasons as text in a language of the table."""
    return " ".join(_write(reason, language, naming) for reason in reasons)


def _write(reason: Reason, language: str, naming: Naming) -> str:
    sentence = SENTENCES[reason.identifier][LANGUAGES.index(language)]
    texts = {
        name: _join([naming(value, language) for value in values], language) for name, values in reason.values.items()
    }
    return sentence.format(**texts)


def _join(texts: Sequence[str], language: str) -> str:
    """Join names as a sentence does.

    >>> _join(["Norway", "Sweden", "Denmark"], "en")
    'Norway, Sweden and Denmark'
    """
    return f" {_AND[language]} ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)
