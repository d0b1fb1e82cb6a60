"""What to know of a query that runs: terms that the dataset does not have, claims that it passes over, language tags.

A program finds it in the header `Query-Advice` (a list as in RFC 9651), people beside the result.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from digitech_kg.claims.model import PLAIN
from digitech_kg.errors import DigitechError
from digitech_kg.namespaces import TERMS, Namespaces
from digitech_kg.sparql_text.tokens import Token, find_keyword, iter_tokens
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
    text: str
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


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What advice rests on: the names of one version, and the claims that plain statements leave out."""

    names: Namespaces
    #: The IRIs of the dataset by how they begin; none if there are too many to tell.
    known: dict[str, frozenset[str]]
    #: How many claims with each predicate are not plain.
    reserved: dict[str, int]


def learn(reader: GraphReader) -> Vocabulary | None:
    """Return what advice on queries of the current version rests on; None if the dataset is large or elsewhere.

    Raises what queries raise.
    """
    size = reader.service.known_quads()
    return None if size is None or size > _LARGEST else _learn(reader, reader.version)


@lru_cache(maxsize=4)
def _learn(reader: GraphReader, _version: str) -> Vocabulary:
    known = {start: _find_known(reader, start) for start in (TERMS, reader.names.prefixes["id"])}
    return Vocabulary(reader.names, known, _count_reserved(reader))


def advise_on(reader: GraphReader, text: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing if the engine has no time, since the answer is there all the same."""
    try:
        return advise(learn(reader), text)
    except DigitechError:
        return ()


def advise(vocabulary: Vocabulary | None, text: str) -> tuple[Advice, ...]:
    """Return what to know of a query; nothing for one that is long, asks others or has its own dataset."""
    if vocabulary is None or len(text) > _LONGEST or _needs_none(vocabulary, text):
        return ()
    return _advise(vocabulary, text)


def _needs_none(vocabulary: Vocabulary, text: str) -> bool:
    """Whether a search that costs little settles that there is nothing to tell, as for nearly all queries."""
    if "\\" in text or "lang" in text.casefold():
        return False
    names = {name: iri for name in _NAME.findall(text) if (iri := vocabulary.names.expand(name))}
    return not any(iri in vocabulary.reserved for iri in names.values()) and not _unknown(vocabulary, names)


@lru_cache(maxsize=512)
def _advise(vocabulary: Vocabulary, text: str) -> tuple[Advice, ...]:
    if find_keyword(text, "SERVICE", "FROM"):
        return ()
    tokens = list(iter_tokens(text))
    expand = vocabulary.names.expand
    names = {token.text: iri for token in tokens if token.kind == "name" and (iri := expand(token.text))}
    found = [*_unknown(vocabulary, names), *_passed_over(vocabulary, names), *_tags(text, tokens)]
    return tuple(found[:_MOST_ADVICE])


def _unknown(vocabulary: Vocabulary, names: dict[str, str]) -> list[Advice]:
    found = []
    for start, known in vocabulary.known.items():
        if known:
            wanted = (
                name for name, iri in names.items() if iri.startswith(start) and iri != start and iri not in known
            )
            found += [_missing(vocabulary.names, name, known) for name in wanted]
    return found


def _find_known(reader: GraphReader, start: str) -> frozenset[str]:
    rows = reader.rows(_NAMES, start=start, limit=_MOST_NAMES + 1)
    return frozenset(text_of(row, "thing") for row in rows) if len(rows) <= _MOST_NAMES else frozenset()


def _missing(names: Namespaces, name: str, known: frozenset[str]) -> Advice:
    curies = {names.shorten(iri) for iri in known}
    close = difflib.get_close_matches(name, curies, n=1, cutoff=0.75)
    if close:
        text = f"The dataset has no {name}. Did you mean {close[0]}?"
        return Advice("unknown-name", name, close[0], text)
    return Advice("unknown-name", name, "", f"The dataset has no {name}.")


def _passed_over(vocabulary: Vocabulary, names: dict[str, str]) -> list[Advice]:
    """Return how many claims with a reserve a query for plain statements leaves out."""
    if any(iri.removeprefix(TERMS) in _OF_CLAIMS for iri in names.values() if iri.startswith(TERMS)):
        return []
    found = []
    for name, iri in names.items():
        if count := vocabulary.reserved.get(iri, 0):
            text = (
                f"This finds only what is stated with {name} without reserve. Claims with a reserve that "
                f"it leaves out: {count}. Ask for them with ?claim dk:predicate {name}."
            )
            found.append(Advice("reserved-claims", name, "", text, count))
    return found


def _count_reserved(reader: GraphReader) -> dict[str, int]:
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
            f'LANG gives tags in small letters: write "{tag.lower()}", or LANGMATCHES(LANG(?text), "{tag}").',
        )
        for tag in tags
    ]
