"""Check what is passed on to a remote store: only queries, and none that call the store's own functions.

The local engine accepts only SPARQL 1.1. A remote store may accept more at the same address: updates, pragmas before
the query, and functions that fetch pages or run code. Such queries are refused before they are sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from digitech_kg.errors import Forbidden, QuerySyntaxError
from digitech_kg.formats import Kind
from digitech_kg.sparql_text.tokens import (
    UPDATES,
    Prologue,
    Token,
    iter_tokens,
    read_prologue,
    replace_codepoint_escapes,
)

_FORMS = {"SELECT": Kind.SOLUTIONS, "ASK": Kind.SOLUTIONS, "CONSTRUCT": Kind.GRAPH, "DESCRIBE": Kind.GRAPH}
#: Names of functions built into stores: Virtuoso's procedures, and classes that Jena loads.
_BUILT_IN = (
    "bif:",
    "sql:",
    "java:",
    "http://www.openlinksw.com/schemas/bif#",
    "http://www.openlinksw.com/schemas/sql#",
)
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*:")
_LOCAL_ESCAPE = re.compile(r"\\(.)")


def with_base(text: str, base_iri: str | None) -> str:
    """Return the query with relative IRIs to be resolved against `base_iri`, unless it names a base itself.

    A remote store would take its own address as the base. The addition is on the query's own first line, so that
    line numbers in error messages stay right.

    >>> with_base("DESCRIBE <id/huawei>", "https://w3id.org/digitech-kg/")
    'BASE <https://w3id.org/digitech-kg/> DESCRIBE <id/huawei>'
    """
    relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in iter_tokens(text))
    return f"BASE <{base_iri}> {text}" if base_iri and relative else text


def check_forwardable(text: str) -> Kind:
    """Return what the query's form yields, solutions or a graph.

    Raises `QuerySyntaxError` for text that isn't a query or uses an undeclared prefix, `Forbidden` for updates and for
    names of functions that belong to a store.
    """
    tokens = list(iter_tokens(text))
    prologue = read_prologue(tokens)
    first = tokens[prologue.length] if prologue.length < len(tokens) else Token("end", "", len(text))
    form = first.text.upper()
    if form not in _FORMS and form not in UPDATES:
        raise _syntax(
            text, first.start, "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after BASE and PREFIX"
        )
    for token in (*tokens, *_as_written(text)):
        if token.kind == "word" and token.text.upper() in UPDATES:
            hint = "Send it as an update, or send a query instead."
            raise Forbidden(f"{token.text.upper()} is an update", hint=hint)
    _refuse_built_in(text, _named(text, tokens, prologue))
    return _FORMS[form]


def check_forwardable_operation(prologue: str, operation: str) -> None:
    """Raise `Forbidden` for names of functions that belong to a store in one operation of an update.

    The update was parsed by the local engine before, so there is nothing in it but SPARQL 1.1.
    """
    text = f"{prologue}\n{operation}"
    tokens = list(iter_tokens(text))
    _refuse_built_in(text, _named(text, tokens, read_prologue(tokens)))


def _as_written(text: str) -> list[Token]:
    """Return the tokens that a store reads that replaces escapes at another moment; none if they are the same."""
    return list(iter_tokens(text, replace_escapes=False)) if "\\" in text else []


def _refuse_built_in(text: str, named: Iterable[tuple[Token, str]]) -> None:
    """Raise `Forbidden` for a store's own name in either reading of a text; `named` are the IRIs of the first."""
    as_written = ((token, token.text.lstrip("<")) for token in _as_written(text) if token.kind in ("iri", "name"))
    for token, iri in chain(named, as_written):
        if iri.lower().startswith(_BUILT_IN):
            raise Forbidden(
                f"{token.text[:200]} is a function of the remote store, and such functions are not called",
                hint="Use the functions of SPARQL 1.1.",
            )


def _named(text: str, tokens: list[Token], prologue: Prologue) -> Iterator[tuple[Token, str]]:
    """Yield the tokens that stand for an IRI with the IRI that they stand for."""
    for index, token in enumerate(tokens):
        if token.kind == "iri":
            yield token, token.text[1:-1]
            yield token, prologue.resolve(token.text[1:-1])
        elif token.kind == "name" and index >= prologue.length:
            prefix, _, local = token.text.partition(":")
            if prefix in prologue.prefixes:
                yield token, prologue.prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)
            elif prefix != "_":
                raise _syntax(text, token.start, f"the prefix '{prefix[:100]}:' is not declared")


def _syntax(text: str, offset: int, message: str) -> QuerySyntaxError:
    before = replace_codepoint_escapes(text)[:offset]
    return QuerySyntaxError(message, line=before.count("\n") + 1, column=offset - (before.rfind("\n") + 1) + 1)
