"""Split an update request into its operations, and a modification into its parts, by tokens.

The text has been parsed by the engine before, so it is an update; here it is only taken apart.
Source: SPARQL 1.1 Update, section 3 and the grammar of section 19.8 of SPARQL 1.1 Query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from digitech_kg.sparql_text.tokens import Token, iter_tokens

_DECLARATIONS = {"BASE": 2, "PREFIX": 3, "VERSION": 2}


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
        kept = [(token.start, token.start + len(token.text)) for token in self.declarations]
        kept.append((self.tokens[0].start, self.tokens[-1].start + len(self.tokens[-1].text)))
        text = ["\n" if character == "\n" else " " for character in self.source]
        for start, end in kept:
            text[start:end] = self.source[start:end]
        return "".join(text)

    @property
    def words(self) -> tuple[str, ...]:
        """The tokens as upper-case text."""
        return tuple(token.text.upper() for token in self.tokens)

    @property
    def text(self) -> str:
        """The operation as it was written."""
        return self.slice(0, len(self.tokens))

    def slice(self, start: int, end: int) -> str:
        """Return the text of the tokens from `start` up to but not including `end`."""
        if start >= end:
            return ""
        last = self.tokens[end - 1]
        return self.source[self.tokens[start].start : last.start + len(last.text)]


@dataclass
class Modification:
    """The parts of `WITH … DELETE … INSERT … USING … WHERE …`; templates and pattern with their braces."""

    graph: str = ""
    delete: str = ""
    insert: str = ""
    using: list[str] = field(default_factory=list)
    using_named: list[str] = field(default_factory=list)
    where: str = ""


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


def read_modification(operation: Operation) -> Modification:
    """Return the parts of a `DELETE`/`INSERT` operation with a pattern, or of `DELETE WHERE`."""
    found, words, at = Modification(), operation.words, 0
    if words[:2] == ("DELETE", "WHERE"):
        found.where = found.delete = operation.slice(2, len(words))
        return found
    while at < len(words):
        if words[at] == "WITH":
            found.graph = operation.tokens[at + 1].text
            at += 2
        elif words[at] == "USING":
            named = words[at + 1] == "NAMED"
            (found.using_named if named else found.using).append(operation.tokens[at + 1 + named].text)
            at += 2 + named
        elif words[at] in ("DELETE", "INSERT"):
            end = _end_of_group(operation, at + 1)
            setattr(found, words[at].lower(), operation.slice(at + 1, end))
            at = end
        else:
            found.where = operation.slice(at + (words[at] == "WHERE"), len(words))
            break
    return found


def _end_of_group(operation: Operation, start: int) -> int:
    depth = 0
    for place in range(start, len(operation.tokens)):
        token = operation.tokens[place]
        if token.kind == "mark":
            depth += (token.text == "{") - (token.text == "}")
            if depth == 0:
                return place + 1
    return len(operation.tokens)


def variables_of(template: str) -> set[str]:
    """Return the variables of a template, without their question marks."""
    return {token.text[1:] for token in iter_tokens(template, replace_escapes=False) if token.kind == "variable"}
