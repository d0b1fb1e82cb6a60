"""Parameters of a saved question: declared in comments of its text, with values that stand in `VALUES` blocks.

    # parameter: company (dk:Company) The company asked about.
    …
    VALUES ?company { id:huawei }

The text runs as it stands. Another value takes the place of what the block holds, as an RDF term that was checked; text
of a caller is never pasted into a query.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError, did_you_mean
from digitech_kg.namespaces import Namespaces
from digitech_kg.sparql_text.tokens import iter_tokens, read_prologue

_DECLARED = re.compile(r"^#[^\S\n]*parameter:[^\S\n]*(.*)$", re.MULTILINE)
_DECLARATION = re.compile(r"(\w+)\s*\(([^()\s]+)\)\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a question that may stand for something else than by default."""

    name: str
    #: IRI of the class of things that it may stand for.
    type: str
    description: str
    #: The IRIs that stand in the text. More than one means that several may be given.
    default: tuple[str, ...]


def _blocks(text: str, name: str) -> list[tuple[int, int]]:
    """Return where what stands between the braces of VALUES for one variable alone begins and ends."""
    tokens, found = list(iter_tokens(text, replace_escapes=False)), []
    for place, (word, variable, opening) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if word.text.upper() == "VALUES" and variable.text in (f"?{name}", f"${name}") and opening.text == "{":
            closing = next((token for token in tokens[place:] if token.text == "}"), None)
            found += [(opening.end, closing.start)] if closing else []
    return found


def read_parameters(text: str, names: Namespaces) -> tuple[Parameter, ...]:
    """Return the parameters that a query declares. Raises `CallError` for a declaration that means nothing."""
    declarations = _DECLARED.findall(text)
    if not declarations:
        return ()
    declared = read_prologue(list(iter_tokens(text, replace_escapes=False))).prefixes
    known = replace(names, own_prefixes=(*names.own_prefixes, *declared.items()))
    found = [_read_one(text, declaration.strip(), known) for declaration in declarations]
    if len({parameter.name for parameter in found}) < len(found):
        raise CallError("a parameter is declared twice", hint="Give each parameter a name of its own.")
    return tuple(found)


def _read_one(text: str, declared: str, names: Namespaces) -> Parameter:
    match = _DECLARATION.fullmatch(declared)
    if match is None:
        hint = "Write it as: # parameter: company (dk:Company) The company asked about."
        raise CallError(f"'# parameter: {declared}' declares no parameter", hint=hint)
    name, type_name, description = match.groups()
    type_iri = names.expand(type_name)
    if type_iri is None:
        raise CallError(f"'{type_name}', the type of parameter '{name}', is not known", hint="Name a class.")
    blocks = _blocks(text, name)
    if len(blocks) != 1:
        hint = f"Write VALUES ?{name} {{ … }} once, with the default of the parameter."
        raise CallError(f"parameter '{name}' has {len(blocks)} VALUES blocks", hint=hint)
    (start, end), *_ = blocks
    tokens = iter_tokens(text[start:end], replace_escapes=False)
    default = tuple(names.expand(token.text) or token.text for token in tokens)
    if not default:
        raise CallError(f"parameter '{name}' has no default", hint=f"Put a value into VALUES ?{name} {{ … }}.")
    return Parameter(name, type_iri, description, default)


def bind(text: str, values: Mapping[str, Sequence[str]], names: Namespaces) -> str:
    """Return a query with parameters standing for other things, given by CURIEs or IRIs.

    Raises `CallError` for a parameter that the query does not declare, and for a value that isn't an IRI.
    """
    parameters = {parameter.name: parameter for parameter in read_parameters(text, names)}
    for name, given in values.items():
        if name not in parameters:
            known = f"It has: {', '.join(parameters)}." if parameters else "It has none."
            raise CallError(f"the question has no parameter '{name}'", hint=known)
        parameter = parameters[name]
        if not given or (len(given) > 1 and len(parameter.default) == 1):
            raise CallError(f"parameter '{name}' takes one value, not {len(given)}", hint="Give it once.")
        ((start, end),) = _blocks(text, name)
        try:
            terms = [str(NamedNode(names.expand(value.strip()) or "")) for value in given]
        except ValueError:
            hint = "Give the IRI of a thing, or its short form such as id:huawei."
            message = f"'{', '.join(given)[:100]}' is not an IRI, for parameter '{name}'"
            raise CallError(message, hint=hint) from None
        text = f"{text[:start]} {' '.join(terms)} {text[end:]}"
    return text


def check_choice(parameter: Parameter, value: str, options: Iterable[str], names: Namespaces) -> None:
    """Raise `CallError` with what was perhaps meant unless a value is among the things of the parameter's class."""
    known = list(options)
    iri = names.expand(value.strip())
    if iri in known:
        return
    hint = did_you_mean(names.shorten(iri) if iri else value, map(names.shorten, known)).strip()
    hint = hint or f"There are {len(known)} to choose from; the question's page lists them."
    kind = names.shorten(parameter.type)
    raise CallError(f"'{value[:100]}' is not a {kind}, for parameter '{parameter.name}'", hint=hint)
