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
from digitech_kg.messages import Message
from digitech_kg.namespaces import VOCABULARIES, Namespaces

_DECLARED = re.compile(r"^#[^\S\n]*parameter:[^\S\n]*(.*)$", re.MULTILINE)
_DECLARATION = re.compile(r"(\w+)\s*\(([^()\s]+)\)\s*(\S.*)")
_PREFIX = re.compile(r"\bPREFIX\s+([\w.-]*):\s*<([^<>\s]*)>", re.IGNORECASE)
_STRING = r'"(?:[^"\\\n]|\\.)*"'
#: What may hold the word VALUES without meaning it: IRIs, strings and comments.
_OTHER = rf"<[^<>\"{{}}|^`\\\s]*>|{_STRING}|'(?:[^'\\\n]|\\.)*'|\#[^\n]*"
_TERM = re.compile(rf"<([^<>\s]*)>|({_STRING})(?:\^\^\S+|@[\w-]+)?|(\S+)")
_XSD = VOCABULARIES["xsd"]
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


def read_parameters(text: str, names: Namespaces) -> tuple[Parameter, ...]:
    """Return the parameters that a query declares. Raises `CallError` for a declaration that means nothing."""
    prefixes = {**names.prefixes, **dict(_PREFIX.findall(text))}
    found = [_read_one(text, declared[1].strip(), prefixes) for declared in _DECLARED.finditer(text)]
    if len({parameter.name for parameter in found}) < len(found):
        raise CallError("a parameter is declared twice", hint="Give each parameter a name of its own.")
    return tuple(found)


def _read_one(text: str, declared: str, prefixes: Mapping[str, str]) -> Parameter:
    match = _DECLARATION.fullmatch(declared)
    if match is None:
        hint = "Write it as: # parameter: company (dk:Company) The company asked about."
        raise CallError(Message("'# parameter: {text}' declares no parameter", text=declared), hint=hint)
    name, type_name, description = match.groups()
    type_iri = _expand(type_name, prefixes)
    if type_iri is None or (type_iri.startswith(_XSD) and type_iri.removeprefix(_XSD) not in _LEXICAL):
        hint = Message("Name a class, or one of {names}.", names=", ".join("xsd:" + name for name in _LEXICAL))
        raise CallError(
            Message("'{type}', the type of parameter '{name}', is not known", type=type_name, name=name),
            hint=hint,
        )
    blocks = [match for match in _blocks(name).finditer(text) if match[1]]
    if len(blocks) != 1:
        hint = Message("Write VALUES ?{name} {{ … }} once, with the default of the parameter.", name=name)
        raise CallError(
            Message("parameter '{name}' has {count} VALUES blocks", name=name, count=len(blocks)), hint=hint
        )
    default = tuple(_value(term, prefixes) for term in _TERM.finditer(blocks[0][2]))
    if not default:
        raise CallError(
            Message("parameter '{name}' has no default", name=name),
            hint=Message("Put a value into VALUES ?{name} {{ … }}.", name=name),
        )
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


def bind(text: str, values: Mapping[str, Sequence[str]], names: Namespaces) -> str:
    """Return a query with parameters standing for other values: CURIEs or IRIs of things, or the text of literals.

    Raises `CallError` for a parameter that the query does not declare, and for a value that is no such term.
    """
    parameters = {parameter.name: parameter for parameter in read_parameters(text, names)}
    for name, given in values.items():
        if name not in parameters:
            known = Message("It has: {names}.", names=", ".join(parameters)) if parameters else "It has none."
            raise CallError(Message("the question has no parameter '{name}'", name=name), hint=known)
        parameter = parameters[name]
        if not given or (len(given) > 1 and len(parameter.default) == 1):
            raise CallError(
                Message("parameter '{name}' takes one value, not {count}", name=name, count=len(given)),
                hint="Give it once.",
            )
        text = _replace(text, name, [_term(parameter, value, names) for value in given])
    return text


def replace_values(text: str, name: str, iris: Iterable[str]) -> str:
    """Return a query with a parameter standing for all of several things. Raises `ValueError` for what is no IRI."""
    return _replace(text, name, map(NamedNode, iris))


def _replace(text: str, name: str, terms: Iterable[NamedNode | Literal]) -> str:
    written = " ".join(map(str, terms))
    return _blocks(name).sub(lambda match: f"{match[1]} {written} " if match[1] else match[0], text)


def _term(parameter: Parameter, value: str, names: Namespaces) -> NamedNode | Literal:
    if not parameter.is_literal:
        try:
            return NamedNode(names.expand(value.strip()) or "")
        except ValueError:
            hint = "Give the IRI of a thing, or its short form such as id:huawei."
            raise CallError(
                Message("'{value}' is not an IRI, for parameter '{name}'", value=value[:100], name=parameter.name),
                hint=hint,
            ) from None
    datatype = parameter.type.removeprefix(_XSD)
    if not re.fullmatch(_LEXICAL[datatype], value, re.ASCII):
        hint = Message("Write it as a {datatype} of XML Schema.", datatype=names.shorten(parameter.type))
        raise CallError(
            Message(
                "'{value}' is not a {kind}, for parameter '{name}'",
                value=value[:100],
                kind=datatype,
                name=parameter.name,
            ),
            hint=hint,
        )
    return Literal(value, datatype=NamedNode(parameter.type))


def check_choice(parameter: Parameter, value: str, options: Iterable[str], names: Namespaces) -> None:
    """Raise `CallError` with what was perhaps meant unless a value is among the things of the parameter's class."""
    known = list(options)
    iri = names.expand(value.strip())
    if iri in known:
        return
    close = difflib.get_close_matches(iri or value, known, n=3, cutoff=0.7)
    hint = "Did you mean: " + ", ".join(names.shorten(option) for option in close) + "?" if close else None
    hint = hint or f"There are {len(known)} to choose from; the question's page lists them."
    raise CallError(
        Message(
            "'{value}' is not a {kind}, for parameter '{name}'",
            value=value[:100],
            kind=names.shorten(parameter.type),
            name=parameter.name,
        ),
        hint=hint,
    )


def options_query(cls: str) -> str:
    """Return a query for the things of a class, `?option`. Raises `CallError` if `cls` is no IRI."""
    try:
        node = NamedNode(cls)
    except ValueError:
        raise CallError(
            Message("'{name}' is not the IRI of a class", name=cls[:100]), hint="Name a class, such as dk:Company."
        ) from None
    kinds = f"a/<{VOCABULARIES['rdfs']}subClassOf>*"
    return f"SELECT DISTINCT ?option {{ ?option {kinds} {node} . FILTER(isIRI(?option)) }} LIMIT {_MOST_OPTIONS}"
