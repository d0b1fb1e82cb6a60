"""Split an update request into its operations, and tell which graphs each of them may change.

The engine has parsed the text before, so it is an update; here it is only taken apart, by tokens: the engine accepts
more than the grammar of the tree. Source: SPARQL 1.1 Update, section 3, https://www.w3.org/TR/sparql11-update/
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from digitech_kg.sparql_text.tokens import Token, iter_tokens

_DECLARATIONS: Final = {"BASE": 2, "PREFIX": 3, "VERSION": 2}
#: Stands for the default graph in `Operation.graphs`, as it does in SPARQL.
DEFAULT: Final = "DEFAULT"


@dataclass(frozen=True)
class Operation:
    """One operation with the declarations that hold for it."""

    declarations: tuple[Token, ...]
    source: str
    tokens: tuple[Token, ...]

    @property
    def prologue(self) -> str:
        """The declarations as text."""
        return " ".join(token.text for token in self.declarations)

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

    @property
    def text(self) -> str:
        """The operation as it is written."""
        return self.source[self.tokens[0].start : self.tokens[-1].end]

    @property
    def graphs(self) -> frozenset[str] | None:
        """The graphs that it may change, as terms that its prologue explains, or `DEFAULT`; None if it may be any.

        >>> [operation] = split_operations("WITH <a:g> DELETE { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
        >>> operation.graphs
        frozenset({'<a:g>'})
        """
        words = self.words
        if "\\u" in self.source.lower():
            return None  # An escape may spell a keyword.
        if words[0] in ("INSERT", "DELETE", "WITH"):
            return self._graphs_of_templates()
        if words[0] in ("CLEAR", "DROP") and words[-1] in ("ALL", "NAMED"):
            return None
        return frozenset(
            DEFAULT if word == DEFAULT else token.text
            for word, token in zip(words, self.tokens, strict=True)
            if token.kind in ("iri", "name") or word == DEFAULT
        )

    def _graphs_of_templates(self) -> frozenset[str] | None:
        words = self.words
        found = {self.tokens[1].text if words[0] == "WITH" else DEFAULT}
        depth = 0
        for place, word in enumerate(words):
            depth += (word == "{") - (word == "}")
            # The pattern begins here, but for `DELETE WHERE`, whose pattern is its template too.
            if depth == 0 and word in ("USING", "WHERE") and words[:place] != ("DELETE",):
                break
            if depth and word == "GRAPH" and self.tokens[place].kind == "word":
                if self.tokens[place + 1].kind == "variable":
                    return None
                found.add(self.tokens[place + 1].text)
        return frozenset(found)


def split_operations(text: str) -> Iterator[Operation]:
    """Yield the operations of an update request in order."""
    tokens = list(iter_tokens(text, replace_escapes=False))
    declarations: list[Token] = []
    at = 0
    while at < len(tokens):
        word = tokens[at].text.upper()
        if tokens[at].kind == "word" and word in _DECLARATIONS:
            size = _DECLARATIONS[word]
            declarations += tokens[at : at + size]
            at += size
            continue
        end = _end_of_operation(tokens, at)
        if end > at:
            yield Operation(tuple(declarations), text, tuple(tokens[at:end]))
        at = end + 1


def _end_of_operation(tokens: list[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        token = tokens[place]
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
            if token.text == ";" and depth == 0:
                return place
    return len(tokens)
