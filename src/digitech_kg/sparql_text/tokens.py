"""Split SPARQL text into tokens, and an update into its operations.

Sources: SPARQL 1.1 Query Language, section 19.8 (grammar), https://www.w3.org/TR/sparql11-query/#sparqlGrammar;
SPARQL 1.1 Update, section 3, https://www.w3.org/TR/sparql11-update/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final
from urllib.parse import urljoin

#: Escapes of four or eight hexadecimal digits may stand anywhere and are replaced before parsing (section 19.2).
_CODEPOINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<string>\"\"\"(?:[^\\"]|\\.|\"(?!\"\"))*(?:\"\"\"|\Z)
               |'''(?:[^\\']|\\.|'(?!''))*(?:'''|\Z)
               |"(?:[^"\\\n\r]|\\.)*"?
               |'(?:[^'\\\n\r]|\\.)*'?)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<name>[\w.\-]*+:(?:[\w.\-:]|%[0-9A-Fa-f]{2}|\\.)*)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<run>[\w.\-]++)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
#: Words, dots and hyphens that aren't names. They are found together and split afterwards: looking for the colon of a
#: name from each word again would take time with the square of the text's length.
_OF_RUN = re.compile(r"(?P<word>\w+)|(?P<mark>.)")
#: What an update begins with (SPARQL 1.1, rule 30).
UPDATES: Final = frozenset(["ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"])
#: Not in names such as `prov:wasDerivedFrom`, for which the whole text would be split into tokens.
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of query text: its kind (a group of the patterns), text, and offset after escapes are replaced."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def replace_codepoint_escapes(text: str) -> str:
    """Replace `\\u` and `\\U` escapes by the characters they stand for; impossible ones are left for the parser."""

    def replace(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]

    return _CODEPOINT.sub(replace, text)


def iter_tokens(text: str, *, replace_escapes: bool = True) -> Iterator[Token]:
    """Yield the tokens of a query or update without white space and comments. Never raises: any text has tokens."""
    for match in _TOKEN.finditer(replace_codepoint_escapes(text) if replace_escapes else text):
        kind = match.lastgroup or "mark"
        if kind == "run":
            for part in _OF_RUN.finditer(match[0]):
                yield Token(part.lastgroup or "mark", part[0], match.start() + part.start())
        elif kind not in ("space", "comment"):
            yield Token(kind, match[0], match.start())


def find_keyword(text: str, *keywords: str, replace_escapes: bool = True) -> Token | None:
    """Return the first token that is one of these keywords outside strings, IRIs, names, variables and comments.

    >>> find_keyword('SELECT * { ?s ?p "SERVICE" } # SERVICE', "SERVICE") is None
    True
    """
    folded, wanted = text.upper(), {keyword.upper() for keyword in keywords}
    # Without an escape, which may hide a keyword, the cheap search settles it for nearly all texts.
    if "\\" not in text and not any(keyword in folded for keyword in wanted):
        return None
    tokens = iter_tokens(text, replace_escapes=replace_escapes)
    return next((t for t in tokens if t.kind == "word" and t.text.upper() in wanted), None)


def names_graphs(text: str) -> bool:
    """Whether a query has a dataset clause of its own, FROM or FROM NAMED (SPARQL 1.1 Query, section 13.2)."""
    if "\\" not in text and not _FROM.search(text):
        return False
    return find_keyword(text, "FROM") is not None


def deepest_nesting(text: str) -> int:
    """Return how many brackets of any kind are open at most at the same time."""
    marks = (token.text for token in iter_tokens(text) if token.kind == "mark")
    return max(accumulate(((mark in "([{") - (mark in ")]}") for mark in marks), initial=0))


@dataclass(frozen=True, slots=True)
class Prologue:
    """What a text declares before its form: a base IRI, prefixes with their namespaces, and how many tokens that is."""

    base: str
    prefixes: dict[str, str]
    length: int

    def resolve(self, iri: str) -> str:
        """Return an IRI as the base makes it; the library loses an empty fragment, which namespaces end in."""
        resolved = urljoin(self.base, iri)
        return resolved + "#" if iri.endswith("#") and not resolved.endswith("#") else resolved

    def iri(self, token: Token) -> str | None:
        """Return the IRI that a token has or stands for, as it is written; None without one."""
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.replace("\\", "").partition(":")
        return self.prefixes[prefix] + local if token.kind == "name" and prefix in self.prefixes else None


def read_prologue(tokens: Sequence[Token]) -> Prologue:
    """Read the declarations at the beginning of a text, up to the first that isn't one."""
    found = Prologue("", {}, 0)
    while found.length < len(tokens):
        keyword = tokens[found.length].text.upper()
        wanted = {"BASE": ["iri"], "PREFIX": ["name", "iri"]}.get(keyword)
        parts = tokens[found.length + 1 : found.length + 1 + len(wanted or ())]
        if wanted is None or [part.kind for part in parts] != wanted:
            break
        iri, length = found.resolve(parts[-1].text[1:-1]), found.length + 1 + len(wanted)
        if keyword == "BASE":
            found = Prologue(iri, found.prefixes, length)
        else:
            found = Prologue(found.base, found.prefixes | {parts[0].text.removesuffix(":"): iri}, length)
    return found


_DECLARATIONS: Final = {"BASE": 2, "PREFIX": 3, "VERSION": 2}


@dataclass(frozen=True)
class Operation:
    """One operation with the declarations that hold for it."""

    declarations: tuple[Token, ...]
    source: str
    tokens: tuple[Token, ...]
    #: Declarations that needn't be written.
    given: str = ""

    @property
    def prologue(self) -> str:
        return " ".join((self.given, *(token.text for token in self.declarations))).lstrip()

    @property
    def alone(self) -> str:
        """The request with only this operation and its declarations in it, each at its place."""
        kept = [(token.start, token.end) for token in self.declarations]
        kept.append((self.tokens[0].start, self.tokens[-1].end))
        text = ["\n" if character == "\n" else " " for character in self.source]
        for start, end in kept:
            text[start:end] = self.source[start:end]
        return "".join(text)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens in capitals."""
        return tuple(token.text.upper() for token in self.tokens)


def split_operations(text: str, prefixes: Mapping[str, str] | None = None) -> Iterator[Operation]:
    """Yield the operations of an update request in order; `prefixes` need no declaration."""
    given = " ".join(f"PREFIX {prefix}: <{iri}>" for prefix, iri in (prefixes or {}).items())
    tokens = list(iter_tokens(text, replace_escapes=False))
    declarations: list[Token] = []
    at = 0
    while at < len(tokens):
        if size := _DECLARATIONS.get(tokens[at].text.upper(), 0):
            declarations += tokens[at : at + size]
            at += size
            continue
        texts = (tokens[place].text for place in range(at, len(tokens)))
        depths = accumulate((text == "{") - (text == "}") for text in texts)
        ends = (place for place, depth in enumerate(depths, at) if depth == 0 and tokens[place].text == ";")
        end = next(ends, len(tokens))
        if end > at:
            yield Operation(tuple(declarations), text, tuple(tokens[at:end]), given)
        at = end + 1


@lru_cache(maxsize=512)
def names_in(query: str) -> tuple[tuple[str, str], ...]:
    """Return the names in a query, with the IRIs that it gives them; none if it asks others or names its dataset."""
    if find_keyword(query, "SERVICE", "FROM"):
        return ()
    tokens = list(iter_tokens(query))
    prologue, found = read_prologue(tokens), dict[str, str]()
    for token in tokens[prologue.length :]:
        if token.kind in ("iri", "name"):
            iri = prologue.iri(token)
            found[token.text.replace("\\", "").rstrip(".")] = prologue.resolve(iri).rstrip(".") if iri else ""
    return tuple(found.items())
