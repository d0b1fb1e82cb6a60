"""A project: what `project.toml` says, and which file goes into which named graph."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError, Fault, SourceError, did_you_mean
from digitech_kg.hooks import known_parts
from digitech_kg.namespaces import RESERVED_NAMES, VOCABULARIES, Namespaces
from digitech_kg.sources.files import read_text

FILE_NAME: Final = "project.toml"
#: What a project can import: the ontology and the shapes that come with the package.
PACKAGED: Final = "digitech-kg"
#: Names of folders that can be part of an IRI as they are.
FOLDER_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
#: Language tags; names of languages, such as "norsk", are longer. Norwegian is nb or nn: nothing here is found by "no".
_LANGUAGE: Final = re.compile(r"(?!no(?:-|$))[a-z]{2,3}(-[a-z0-9]{1,8})*", re.IGNORECASE)
BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#]")
_KEYS: Final = frozenset(("base", "imports", "languages", "prefixes", "documents", "parts"))


def read_configuration(root: Path, documents: Iterable[str], sources: Iterable[str]) -> tuple[Namespaces, bool]:
    """Return what the `project.toml` of a project with these documents and outside sources says.

    That is its names, and whether the packaged ontology and shapes belong to it.

    A document without an entry has its own name as its prefix; the claims of a source have its name with "-claim".
    Raises `SourceError` with all that is wrong in the file.
    """
    text = read_text(root / FILE_NAME, FILE_NAME)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError([Fault(FILE_NAME, f"is not TOML: {error}", "Correct the file at this place.")]) from None
    faults: list[Fault] = []
    for key in sorted(set(table) - _KEYS):
        faults.append(Fault(FILE_NAME, f"has an unknown key '{key}'", f"Use one of: {', '.join(sorted(_KEYS))}."))
    base = table.get("base", "")
    if not isinstance(base, str) or not BASE.fullmatch(base):
        mend = 'Write for example: base = "https://example.org/my-graph/"'
        faults.append(Fault(FILE_NAME, "has no base IRI that ends with / or #", mend))
    imports = table.get("imports", [])
    if imports not in ([], [PACKAGED]):
        faults.append(
            Fault(FILE_NAME, "imports something unknown", f'Write imports = ["{PACKAGED}"], or leave it out.')
        )
    required, optional = _languages(table.get("languages", {}), faults)
    prefixes = _prefixes(table.get("prefixes", {}), faults)
    prefixes += _document_prefixes(str(base), table.get("documents", {}), documents, faults)
    prefixes += [(f"{name}-claim", f"{base}claim/{name}/") for name in sources]
    _check_unique(prefixes, faults)
    off = _read_parts_off(table.get("parts", {}), faults)
    if faults:
        raise SourceError(faults)
    return Namespaces(base, tuple(sorted(prefixes)), required, optional, off), bool(imports)


def parts_off(root: Path | None) -> tuple[str, ...]:
    """Return the parts that the project in a folder, or else in the current one, switches off.

    Whatever is wrong with the file is for `read_configuration` to say.
    """
    try:
        table = tomllib.loads(((root or Path.cwd()) / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return _read_parts_off(table.get("parts", {}), [])


def _read_parts_off(table: Any, faults: list[Fault]) -> tuple[str, ...]:
    off = table.get("off", []) if isinstance(table, dict) and not set(table) - {"off"} else None
    if not isinstance(off, list) or not all(isinstance(name, str) for name in off):
        mend = 'Write [parts] and below it off = ["…"].'
        faults.append(Fault(FILE_NAME, "switches parts off in an unknown way", mend))
        return ()
    for name in sorted(set(off) - set(known_parts())):
        mend = f"Use names of parts: {', '.join(known_parts())}."
        faults.append(Fault(FILE_NAME, f"switches off '{name}', which isn't a part", mend))
    return tuple(sorted(set(off)))


def _check_keys(table: Mapping[str, Any], where: str, known: tuple[str, ...], faults: list[Fault]) -> None:
    for key in sorted(set(table) - {*known}):
        mend = f"Use {' and '.join(known)} there; what stands for an IRI belongs below [prefixes], which you may add."
        faults.append(Fault(FILE_NAME, f"has an unknown key '{key}' below [{where}]", mend))


def is_language(tag: str) -> bool:
    return _LANGUAGE.fullmatch(tag) is not None


def _languages(table: Any, faults: list[Fault]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    _check_keys(table, "languages", ("required", "optional"), faults)
    found = [table.get(key, default) for key, default in (("required", ["en"]), ("optional", []))]
    for tag in (tag for tags in found for tag in tags):
        if not isinstance(tag, str) or not is_language(tag):
            mend = "Write tags such as en, nb (not no) or zh-hans."
            faults.append(Fault(FILE_NAME, f"'{tag}' isn't a language tag", mend))
    # The engine has language tags in small letters, so a filter finds nothing for any other spelling.
    return tuple(str(tag).lower() for tag in found[0]), tuple(str(tag).lower() for tag in found[1])


def _prefixes(table: Mapping[str, Any], faults: list[Fault]) -> list[tuple[str, str]]:
    for prefix, iri in table.items():
        if not PREFIX.fullmatch(prefix) or not isinstance(iri, str) or ":" not in iri:
            mend = 'Write for example: wd = "http://www.wikidata.org/entity/"'
            faults.append(Fault(FILE_NAME, f"prefix '{prefix}' stands for no IRI", mend))
    return [(prefix, iri) for prefix, iri in table.items() if isinstance(iri, str)]


def default_prefix(document: str) -> str:
    """Return the prefix of a document's passages unless `project.toml` names another: none begins with a digit."""
    return document if document[:1].isalpha() else f"d{document}"


def _document_prefixes(
    base: str, table: Mapping[str, Any], documents: Iterable[str], faults: list[Fault]
) -> list[tuple[str, str]]:
    found, documents = [], sorted(documents)
    for name in sorted({*documents, *table}):
        _check_keys(table.get(name, {}), f"documents.{name}", ("prefix",), faults)
        prefix = table.get(name, {}).get("prefix", default_prefix(name))
        if name in RESERVED_NAMES or not FOLDER_NAME.fullmatch(name):
            mend = "Use small letters, digits and single hyphens, and no name that a graph has already."
            file = f"data/documents/{name}" if name in documents else FILE_NAME
            faults.append(Fault(file, f"a document cannot be called '{name}'", mend))
        elif not PREFIX.fullmatch(prefix) or prefix.endswith("-claim"):
            mend = f'Add to {FILE_NAME}: [documents.{name}] and below it prefix = "…", in small letters.'
            faults.append(Fault(FILE_NAME, f"'{prefix}' cannot be the prefix of document '{name}'", mend))
        elif name not in documents:
            what = f"has [documents.{name}], but no folder of that name in data/documents/ has Turtle files"
            mend = "Correct the name, or take the section out until the document is there."
            faults.append(Fault(FILE_NAME, what, f"{did_you_mean(name, documents)}{mend}"))
        found += [(prefix, f"{base}passage/{name}/"), (f"{prefix}-claim", f"{base}claim/{name}/")]
    return found


def _check_unique(prefixes: list[tuple[str, str]], faults: list[Fault]) -> None:
    seen = dict(VOCABULARIES)
    for prefix, iri in prefixes:
        if seen.setdefault(prefix, iri) != iri:
            faults.append(Fault(FILE_NAME, f"prefix '{prefix}' stands for two things", "Rename one of them."))


_PACKAGE: Final = Path(__file__).resolve().parent.parent
#: In a checkout the project is the checkout itself, in an installed wheel a copy inside the package.
_BUNDLED: Final = (_PACKAGE.parent.parent, _PACKAGE / "project")
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
        """Yield the Turtle files that make up the dataset, by graph and name.

        Raises `SourceError` for folders whose names cannot be those of graphs.
        """
        graphs = self.names.graphs
        for source in self._with_imports("ontology", graphs.ontology):
            if source.path.name != ALIGNMENTS:
                yield source
        yield from self._folder("data", graphs.catalog)
        yield from self._folder("data/things", graphs.things)
        yield from self._folder("data/topics", graphs.topics)
        yield from self._folder("data/issues", graphs.issues)
        yield from self._each("data/documents", self.documents)
        yield from self._each("data/external", self.sources)

    def _each(self, where: str, folders: tuple[str, ...]) -> Iterator[SourceFile]:
        if faulty := [name for name in folders if not FOLDER_NAME.fullmatch(name)]:
            mend = "Name the folder with small letters, digits and single hyphens."
            raise SourceError([Fault(f"{where}/{name}", "cannot be the name of a graph", mend) for name in faulty])
        graphs = self.names.graphs
        for name in folders:
            graph = graphs.external(name) if where.endswith("external") else graphs.document(name)
            yield from self._folder(f"{where}/{name}", graph)

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
        """Return the SHA-256 of all that a build reads: the project's files and this package's own code."""
        digest = hashlib.sha256()
        files = [f.path for f in self.source_files()]
        code = sorted(p for p in _PACKAGE.rglob("*.py") if "web" not in p.relative_to(_PACKAGE).parts)
        more = [self.root / FILE_NAME, *self._all_shapes(), *self.query_files(), *self.link_files()]
        for path in [*files, *more, *code]:
            content = b""
            with suppress(OSError):  # Whoever loads the file says what is wrong with it.
                content = path.read_bytes()
            digest.update(f"{path.name} {len(content)}\n".encode() + content)
        return digest.hexdigest()


def bundled_root() -> Path:
    """Return the folder of the project that comes with the package. Raises `CallError` if it is missing."""
    for candidate in _BUNDLED:
        if (candidate / FILE_NAME).is_file() and (candidate / "ontology").is_dir():
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
    if not (root / FILE_NAME).is_file():
        hint = f"A project is a folder with a {FILE_NAME}. Make one with: digitech-kg init DIR"
        raise CallError(f"{root} isn't a project", hint=hint)
    return Project(root.resolve())
