"""A project: what `project.toml` says, and which file goes into which named graph."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError, Fault, SourceError, did_you_mean
from digitech_kg.hooks import known_parts
from digitech_kg.namespaces import RESERVED_NAMES, VOCABULARIES, Namespaces
from digitech_kg.sources.files import read_text

PROJECT_FILE: Final = "project.toml"
#: What a project can import: the ontology and the shapes that come with the package.
PACKAGED: Final = "digitech-kg"
#: Names of folders that can be part of an IRI as they are.
FOLDER_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
#: Language tags; names of languages, such as "norsk", are longer. Norwegian is nb or nn: nothing here is found by "no".
_LANGUAGE: Final = re.compile(r"(?!no(?:-|$))[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)
BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#]")
#: The form of the file; "*" stands for any name. Of a list all members are texts.
_FORM: Final[dict[str, Any]] = {
    "base": str,
    "imports": list,
    "languages": {"required": list, "optional": list},
    "prefixes": {"*": str},
    "documents": {"*": {"prefix": str}},
    "parts": {"off": list},
}


def read_configuration(root: Path, documents: Iterable[str], sources: Iterable[str]) -> tuple[Namespaces, bool]:
    """Return what the `project.toml` of a project with these documents and outside sources says.

    That is its names, and whether the packaged ontology and shapes belong to it.

    A document without an entry has its own name as its prefix; the claims of a source have its name with "-claim".
    Raises `SourceError` with all that is wrong in the file, and with folders that can't give their names to graphs.
    """
    text, documents = read_text(root / PROJECT_FILE, PROJECT_FILE), sorted(documents)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError([Fault(PROJECT_FILE, f"is not TOML: {error}", "Correct the file at this place.")]) from None
    if misshapen := [Fault(PROJECT_FILE, what, mend) for what, mend in _check_form(table, _FORM)]:
        raise SourceError(misshapen)
    base, languages = str(table.get("base")), {"required": ["en"], "optional": [], **table.get("languages", {})}
    prefixes = [(prefix, str(iri)) for prefix, iri in table.get("prefixes", {}).items()]
    for name, prefix in _document_prefixes(table, documents):
        prefixes += [(prefix, f"{base}passage/{name}/"), (f"{prefix}-claim", f"{base}claim/{name}/")]
    prefixes += [(f"{name}-claim", f"{base}claim/{name}/") for name in sources]
    wrong = (*_check_values(table, languages, prefixes), *_check_documents(table, documents))
    faults = [Fault(PROJECT_FILE, what, mend) for what, mend in wrong]
    folders = [f"data/documents/{name}" for name in documents if name in RESERVED_NAMES or not _can_name(name)]
    folders += [f"data/external/{name}" for name in sources if not _can_name(name)]
    mend = "Use small letters, digits and single hyphens, and no name that a graph has already."
    faults += (Fault(folder, "cannot be the name of a graph", mend) for folder in folders)
    if faults:
        raise SourceError(faults)
    # The engine has language tags in small letters, so a filter finds nothing for any other spelling.
    required, optional = (tuple(tag.lower() for tag in languages[key]) for key in _FORM["languages"])
    names = Namespaces(base, tuple(sorted(prefixes)), required, optional, _parts_off(table))
    return names, bool(table.get("imports"))


def _can_name(folder: str) -> bool:
    return FOLDER_NAME.fullmatch(folder) is not None


def _check_form(table: Mapping[str, Any], form: Mapping[str, Any], where: str = "") -> Iterator[tuple[str, str]]:
    """Yield keys that mean nothing, and what is no table, text or list of texts, where one is expected."""
    below = f" below [{where}]" if where else ""
    for key, value in sorted(table.items()):
        wanted, name = form.get(key, form.get("*")), f"{where}.{key}".strip(".")
        if wanted is None:
            yield f"has an unknown key '{key}'{below}", f"Use one of: {', '.join(form)}."
        elif isinstance(wanted, dict):
            is_table = isinstance(value, dict)
            fault = (f"has no table [{name}]", f"Write [{name}], and below it a line for each entry.")
            yield from _check_form(value, wanted, name) if is_table else [fault]
        elif not isinstance(value, wanted) or (wanted is list and not all(isinstance(one, str) for one in value)):
            kind, example = ("text", '"note"') if wanted is str else ("list of texts", '["nb"]')
            yield f"{key}{below} is no {kind}", f"Write for example: {key} = {example}"


def _check_values(
    table: Mapping[str, Any], languages: Mapping[str, Any], prefixes: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with base, imports, languages, parts and prefixes, and what to do."""
    if not BASE.fullmatch(str(table.get("base"))):
        yield "has no base IRI that ends with / or #", 'Write for example: base = "https://example.org/my-graph/"'
    if table.get("imports", []) not in ([], [PACKAGED]):
        yield "imports something unknown", f'Write imports = ["{PACKAGED}"], or leave it out.'
    if not languages["required"]:
        yield "requires no language", 'Write the language that all names are given in: required = ["en"]'
    for tag in (tag for tags in languages.values() for tag in tags if not is_language(str(tag))):
        yield f"'{tag}' isn't a language tag", "Write tags such as en, nb (not no) or zh-hans."
    for name in sorted(set(_parts_off(table)) - set(known_parts())):
        yield f"switches off '{name}', which isn't a part", f"Use names of parts: {', '.join(known_parts())}."
    for prefix, iri in table.get("prefixes", {}).items():
        if not PREFIX.fullmatch(prefix) or ":" not in str(iri):
            yield f"prefix '{prefix}' stands for no IRI", 'Write for example: wd = "http://www.wikidata.org/entity/"'
    seen = dict(VOCABULARIES)
    for prefix, iri in prefixes:
        if seen.setdefault(prefix, iri) != iri:
            yield f"prefix '{prefix}' stands for two things", "Rename one of them."


def _check_documents(table: Mapping[str, Any], documents: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield documents that aren't there and prefixes that none can have, and what to do."""
    for name, prefix in _document_prefixes(table, documents):
        if _can_name(name) and (not PREFIX.fullmatch(prefix) or prefix.endswith("-claim")):
            cure = f'Add to {PROJECT_FILE}: [documents.{name}] and below it prefix = "…", in small letters.'
            yield f"'{prefix}' cannot be the prefix of document '{name}'", cure
        elif name not in documents:
            what = f"has [documents.{name}], but no folder of that name in data/documents/ has Turtle files"
            cure = "Correct the name, or take the section out until the document is there."
            yield what, f"{did_you_mean(name, documents)}{cure}"


def _document_prefixes(table: Mapping[str, Any], documents: Iterable[str]) -> list[tuple[str, str]]:
    """Return documents, those in the table too, with their prefixes."""
    entries = {name: {} for name in documents} | table.get("documents", {})
    return [(name, entry.get("prefix", default_prefix(name))) for name, entry in sorted(entries.items())]


def default_prefix(document: str) -> str:
    """Return the prefix of a document's passages unless `project.toml` names another: none begins with a digit."""
    return document if document[:1].isalpha() else f"d{document}"


def is_language(tag: str) -> bool:
    """Whether a text is a language tag that things here can have: `nb` and `es-419`, but not `norsk` and not `no`."""
    return _LANGUAGE.fullmatch(tag) is not None


def parts_off(root: Path | None) -> tuple[str, ...]:
    """Return the parts that the project in a folder, or else in the current one, switches off.

    Whatever is wrong with the file is for `read_configuration` to say.
    """
    try:
        return _parts_off(tomllib.loads(((root or Path.cwd()) / PROJECT_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return ()


def _parts_off(table: Mapping[str, Any]) -> tuple[str, ...]:
    parts = table.get("parts", {})
    off = parts.get("off", []) if isinstance(parts, dict) else []
    return tuple(sorted(set(map(str, off if isinstance(off, list) else [off]))))


_PACKAGE: Final = Path(__file__).resolve().parent.parent
#: In a checkout the project is the checkout itself, in an installed wheel a copy inside the package.
_BUNDLED: Final = (_PACKAGE.parent.parent, _PACKAGE / "project")
#: How the names of this package's modules, queries and tables end.
_CODE: Final = (".py", ".rq", ".ru", ".sql", ".toml", ".ttl", ".txt")
#: Packages that answer from what was built, and so have no part in it.
_SERVING: Final = ("web", "search", "engine", "exports", "cli")
#: Alignments are for those who ask for them: loaded, they would make a reasoner draw conclusions of no use here.
ALIGNMENTS: Final = "alignments.ttl"
#: The shapes about the ontology itself; all others are about data.
_HOUSE_RULES: Final = "ontology.ttl"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A Turtle file, its name relative to the project, and the graph that its triples go into."""

    path: Path
    name: str
    graph: NamedNode


@dataclass(frozen=True)
class Project:
    """A folder with a `project.toml`, and below it `data/` and perhaps `ontology/` and `shapes/` of its own."""

    root: Path

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The names of the documents, which are folders below `data/documents/`, sorted."""
        return self._folders("data/documents")

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The names of the sources of outside facts, which are folders below `data/external/`, sorted."""
        return self._folders("data/external")

    @cached_property
    def _configuration(self) -> tuple[Namespaces, bool]:
        return read_configuration(self.root, self.documents, self.sources)

    @property
    def names(self) -> Namespaces:
        """What things of the project are called. Raises `SourceError` if `project.toml` says what makes no sense."""
        return self._configuration[0]

    def _folders(self, where: str) -> tuple[str, ...]:
        return tuple(sorted(p.name for p in (self.root / where).glob("*") if any(p.glob("*.ttl"))))

    @cached_property
    def _imported_root(self) -> Path | None:
        return bundled_root() if self._configuration[1] else None

    def source_files(self) -> Iterator[SourceFile]:
        """Yield the Turtle files that make up the dataset, by graph and name."""
        graphs = self.names.graphs
        folders = {"data": graphs.catalog}
        folders |= {f"data/{name}": graphs[name] for name in ("things", "topics", "issues")}
        folders |= {f"data/documents/{name}": graphs.document(name) for name in self.documents}
        folders |= {f"data/external/{name}": graphs.external(name) for name in self.sources}
        for source in self._with_imports("ontology", graphs.ontology):
            if source.path.name != ALIGNMENTS:
                yield source
        for folder, graph in folders.items():
            yield from self._folder(folder, graph)

    def _with_imports(self, folder: str, graph: NamedNode) -> Iterator[SourceFile]:
        if self._imported_root is not None:
            for path in sorted((self._imported_root / folder).glob("*.ttl")):
                yield SourceFile(path, f"digitech-kg/{folder}/{path.name}", graph)
        yield from self._folder(folder, graph)

    def _folder(self, name: str, graph: NamedNode) -> Iterator[SourceFile]:
        for path in sorted((self.root / name).glob("*.ttl")):
            yield SourceFile(path, f"{name}/{path.name}", graph)

    def is_own(self, source: SourceFile) -> bool:
        """Whether a file is in the project's own folder, not imported."""
        return source.path.is_relative_to(self.root)

    def alignment_files(self) -> tuple[Path, ...]:
        files = self._with_imports("ontology", self.names.graphs.ontology)
        return tuple(source.path for source in files if source.path.name == ALIGNMENTS)

    def shape_files(self) -> tuple[Path, ...]:
        return tuple(path for path in self._all_shapes() if path.name != _HOUSE_RULES)

    def house_rule_files(self) -> tuple[Path, ...]:
        """Return the files of SHACL shapes that the ontology has to satisfy."""
        return tuple(path for path in self._all_shapes() if path.name == _HOUSE_RULES)

    def _all_shapes(self) -> list[Path]:
        return [source.path for source in self._with_imports("shapes", self.names.graphs["shapes"])]

    def own_shape_files(self) -> tuple[Path, ...]:
        return tuple(sorted((self.root / "shapes").glob("*.ttl")))

    def query_files(self) -> tuple[Path, ...]:
        """Return the saved questions, those in folders too, sorted by name."""
        return tuple(sorted((self.root / "data/queries").rglob("*.rq"), key=lambda path: path.stem))

    def link_files(self) -> tuple[Path, ...]:
        """Return the curated mapping files, sorted; those below `data/links/review/` are not loaded."""
        return tuple(sorted((self.root / "data/links").glob("*.sssom.tsv")))

    def input_digest(self) -> str:
        """Return the SHA-256 of all that a build reads: the project's files and this package's own."""
        digest = hashlib.sha256(code_digest().encode())
        more = [self.root / PROJECT_FILE, *self._all_shapes(), *self.query_files(), *self.link_files()]
        # The folder of a file decides its graph.
        files = [(f.name, f.path) for f in self.source_files()] + [(path.name, path) for path in more]
        for name, path in files:
            content = b""
            with suppress(OSError):  # Loading the file reports what is wrong with it.
                content = path.read_bytes()
            digest.update(f"{name} {len(content)}\n".encode() + content)
        return digest.hexdigest()


@cache
def code_digest() -> str:
    """Return the SHA-256 of the code that decides what a build makes, and the versions of engine and validator."""
    digest = hashlib.sha256(f"{version('pyoxigraph')} {version('pyshifty')}".encode())
    # A bundled project may be another one than is built.
    others = [_PACKAGE / name for name in (*_SERVING, "project")]
    for path in sorted(_PACKAGE.rglob("*.*")):
        if path.suffix in _CODE and not any(map(path.is_relative_to, others)):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_PACKAGE)} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def bundled_root() -> Path:
    """Return the folder of the project that comes with the package. Raises `CallError` if it is missing."""
    for candidate in _BUNDLED:
        if (candidate / PROJECT_FILE).is_file() and (candidate / "ontology").is_dir():
            return candidate.resolve()
    raise CallError("the bundled project is missing", hint="Install digitech-kg again.")


def find_project(root: Path | None = None) -> Project:
    """Return the project at `root`, or the one that comes with the package.

    Raises `CallError` if the folder is missing or holds no project.
    """
    if root is None:
        return Project(bundled_root())
    if not root.exists():
        raise CallError(f"there is no folder {root}", hint="Name a project's folder, or make one: digitech-kg init DIR")
    if not (root / PROJECT_FILE).is_file():
        hint = f"A project is a folder with a {PROJECT_FILE}. Make one with: digitech-kg init DIR"
        raise CallError(f"{root} isn't a project", hint=hint)
    return Project(root.resolve())
