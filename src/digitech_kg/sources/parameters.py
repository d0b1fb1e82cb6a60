"""Parameters of a saved question: declared in comments of its text, with values that stand in `VALUES` blocks.

    # parameter: company (dk:Company) The company asked about.
    …
    VALUES ?company { id:huawei }

The text runs as it stands. Another value takes the place of what the block holds, as an RDF term that was checked; text
of a caller is never pasted into a query.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from digitech_kg.errors import CallError
from digitech_kg.namespaces import PREFIXES, expand, shorten

_DECLARED = re.compile(r"^#[^\S\n]*parameter:[^\S\n]*(.*)$", re.MULTILINE)
_DECLARATION = re.compile(r"(\w+)\s*\(([^()\s]+)\)\s*(\S.*)")
_PREFIX = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_STRING = r'"(?:[^"\\\n]|\\.)*"'
#: What may hold the word VALUES without meaning it: IRIs, strings and comments.
_OTHER = rf"<[^<>\"{{}}|^`\\\s]*>|{_STRING}|'(?:[^'\\\n]|\\.)*'|\#[^\n]*"
_TERM = re.compile(rf"<([^<>\s]*)>|({_STRING})(?:\^\^\S+|@[\w-]+)?|(\S+)")
_XSD = PREFIXES["xsd"]
_MOST_OPTIONS = 5000
#: Literals that a parameter may be, by datatype, and how they are written (XML Schema 1.1, part 2).
_LEXICAL = {
    "string": r"[^\x00-\x08\x0b\x0c\x0e-\x1f]*",
    "integer": r"[+-]?\d+",
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
    "boolean": r"true|false|1|0",
    "date": r"-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?",
    "gYear": r"-?\d{4,}(Z|[+-]\d\d:\d\d)?",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable of a question that may stand for something else than by default."""

    name: str
    #: IRI of the class of things, or of the datatype of literals, that it may stand for.
    type: str
    description: str
    #: What stands in the text: IRIs, or the text of literals. More than one means that several may be given.
    default: tuple[str, ...]

    @property
    def is_literal(self) -> bool:
        """Whether it stands for a literal rather than for a thing."""
        return self.type.startswith(_XSD)


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """Give the parameters that a query declares. Raises `CallError` for a declaration that means nothing."""
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}
    found = [_read_one(text, declared[1].strip(), prefixes) for declared in _DECLARED.finditer(text)]
    if len({parameter.name for parameter in found}) < len(found):
        raise CallError("a parameter is declared twice", hint="Give each parameter a name of its own.")
    return tuple(found)


def _read_one(text: str, declared: str, prefixes: Mapping[str, str]) -> Parameter:
    match = _DECLARATION.fullmatch(declared)
    if match is None:
        hint = "Write it as: # parameter: company (dk:Company) The company asked about."
        raise CallError(f"'# parameter: {declared}' declares no parameter", hint=hint)
    name, type_name, description = match.groups()
    type_iri = _expand(type_name, prefixes)
    if type_iri is None or (type_iri.startswith(_XSD) and type_iri.removeprefix(_XSD) not in _LEXICAL):
        hint = f"Name a class, or one of {', '.join('xsd:' + name for name in _LEXICAL)}."
        raise CallError(f"'{type_name}', the type of parameter '{name}', is not known", hint=hint)
    blocks = [match for match in _blocks(name).finditer(text) if match[1]]
    if len(blocks) != 1:
        hint = f"Write VALUES ?{name} {{ … }} once, with what the parameter stands for by default."
        raise CallError(f"parameter '{name}' has {len(blocks)} VALUES blocks", hint=hint)
    default = tuple(_value(term, prefixes) for term in _TERM.finditer(blocks[0][2]))
    if not default:
        raise CallError(f"parameter '{name}' has no default", hint=f"Put a value into VALUES ?{name} {{ … }}.")
    return Parameter(name, type_iri, description, default)


def _blocks(name: str) -> re.Pattern[str]:
    return re.compile(rf"{_OTHER}|(VALUES\s+\?{name}\s*\{{)((?:{_STRING}|[^{{}}\"])*)(?=\}})", re.IGNORECASE)


def _expand(name: str, prefixes: Mapping[str, str]) -> str | None:
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None


def _value(term: re.Match[str], prefixes: Mapping[str, str]) -> str:
    iri, string, other = term.groups()
    if iri is not None:
        return iri
    if string is not None:
        return re.sub(r"\\(.)", r"\1", string[1:-1])
    return _expand(other, prefixes) or other


def bind(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Give a query with parameters standing for other values: CURIEs or IRIs of things, or the text of literals.

    Raises `CallError` for a parameter that the query does not declare, and for a value that is no such term.
    """
    parameters = {parameter.name: parameter for parameter in read_parameters(text)}
    for name, given in values.items():
        if name not in parameters:
            known = f"It has: {', '.join(parameters)}." if parameters else "It has none."
            raise CallError(f"the question has no parameter '{name}'", hint=known)
        parameter = parameters[name]
        if not given or (len(given) > 1 and len(parameter.default) == 1):
            raise CallError(f"parameter '{name}' takes one value, not {len(given)}", hint="Give it once.")
        terms = " ".join(str(_term(parameter, value)) for value in given)
        text = _blocks(name).sub(lambda match, terms=terms: f"{match[1]} {terms} " if match[1] else match[0], text)  # type: ignore[misc]
    return text


def _term(parameter: Parameter, value: str) -> NamedNode | Literal:
    if not parameter.is_literal:
        try:
            return NamedNode(expand(value.strip()) or "")
        except ValueError:
            hint = "Give the IRI of a thing, or its short form such as id:huawei."
            raise CallError(f"'{value[:100]}' is no IRI, for parameter '{parameter.name}'", hint=hint) from None
    datatype = parameter.type.removeprefix(_XSD)
    if not re.fullmatch(_LEXICAL[datatype], value, re.ASCII):
        hint = f"Write it as {shorten(parameter.type)} is written in XML Schema."
        raise CallError(f"'{value[:100]}' is no {datatype}, for parameter '{parameter.name}'", hint=hint)
    return Literal(value, datatype=NamedNode(parameter.type))


def check_choice(parameter: Parameter, value: str, options: Iterable[str]) -> None:
    """Raise `CallError` with what was perhaps meant unless a value is among the things of the parameter's class."""
    known = list(options)
    iri = expand(value.strip())
    if iri in known:
        return
    close = difflib.get_close_matches(iri or value, known, n=3, cutoff=0.7)
    hint = "Did you mean: " + ", ".join(shorten(option) for option in close) + "?" if close else None
    hint = hint or f"There are {len(known)} to choose from; the question's page lists them."
    raise CallError(f"'{value[:100]}' is no {shorten(parameter.type)}, for parameter '{parameter.name}'", hint=hint)


def options_query(cls: str) -> str:
    """Give a query for the things of a class, `?option`. Raises `CallError` if `cls` is no IRI."""
    try:
        node = NamedNode(cls)
    except ValueError:
        raise CallError(f"'{cls[:100]}' is no IRI of a class", hint="Name a class, such as dk:Company.") from None
    kinds = f"a/<{PREFIXES['rdfs']}subClassOf>*"
    return f"SELECT DISTINCT ?option {{ ?option {kinds} {node} . FILTER(isIRI(?option)) }} LIMIT {_MOST_OPTIONS}"
