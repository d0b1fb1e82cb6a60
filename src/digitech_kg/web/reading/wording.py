"""How a claim is put, in words: the same beside it on pages, in footnotes and in files."""

from __future__ import annotations

import re

from flask import Flask
from markupsafe import Markup

from digitech_kg.claims.firmness import LEVELS, OTHER_LEVEL, Firmness
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.claim_views import ClaimView, ReserveView
from digitech_kg.web.reading.labels import DisplayValue

#: Reserves that are told by their value alone.
_SAYING = frozenset(("subjectQuantifier", "objectQuantifier", "generality", "basis", "degree", "precision"))


def headline(claim: ClaimView) -> str:
    """Return how a claim is put in two or three words: "Reported: possible prediction"."""
    firm = claim.firm
    if firm.voice == "outside":
        return _("From another source")
    words = [level_words(firm.certainty, _label_on(claim, "certainty"))] if firm.certainty != "certain" else []
    words += [_noun(firm, _label_on(claim, "mood"))] if firm.kind != "statement" or firm.denied else []
    said = " ".join(words)
    if firm.voice == "other":
        return ": ".join(filter(None, (_("Reported"), said)))
    if firm.kind != "statement" or firm.certainty != "certain":
        return said.capitalize()
    plain = {"plain": _("Stated plainly"), "denied": _("Plain denial")}
    return plain.get(claim.manner) or (_("Denial") if firm.denied else _("Stated"))


def level_words(certainty: str, label: str = "") -> str:
    """Return what a level of certainty is called, by its key: without words here, its label or its key in words."""
    if words := _levels().get(certainty) or label:
        return words
    return _("another level") if certainty == OTHER_LEVEL else in_words(certainty)


def level_class(certainty: str) -> str:
    """Return the class of a level in style sheets, which is neutral if they have none for it."""
    return certainty if certainty in _levels() else OTHER_LEVEL


def in_words(key: str) -> str:
    """Return the local name of a term in words.

    >>> in_words("nearlyCertain")
    'nearly certain'
    """
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", key).lower()


def voice(claim: ClaimView) -> str:
    """Return whose view a claim is: "the author’s own view", "by many observers, the author disagrees"."""
    if claim.external:
        return _("from another source")
    return _holders(claim) or _("the author’s own view")


def remarks(claim: ClaimView) -> tuple[str, ...]:
    """Return the reserves that the headline does not tell: "only for Norway"."""
    return tuple(map(_remark, claim.remarks))


def details(claim: ClaimView) -> str:
    """Return in one line what the headline does not tell: whose view it is if not the author's, and the remarks."""
    return " · ".join(filter(None, (_holders(claim), *remarks(claim))))


def words(claim: ClaimView) -> str:
    """Return all of it in one line."""
    return " · ".join(filter(None, (headline(claim), details(claim))))


def axis_words(reserve: ReserveView) -> str:
    """Return what is told of a claim by a reserve, in words: "Whose view"."""
    key = "limitedTo" if reserve.key.startswith("limitedTo") else reserve.key
    axes = {
        "certainty": _("Certainty"),
        "mood": _("Kind"),
        "heldBy": _("Whose view"),
        "stance": _("What the author thinks of it"),
        "basis": _("What it rests on"),
        "generality": _("How often"),
        "degree": _("How much"),
        "precision": _("How exactly"),
        "limitedTo": _("Only for"),
        "condition": _("On a condition"),
        "reason": _("Reason"),
        "time": _("When"),
        "duration": _("How long"),
        "cue": _("Words used"),
        "passagesStateIt": _("The passages say it"),
        "salience": _("Weight in the document"),
    }
    return axes.get(key) or reserve.axis.text


def relation_words(key: str, reverse: bool = False) -> str:
    """Return how a claim bears on another, by a relation's local name, or in reverse how the other bears on it."""
    relations = {
        "supports": (_("Supports"), _("Supported by")),
        "qualifies": (_("Limits"), _("Limited by")),
        "disputes": (_("Disputes"), _("Disputed by")),
        "illustrates": (_("Is an example of"), _("For example")),
        "contrastsWith": (_("In contrast to"), _("In contrast to")),
        "followsFrom": (_("Follows from"), _("From this follows")),
        "repeats": (_("Repeats"), _("Repeated by")),
        "contradicts": (_("Contradicts"), _("Contradicts")),
        "corroborates": (_("Agrees with"), _("Agrees with")),
        "firmerThan": (_("Is firmer than"), _("Is less firm than")),
    }
    return relations[key][reverse]


def lang(language: str) -> Markup:
    """Return the attribute of an element whose text is in a language, with a space before it; "" for the page's own.

    >>> lang("nb")
    Markup(' lang="nb"')
    """
    return Markup(' lang="{}"').format(language) if language else Markup()


def register_wording(app: Flask) -> None:
    """Give templates the words for claims, levels of certainty and relations, and `lang`, as filters."""
    filters = (headline, details, level_words, level_class, in_words, axis_words, relation_words, lang)
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    app.jinja_env.globals["certainty_levels"] = LEVELS


def _levels() -> dict[str, str]:
    return {
        "certain": _("certain"),
        "probable": _("probable"),
        "possible": _("possible"),
        "doubtful": _("doubtful"),
    }


def _label_on(claim: ClaimView, key: str) -> str:
    """Return what the value of a claim on an axis is called; "" if it has none there."""
    return next((_text(reserve.value) for reserve in claim.reserves if reserve.key == key), "")


def _noun(firm: Firmness, label: str) -> str:
    if firm.denied:
        denials = {
            "prediction": _("negative prediction"),
            "recommendation": _("advice against"),
            "norm": _("rule against"),
            "statement": _("denial"),
        }
        if firm.kind in denials:
            return denials[firm.kind]
    nouns = {
        "prediction": _("prediction"),
        "recommendation": _("advice"),
        "norm": _("rule"),
        "definition": _("definition"),
        "openQuestion": _("question"),
        "promise": _("promise"),
        "order": _("order"),
        "hypothesis": _("hypothesis"),
        "statement": _("statement"),
    }
    return nouns.get(firm.kind) or label or in_words(firm.kind)


def _holders(claim: ClaimView) -> str:
    stances = {
        "disputed": _("the author disagrees"),
        "endorsed": _("the author agrees"),
        "partlyEndorsed": _("the author partly agrees"),
        "reported": _("the author leaves it open"),
    }
    held = " · ".join(f"{_('by')} {_text(holder)}" for holder in claim.holders)
    return ", ".join(filter(None, (held, stances.get(claim.stance, "")))) if held else ""


def _remark(reserve: ReserveView) -> str:
    value, key = reserve.value, reserve.key
    if key.startswith("limitedTo"):
        return f"{_('only for')} {_text(value)}"
    if key == "condition":
        # A claim is a sentence.
        return f"{_('on a condition')}: {_text(value).removesuffix('.')}"
    if key in ("subjectCount", "objectCount"):
        return f"{_('number')}: {_text(value)}"
    if key == "limitQuantifier":
        return f"{_text(value)} {_('of these')}"
    if key == "basis" and value.name and value.name.key in ("report", "encoderReading"):
        return _("as reported") if value.name.key == "report" else _("as we read the text")
    return _text(value) if key in _SAYING else f"{reserve.axis.text}: {_text(value)}"


def _text(value: DisplayValue) -> str:
    return value.name.text if value.name else value.text
