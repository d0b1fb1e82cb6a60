"""Saved questions: `.rq` files with a header in YAML, in lines that begin with `#+`.

    #+ summary: Which companies are state-owned?
    #+ group: Companies
    #+ heading: Does “{document}” deny that {company} is state-owned?
    #+ answer: 'Sources agree with the document in {#verdict=agree: case|cases}.'

docs/asking.md says what each field is for. A question without a group is listed for programs alone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from digitech_kg.errors import CallError, Fault, Forbidden, SourceError, did_you_mean, not_there
from digitech_kg.namespaces import Namespaces
from digitech_kg.sources.files import read_text
from digitech_kg.sources.project import is_language
from digitech_kg.sparql_text.checks import find_service_calls
from digitech_kg.sparql_text.parameters import read_parameters

_TEXTS: Final = ("heading", "answer", "row", "item", "none", "reading")
_TABLES: Final = ("columns", "values")
_PLACE = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_COUNTED = re.compile(r"#(\w*)(?:=([^|:]+))?(?:: ([^|]+)\|(.+))?")
_VARIABLE = re.compile(r"\?(\w+)")
#: The language of a field without a tag.
_FIRST: Final = "en"
_MARK: Final = "#+"
#: All scalars are texts: an answer of `yes` isn't a truth value. The one in C is ten times as fast.
_LOADER: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_header(text: str) -> dict[str, Any]:
    """Return the fields of a query's header, all values as texts. Raises `CallError` if it isn't YAML."""
    lines = [line.removeprefix(_MARK) for line in text.splitlines() if line.startswith(_MARK)]
    try:
        found = yaml.load("\n".join(lines), _LOADER) or {}  # type: ignore[no-untyped-call]  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = lines[error.problem_mark.line].strip() if error.problem_mark else ""
        hint = f"Put quotes around a text with a colon, a brace or a #. The fault is at: {line}"
        raise CallError(f"the header is not YAML: {error.problem}", hint=hint) from None
    except yaml.YAMLError:
        raise CallError("the header has a character that can't be read", hint="Write it anew.") from None
    if not isinstance(found, dict):
        raise CallError("the header has no fields", hint="Write its lines as: #+ summary: Who does what?")
    return found


def without_header(text: str) -> str:
    """Return a query without its header, for those who work on the query."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(_MARK)).strip() + "\n"


@dataclass(frozen=True)
class Presentation:
    """Texts by kind and language, and names of columns and values by kind, language and key."""

    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tables: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    #: The view that is shown first, as it stands in an address; "" if the table is only read.
    view: str = ""
    #: The column whose values are headings of the table, with their rows below them; "" for a table without.
    below: str = ""
    #: Columns of which a cell holds the values of all rows that are the same otherwise.
    gathered: tuple[str, ...] = ()
    #: Values of columns; rows with one of them are told in sentences, all rows if there are none.
    tell: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.texts or self.tables or self.view)

    def tells(self, row: Mapping[str, str]) -> bool:
        return not self.tell or any(row.get(column) == value for column, value in self.tell)

    def text(self, kind: str, languages: Iterable[str]) -> str:
        """Return a text in the first of the languages that has it; "" if none has."""
        return next((found for language in languages if (found := self.texts.get((kind, language)))), "")

    def name(self, kind: str, key: str, languages: Iterable[str]) -> str:
        """Return what a column or value is called in the first of the languages that has a name; "" if none has."""
        found = (self.tables.get((kind, language), {}).get(key) for language in languages)
        return next((name for name in found if name), "")


def read_presentation(header: Mapping[str, Any]) -> Presentation:
    """Return what the header of a query says about its answer. Raises `CallError` for a field of another form."""
    texts: dict[tuple[str, str], str] = {}
    tables: dict[tuple[str, str], Mapping[str, str]] = {}
    for name, value in header.items():
        kind, _, tag = name.partition("@")
        place = (kind, tag.lower() or _FIRST)
        if kind in _TEXTS:
            if not isinstance(value, str):
                hint = f"Write it on one line: {_MARK} {name}: Some words"
                raise CallError(f"'{name}' in the header is not a text", hint=hint)
            texts[place] = " ".join(value.split())
        elif kind in _TABLES:
            tables[place] = {key: str(text) for key, text in _pairs(name, value)}
    tell = header.get("tell", {})
    told = {column: [values] if isinstance(values, str) else values for column, values in _pairs("tell", tell)}
    view = header.get("view", "")
    tells = tuple((column, str(v)) for column, vs in told.items() for v in vs)
    gathered = header.get("gathered", ())
    columns = (gathered,) if isinstance(gathered, str) else tuple(map(str, gathered))
    return Presentation(texts, tables, str(view), str(header.get("below", "")), columns, tells)


def _pairs(name: str, value: object) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict):
        hint = f"Write a line for each below it, two spaces further in: {_MARK}   company: Company"
        raise CallError(f"'{name}' in the header does not pair names with texts", hint=hint)
    return value.items()


def check_places(shown: Presentation, parameters: Iterable[str]) -> None:
    """Raise `CallError` for a heading, or words for an empty answer, with a name that isn't a parameter's."""
    known = set(parameters)
    texts = (text for (kind, _language), text in shown.texts.items() if kind in ("heading", "none"))
    for name in (name for text in texts for name in _PLACE.findall(text)):
        if name not in known:
            hint = f"The parameters are: {', '.join(sorted(known))}." if known else "There are none."
            raise CallError(f"{{{name}}} in the heading is not a parameter", hint=hint)


def fill_text(text: str, names: Mapping[str, str], rows: Iterable[Mapping[str, str]] = ()) -> str:
    """Return a text with its places filled by names, by counts or values of rows, or by nothing.

    What stands in brackets is left out if one of its places means nothing or counts none.

    >>> fill_text("{#said=no: company is|companies are} not {what}.", {"what": "owned"}, [{"said": "no"}])
    '1 company is not owned.'
    >>> fill_text("{#who: firm is|firms are} not: {*who}.", {}, [{"who": "ZTE"}, {"who": "TCL"}, {"who": "ZTE"}])
    '2 firms are not: ZTE, TCL.'
    >>> fill_text("{#said=no: ?who is|firms are} not.", {}, [{"said": "no", "who": "ZTE"}])
    'ZTE is not.'
    >>> fill_text("{what}[ from {start}][ to {end}].", {"what": "Listed", "start": "2019"})
    'Listed from 2019.'
    >>> fill_text("[Denied of {#said=no}.][Said of {#said=yes}.]", {}, [{"said": "no"}])
    'Denied of 1.'
    """
    rows = list(rows)

    def put(place: str) -> str:
        if place.startswith("*"):
            return ", ".join(dict.fromkeys(row[place[1:]] for row in rows if place[1:] in row))
        counted = _COUNTED.fullmatch(place)
        if counted is None:
            return names.get(place, "")
        column, value, one, many = counted.groups()
        if value is not None:
            number = sum(row.get(column) == value for row in rows)
        else:
            number = len({row[column] for row in rows if column in row}) if column else len(rows)
        if number == 1 and one and one.startswith("?"):
            own = next(row for row in rows if value is None or row.get(column) == value)
            return _VARIABLE.sub(lambda match: own.get(match[1], ""), one)
        return f"{number} {one if number == 1 else many}" if one else str(number)

    def keep(match: re.Match[str]) -> str:
        return match[1] if all(put(place).split()[:1] not in ([], ["0"]) for place in _PLACE.findall(match[1])) else ""

    return _PLACE.sub(lambda match: put(match[1]), _OPTIONAL.sub(keep, text))


_FIELDS = ("summary", "description", "tags")
_OF_TEXT: Final = ("summary", "description", "group")
_KNOWN: Final = (*_FIELDS, "group", *_TEXTS, *_TABLES, "tell", "view", "below", "gathered")
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A question with its SPARQL text; the text runs as it stands, header included (its lines are comments)."""

    name: str
    description: str
    tags: tuple[str, ...]
    text: str
    #: What is asked, by language tag.
    summaries: tuple[tuple[str, str], ...]
    #: The group in which readers find it, by language tag; none for a question that only programs ask.
    groups: tuple[tuple[str, str], ...]

    @property
    def body(self) -> str:
        return without_header(self.text)

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints elsewhere that it asks with SERVICE, as IRIs."""
        return tuple(dict.fromkeys(call.endpoint for call in find_service_calls(self.text)))


def parse_saved_query(path: Path, display_name: str, names: Namespaces) -> tuple[SavedQuery | None, list[Fault]]:
    """Read one file; what its header or its parameters lack becomes faults. Query syntax is the engine's to judge."""
    faults: list[Fault] = []

    def note(error: CallError | Forbidden, beginning: str) -> None:
        lines = enumerate(text.splitlines(), start=1)
        line = next((number for number, line in lines if re.match(beginning, line)), 1)
        faults.append(Fault(display_name, error.message, error.hint or "", line))

    if not _NAME.fullmatch(path.stem):
        mend = "Use letters, digits, full stops, hyphens and underscores: the name is part of an address."
        faults.append(Fault(display_name, "can't be the name of a question", mend))
    try:
        text = read_text(path, display_name)
        header = read_header(text)
        shown = read_presentation(header)
    except SourceError as error:
        return None, [*faults, *error.faults]
    except CallError as error:
        note(error, r"#\+")
        return None, faults
    try:
        check_places(shown, (parameter.name for parameter in read_parameters(text, names)))
    except CallError as error:
        note(error, r"#\s*parameter:|#\+\s*heading")
    try:
        find_service_calls(text)
    except Forbidden as error:
        note(error, r"(?i)[^#]*\bSERVICE\b")
    if not all(isinstance(tag, str) for tag in header.get("tags", ())):
        faults.append(Fault(display_name, "'tags' are no texts", "Write them as #+ tags: [one, another]", 1))
    for name in _FIELDS:
        if not header.get(name) or (name == "tags" and not isinstance(header[name], list)):
            faults.append(Fault(display_name, f"header has no '{name}'", f"Add a line '#+ {name}: …' at the top.", 1))
    for name in header:
        kind, at, tag = name.partition("@")
        if kind not in _KNOWN:
            hint = f"{did_you_mean(kind, _KNOWN)}Use one of: {', '.join(_KNOWN)}."
            faults.append(Fault(display_name, f"header has an unknown field '{kind}'", hint, 1))
        if kind in _OF_TEXT and not isinstance(header[name], str):
            faults.append(
                Fault(display_name, f"'{name}' is no text", f"Write it on one line: #+ {name}: Some words", 1)
            )
        if at and not is_language(tag):
            faults.append(
                Fault(display_name, f"'{name}' names no language", "Write it as #+ summary@nb: … (nb, not no)", 1)
            )
    if faults:
        return None, faults
    summaries, groups = (tuple(_by_language(kind, header)) for kind in ("summary", "group"))
    description = " ".join(header["description"].split())
    return SavedQuery(path.stem, description, tuple(header["tags"]), text, summaries, groups), []


def _by_language(kind: str, header: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield language and text of a field that may stand in several languages."""
    for name, text in header.items():
        field_name, _, tag = name.partition("@")
        if field_name == kind:
            yield tag or _FIRST, " ".join(text.split())


def find_saved_query(folder: Path, name: str) -> Path:
    """Return the file of the saved question of this name. Raises `NotFound` with names that look alike."""
    names = {path.stem: path for path in sorted(folder.rglob("*.rq"))}
    if name not in names:
        raise not_there("saved question", name, names, "Name a .rq file or a saved question (data/queries).")
    return names[name]
