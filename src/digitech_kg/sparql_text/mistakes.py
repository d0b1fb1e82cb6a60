"""Turn errors of the engine's parser into messages for people, with what they probably meant."""

import difflib
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

from digitech_kg.errors import QuerySyntaxError
from digitech_kg.sparql_text.tokens import UPDATES, Token, iter_tokens
from digitech_kg.sparql_text.tree import find_mistake

#: The words of SPARQL 1.1, section 19.8, and of the functions of section 17.4.
_KEYWORDS: Final = frozenset(Path(__file__).with_name("keywords.txt").read_text(encoding="utf-8").split())
#: What the parser says of variables, what people are told, and what to do.
_OF_VARIABLES: Final = {
    "a variable that is unbound": (
        "a variable after SELECT is neither in GROUP BY nor in a function such as COUNT",
        "Add it to GROUP BY, or leave it out.",
    ),
    "Duplicated variable name": ("a variable stands twice after SELECT", "Leave one of them out."),
    "overrides an existing variable": ("the name after AS is a variable already", "Choose another name."),
}
_QUERIES: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_OPENED: Final = "Each bracket that is opened has to be closed."
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
#: Numbers, exponents included, and what is written directly after them.
_NUMBER = re.compile(r"\d.*")


def read_syntax_error(error: SyntaxError) -> tuple[str, int | None, int | None]:
    """Return the message, and the line and column from 1 where the parser reports them."""
    text = str(error)
    match = _POSITION.match(text)
    if match is None:
        return text, None, None
    message = " ".join(match[3].split())
    # The parser lists every character class that it would have taken; the classes help nobody.
    message = re.sub(r"\[[^\]]*'(?: ?\.\.=? ?'[^\]]*)?\],? ?|\[_\]", "", message).strip(" ,")
    if message in ("", "expected", "expected one of"):
        message = "unexpected text"
    elif "Prefix not found" in message:
        message = "no PREFIX line declares the prefix used here"
    return message, int(match[1]), int(match[2])


def syntax_error(error: SyntaxError) -> QuerySyntaxError:
    message, line, column = read_syntax_error(error)
    return QuerySyntaxError(message, line=line, column=column)


def mend(error: QuerySyntaxError, text: str, prefixes: Iterable[str], *, is_update: bool = False) -> QuerySyntaxError:
    """Return the error of a query or update with what was probably meant; the same error if there is no guess."""
    tokens = list(iter_tokens(text, replace_escapes=False))
    found = _misspelt(text, tokens) or _undeclared(error, text, tokens, prefixes)
    return found or _of_other_kind(text, tokens, is_update=is_update) or _misplaced(error, text) or error


def error_at(text: str, offset: int, message: str, hint: str, *, found: str = "", meant: str = "") -> QuerySyntaxError:
    """Return the error for a place in a text, where `found` stands and perhaps something else is `meant`."""
    before = text[:offset]
    line, column = before.count("\n") + 1, offset - before.rfind("\n")
    error = QuerySyntaxError(message, line=line, column=column, hint=hint)
    if meant:
        error.found, error.suggestion = found, meant
    return error


def _misspelt(text: str, tokens: Sequence[Token]) -> QuerySyntaxError | None:
    """Find the first word that SPARQL doesn't have."""
    for token in tokens:
        if token.kind != "word" or token.text.upper() in _KEYWORDS or _NUMBER.fullmatch(token.text):
            continue
        message = f"{token.text} is not a word of SPARQL"
        close = difflib.get_close_matches(token.text.upper(), _KEYWORDS, n=1, cutoff=0.7)
        if close:
            return error_at(text, token.start, message, f"Did you mean {close[0]}?", found=token.text, meant=close[0])
        return error_at(text, token.start, message, "Variables begin with ?, texts stand in quotation marks.")
    return None


def _undeclared(
    error: QuerySyntaxError, text: str, tokens: Sequence[Token], known: Iterable[str]
) -> QuerySyntaxError | None:
    if "PREFIX" not in error.what:
        return None
    declared = {after.text for before, after in pairwise(tokens) if before.text.upper() == "PREFIX"}
    given = {name.removesuffix(":") for name in declared} | set(known)
    for token in tokens:
        prefix = token.text.partition(":")[0]
        if token.kind != "name" or prefix in given or token.text in declared:
            continue
        message = f"no PREFIX line declares the prefix {prefix}:"
        close = difflib.get_close_matches(prefix, given, n=1, cutoff=0.5)
        if close:
            right = close[0] + token.text[len(prefix) :]
            return error_at(text, token.start, message, f"Did you mean {right}?", found=token.text, meant=right)
        return error_at(text, token.start, message, f"Add a line at the top: PREFIX {prefix}: <…>")
    return None


def _of_other_kind(text: str, tokens: Iterable[Token], *, is_update: bool) -> QuerySyntaxError | None:
    """Tell an update that came as a query, or the reverse, by the word that it begins with."""
    words = (token for token in tokens if token.kind == "word" and token.text.upper() not in ("PREFIX", "BASE"))
    first = next(words, None)
    if first is None or first.text.upper() not in (_QUERIES if is_update else UPDATES):
        return None
    what = "a query, not an update" if is_update else "an update, not a query"
    update = "Send it to /sparql of a server as an update, with a token: as update=… in a form."
    hint = "Send it as a query: as query=…" if is_update else update
    return error_at(text, first.start, f"{first.text.upper()} begins {what}", hint)


def _misplaced(error: QuerySyntaxError, text: str) -> QuerySyntaxError | None:
    """Say what doesn't belong where it stands, instead of the parser's list of what could."""
    if not error.what.startswith(("expected", "unexpected")):
        return None
    for said, (what, hint) in _OF_VARIABLES.items():
        if said in error.what:
            return QuerySyntaxError(what, hint=hint)
    mistake = find_mistake(text)
    if mistake is None:
        return None
    offset, unexpected, missing = mistake
    if missing in ("}", ")", "]", "{", "("):
        return error_at(text, offset, f"a {missing} is missing here", _OPENED)
    if missing:
        hint = "A pattern has three parts: subject, predicate and object. Write a variable for what you look for."
        return error_at(text, offset, "a part of the pattern is missing here", hint)
    piece = " ".join(unexpected.split())[:40]
    hint = "Look at this place and just before it: a full stop, a bracket or a part may be missing."
    return error_at(text, offset, f"{piece} does not belong here", hint)
