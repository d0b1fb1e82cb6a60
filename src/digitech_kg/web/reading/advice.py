"""What to know of a query that runs: terms that the dataset does not have, claims that it passes over, language tags.

A program finds it in the header `Query-Advice` (a list as in RFC 9651), people beside the result.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from digitech_kg.claims.patterns import PLAIN
from digitech_kg.engine.tokens import Token, find_keyword, iter_tokens
from digitech_kg.errors import DigitechError
from digitech_kg.messages import Message
from digitech_kg.namespaces import TERMS, Namespaces
from digitech_kg.web.reading.reader import GraphReader, text_of

#: A longer query is not read for advice: the check would cost more than it tells.
_LONGEST: Final = 8192
#: A dataset with more quads is not searched for its names.
_LARGEST: Final = 2_000_000
#: More names than these are not compared with the names in a query.
_MOST_NAMES: Final = 50_000
_MOST_ADVICE: Final = 8
_NAMES: Final = """
SELECT DISTINCT ?thing
WHERE { ?thing a ?kind . FILTER(STRSTARTS(STR(?thing), "$start")) }
LIMIT $limit
"""
_COUNTS: Final = """
SELECT ?predicate (COUNT(DISTINCT ?claim) AS ?claims)
WHERE { ?claim a dk:Claim ; dk:predicate ?predicate . $which }
GROUP BY ?predicate
"""
#: Who asks with one of these asks for claims, and so for those with a reserve too.
_OF_CLAIMS: Final = frozenset(("predicate", "subject", "object", "statedIn", "Claim", "ReservedClaim", "evidence"))
#: Prefixed names as most are written, and text that only looks so.
_NAME: Final = re.compile(r"[A-Za-z][\w.-]*:[\w%-]+(?:[.:][\w%-]+)*")
_UPPER_TAG: Final = re.compile(r"[\"']([a-z]{2,3}-[A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*)[\"']")


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to know: its code, the piece of the query that it is about, what to write instead, and the text."""

    code: str
    found: str
    suggestion: str
    text: Message
    count: int = 0

    @property
    def field(self) -> str:
        """Return it as a member of the header."""
        parts = [f'"{_plain(self.found)}"', f"code={self.code}"]
        parts += [f'suggestion="{_plain(self.suggestion)}"'] if self.suggestion else []
        parts += [f"count={self.count}"] if self.count else []
        return ";".join(parts)


def _plain(text: str) -> str:
    return re.sub(r"[^ !#-\[\]-~]", "?", text)[:100]


def advise(reader: GraphReader, text: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing for one that is long, asks others or has its own dataset.

    Nothing either if the dataset is large or elsewhere, or if the engine has no time: the answer is there all the same.
    """
    size = reader.service.known_quads()
    if size is None or size > _LARGEST or len(text) > _LONGEST:
        return ()
    about = _About(reader, reader.names, reader.version)
    try:
        return () if _needs_none(about, text) else _advise(about, text)
    except DigitechError:
        return ()


@dataclass(frozen=True)
class _About:
    """The version that a query is about."""

    reader: GraphReader
    names: Namespaces
    version: str


def _needs_none(about: _About, text: str) -> bool:
    """Whether a search that costs little settles that there is nothing to tell, as for nearly all queries."""
    if "\\" in text or "lang" in text.casefold():
        return False
    names = {name: iri for name in _NAME.findall(text) if (iri := about.names.expand(name))}
    counts = _reserved(about.reader, about.version)
    return not any(iri in counts for iri in names.values()) and not _unknown(about, names)


@lru_cache(maxsize=512)
def _advise(about: _About, text: str) -> tuple[Advice, ...]:
    if find_keyword(text, "SERVICE", "FROM"):
        return ()
    tokens = list(iter_tokens(text))
    names = {token.text: iri for token in tokens if token.kind == "name" and (iri := about.names.expand(token.text))}
    found = [*_unknown(about, names), *_passed_over(about, names), *_tags(text, tokens)]
    return tuple(found[:_MOST_ADVICE])


def _unknown(about: _About, names: dict[str, str]) -> list[Advice]:
    found = []
    for start in (TERMS, about.names.prefixes["id"]):
        wanted = {name: iri for name, iri in names.items() if iri.startswith(start) and iri != start}
        known = _known(about.reader, about.version, start) if wanted else frozenset()
        found += [_missing(about.names, name, known) for name, iri in wanted.items() if known and iri not in known]
    return found


@lru_cache(maxsize=8)
def _known(reader: GraphReader, _version: str, start: str) -> frozenset[str]:
    """Return the IRIs of the dataset that begin in a way; none if there are too many to tell."""
    rows = reader.rows(_NAMES, start=start, limit=_MOST_NAMES + 1)
    return frozenset(text_of(row, "thing") for row in rows) if len(rows) <= _MOST_NAMES else frozenset()


def _missing(names: Namespaces, name: str, known: frozenset[str]) -> Advice:
    curies = {names.shorten(iri) for iri in known}
    close = difflib.get_close_matches(name, curies, n=1, cutoff=0.75)
    if close:
        text = Message("The dataset has no {name}. Did you mean {suggestion}?", name=name, suggestion=close[0])
        return Advice("unknown-name", name, close[0], text)
    return Advice("unknown-name", name, "", Message("The dataset has no {name}.", name=name))


def _passed_over(about: _About, names: dict[str, str]) -> list[Advice]:
    """Return how many claims with a reserve a query for plain statements leaves out."""
    if any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
        return []
    counts = _reserved(about.reader, about.version)
    found = []
    for name, iri in names.items():
        if count := counts.get(iri, 0):
            text = Message(
                "This finds only what is stated with {name} without reserve. Claims with a reserve that it leaves out: "
                "{count}. Ask for them with ?claim dk:predicate {name}.",
                name=name,
                count=count,
            )
            found.append(Advice("reserved-claims", name, "", text, count))
    return found


@lru_cache(maxsize=8)
def _reserved(reader: GraphReader, _version: str) -> dict[str, int]:
    """Return how many claims with each predicate are not plain."""
    every, stated = (
        {text_of(row, "predicate"): int(text_of(row, "claims") or 0) for row in reader.rows(_COUNTS, which=which)}
        for which in ("", PLAIN)
    )
    left = {predicate: count - stated.get(predicate, 0) for predicate, count in every.items()}
    return {predicate: count for predicate, count in left.items() if count}


def _tags(text: str, tokens: list[Token]) -> list[Advice]:
    """Return language tags that are compared as they are written: the engine keeps them in small letters."""
    if not any(token.kind == "word" and token.text.upper() == "LANG" for token in tokens):
        return []
    matched = re.sub(r"LANGMATCHES\s*\([^()]*(?:\([^()]*\))?[^()]*\)", "", text, flags=re.IGNORECASE)
    tags = dict.fromkeys(_UPPER_TAG.findall(matched))
    return [
        Advice(
            "language-tag",
            tag,
            tag.lower(),
            Message(
                'LANG gives tags in small letters: write "{small}", or LANGMATCHES(LANG(?text), "{tag}").',
                small=tag.lower(),
                tag=tag,
            ),
        )
        for tag in tags
    ]
