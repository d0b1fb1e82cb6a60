"""Parse the files of a project into quads, and check that they fit together; find the line that describes a subject."""

import dataclasses
import difflib
import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import namespace as rdflib_terms

from digitech_kg.errors import Fault, InconsistentData, SourceError, did_you_mean
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK, OWL, RDF, RDFS, TERMS, VOCABULARIES, Namespaces, value_of
from digitech_kg.sources.files import read_text
from digitech_kg.sources.project import PROJECT_FILE, Project, SourceFile
from digitech_kg.sources.saved_queries import SavedQuery, parse_saved_query
from digitech_kg.sparql_text.mistakes import mend, syntax_error
from digitech_kg.sparql_text.parameters import read_parameters
from digitech_kg.sparql_text.tokens import names_in
from digitech_kg.triple_store import store_of

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
#: How a block begins that gives a class.
_GIVES_CLASS = re.compile(r"\S+\s+(?:a|rdf:type|<\S+#type>)\s")

#: What to do, by what the parser says.
_UNDECLARED = re.compile(r"The prefix (\S*:) has not been declared")
_CURES = {
    "A dot is expected": 'Write ";" between two properties of one subject, "," between two values, and "." at the end;',
    "end of file": 'Close what is open from here on: a text with ", an IRI with >, a block with ".";',
}

#: The namespace of the ontology without how it begins and ends.
_BARE: Final = re.escape(TERMS.removeprefix("https://").rstrip("#"))
#: The standards of which rdflib lists all terms, by prefix, with these terms and their namespaces.
_LISTED: Final = ("dcterms", "foaf", "owl", "prov", "rdf", "rdfs", "skos")
STANDARDS: Final = tuple(VOCABULARIES[prefix] for prefix in _LISTED)
STANDARD_TERMS: Final = {str(term) for prefix in _LISTED for term in dir(getattr(rdflib_terms, prefix.upper()))}
STANDARD_TERMS.update(STANDARDS, (f"{VOCABULARIES['rdf']}_{number}" for number in range(1, 100)))
#: More values than so many are looked for, not listed.
_FEW: Final = 20
#: The folders of a project that hold what is read, and those in `data/`.
_FOLDERS: Final = ("data", "ontology", "shapes")
_DATA_FOLDERS: Final = ("documents", "external", "issues", "links", "queries", "things", "topics")


@dataclass
class ParsedFile:
    """The quads of one file in order, its faults, and its text to find lines in."""

    source: SourceFile
    text: str
    quads: list[Quad] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        """Line numbers by the text that begins an unindented line."""
        lines = enumerate(self.text.splitlines(), start=1)
        beginning = ((number, line) for number, line in lines if line[:1] not in ("", " ", "\t", "#", "@"))
        return grouped((line.split(None, 1)[0], number) for number, line in beginning)

    @cached_property
    def described(self) -> set[str]:
        """The IRIs of the subjects that the file gives a class."""
        return {value_of(q.subject) for q in self.quads if q.predicate == RDF.type and q.object != OWL.Class}

    @cached_property
    def prefixes(self) -> list[tuple[str, str, int]]:
        """The prefixes that are declared, what they stand for, and on which line."""
        found = _PREFIX.finditer(self.text)
        return [(each[1], each[2], self.text.count("\n", 0, each.start(1)) + 1) for each in found]

    def lines_of(self, subject: str) -> list[int]:
        """Return the lines, from 1, on which blocks of the subject with this IRI begin."""
        names = [f"<{subject}>"]
        names += [f"{prefix}:{subject[len(iri) :]}" for prefix, iri, _ in self.prefixes if subject.startswith(iri)]
        return sorted(line for name in names for line in self._lines.get(name, ()))

    def again(self, subject: str) -> int | None:
        """Return the line of the second of these blocks that gives a class; other triples may stand each on its own."""
        lines = [*self.text.splitlines(), ""]
        typed = (n for n in self.lines_of(subject) if _GIVES_CLASS.match(f"{lines[n - 1]} {lines[n]}"))
        return next(islice(typed, 1, None), None)

    def line_of(self, subject: str) -> int | None:
        """Return the line of the first of these blocks."""
        return next(iter(self.lines_of(subject)), None)

    def fault(self, what: str, mend: str, *, subject: str | None = None) -> None:
        """Record a fault at the block of `subject`."""
        line = self.line_of(subject) if subject else None
        self.faults.append(Fault(self.source.name, what, mend, line))


def parse_turtle(source: SourceFile, prefixes: Mapping[str, str] = VOCABULARIES) -> ParsedFile:
    """Read and parse a file; what cannot be read and a syntax error, with line and column, become faults.

    The fault of a prefix that is not declared has the line that declares it, if it is one of `prefixes`.
    Blank nodes get labels made from the file's name and their order, so that the same file gives the same quads.
    """
    try:
        text = read_text(source.path, source.name)
    except SourceError as error:
        return ParsedFile(source, "", faults=list(error.faults))
    parsed = ParsedFile(source, text)
    for prefix, space, line in parsed.prefixes:
        if space != TERMS and (prefix == "dk" or is_nearly_ontology(space)):
            parsed.faults.append(_wrong_prefix(source.name, prefix, space, TERMS, line))
    try:
        parsed.quads.extend(_with_stable_blank_nodes(source, text))
    except SyntaxError as error:
        result = "what follows it in this file was not read."
        parsed.faults.append(turtle_fault(error, text, source.name, result, prefixes))
    return parsed


def is_nearly_ontology(space: str) -> bool:
    """Whether a namespace is that of the ontology, but for http, capitals or its last sign."""
    return re.fullmatch(rf"https?://(www\.)?{_BARE}[#/]*", space.lower()) is not None


def _wrong_prefix(file: str, prefix: str, space: str, right: str, line: int) -> Fault:
    mend = f"Names with this prefix aren't read: correct it, or the base in {PROJECT_FILE}."
    return Fault(file, f"{prefix}: is <{space}>, not <{right}>", mend, line)


def turtle_fault(error: SyntaxError, text: str, name: str, result: str, prefixes: Mapping[str, str]) -> Fault:
    """Return what is wrong with the Turtle of a file, how to mend it, and what came of it."""
    what = str(error.args[0]).split(": ", 1)[-1]
    mend = next((cure for sign, cure in _CURES.items() if sign in what), "Correct the Turtle at this place;")
    if undeclared := _UNDECLARED.search(what):
        here, known = ([f"{prefix}:" for prefix in own] for own in (dict(_PREFIX.findall(text)), prefixes))
        meant = did_you_mean(undeclared[1], here) or did_you_mean(undeclared[1], known)
        mend = f"{meant}Declare it with an @prefix line, or correct it;"
        if space := prefixes.get(undeclared[1].rstrip(":")):
            mend = "Add the line below at the top of the file;"
            result += f"\n    @prefix {undeclared[1]} <{space}> ."
    return Fault(name, what, f"{mend} {result}", error.lineno, error.offset)


def _with_stable_blank_nodes(source: SourceFile, text: str) -> Iterator[Quad]:
    stem = hashlib.sha256(source.name.encode()).hexdigest()[:8]
    labels: dict[BlankNode, BlankNode] = {}

    def stable(term: NamedNode | BlankNode) -> NamedNode | BlankNode:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"b{stem}n{len(labels)}"))

    for quad in parse(text, RdfFormat.TURTLE):
        subject, value = quad.subject, quad.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            raise SyntaxError("triple terms (RDF 1.2) are not supported in project files")
        obj = stable(value) if isinstance(value, NamedNode | BlankNode) else value
        yield Quad(stable(subject), quad.predicate, obj, source.graph)


@dataclass(frozen=True)
class Sources:
    """What the files say: quads in file order, saved questions, and where each subject is described."""

    project: Project
    quads: list[Quad]
    queries: tuple[SavedQuery, ...]
    files: tuple[ParsedFile, ...]

    def place_of(self, subject: str, prop: str | None = None, value: str | None = None) -> str | None:
        """Return `file:line` of a block of the subject with this IRI.

        Best is where this value of this property stands (of any if it is None), then a claim that says so, then where
        the property stands, or else the class.
        """

        def fitness(parsed: ParsedFile) -> tuple[bool, bool, bool]:
            said = [q for q in parsed.quads if value_of(q.subject) == subject and prop in (None, q.predicate.value)]
            return any(value_of(q.object) == value for q in said), bool(said), subject in parsed.described

        # Among equal ones a draft is taken, which comes last.
        having = [parsed for parsed in reversed(self.files) if parsed.line_of(subject) is not None]
        best = max(having, key=fitness, default=None)
        if value and not (best and fitness(best)[0]) and (claim := self._claim_of(subject, prop, value)):
            return self.place_of(claim)
        return f"{best.source.name}:{best.line_of(subject)}" if best else None

    def _claim_of(self, subject: str, prop: str | None, value: str) -> str | None:
        """Return the first claim that says something of a subject, or anything if `prop` is None."""
        wanted = {(DK.subject, subject), (DK.object, value), *([(DK.predicate, prop)] if prop else [])}
        found = Counter(value_of(q.subject) for q in self.quads if (q.predicate, value_of(q.object)) in wanted)
        return next((claim for claim, count in found.items() if count == len(wanted)), None)

    def with_places(self, error: InconsistentData) -> InconsistentData:
        """Return the error with the file and line of each claim that it names."""

        def placed(name: re.Match[str]) -> str:
            place = self.place_of(self.project.names.expand(name[0]) or "")
            return f"{name[0]} ({place})" if place else name[0]

        return InconsistentData(re.sub(r"[\w-]+-claim:[\w-]+", placed, error.message), hint=error.hint)


def load_sources(project: Project, extra: Iterable[SourceFile] = ()) -> Sources:
    """Parse all files of the project, and any `extra` ones as if they were its own; check that they fit together.

    Raises `SourceError` with every fault of every file: syntax, undeclared terms of the ontology's namespace,
    references to things that nothing describes, claims described twice, and faulty query headers.
    """
    files = [parse_turtle(source, project.names.prefixes) for source in (*project.source_files(), *extra)]
    described = {quad.subject.value for f in files for quad in f.quads if isinstance(quad.subject, NamedNode)}
    queries, query_faults = _load_queries(project, described if not any(f.faults for f in files) else None)
    check_base(files, project.names)
    faults = list(_check_folders(project))
    if not any(parsed.faults for parsed in files):
        _check_references(files, described, project.names)
        _check_described_once(files, project.names)
    faults += [fault for parsed in files for fault in parsed.faults] + query_faults
    if faults:
        raise SourceError(faults)
    return Sources(project, [quad for parsed in files for quad in parsed.quads], tuple(queries), tuple(files))


def _load_queries(project: Project, described: set[str] | None) -> tuple[list[SavedQuery], list[Fault]]:
    """Read the saved questions; None is known as `described` while files have faults."""
    queries, faults = [], []
    first: dict[str, str] = {}
    own = (*_own_spaces(project.names), *_own_terms(described, project.names)) if described is not None else ()
    for path in project.query_files():
        name = path.relative_to(project.root).as_posix()
        query, found = parse_saved_query(path, name, project.names)
        queries += [query] if query else []
        faults += found
        if query and not query.endpoints:
            faults += _check_question(query, name, described or set(), own, project.names)
        if first.setdefault(path.stem, name) != name:
            faults.append(Fault(name, f"{first[path.stem]} has this name already", "Give it another name.", 1))
    return queries, faults


def _check_question(
    query: SavedQuery, file: str, described: set[str], own: tuple[str, ...], names: Namespaces
) -> Iterator[Fault]:
    """Yield the syntax error of a question, or the names in it that nothing has: nobody would get an answer."""
    try:
        store_of(()).query(query.text, prefixes=dict(names.prefixes))
    except SyntaxError as raised:
        error = mend(syntax_error(raised), query.text, names.prefixes)
        yield Fault(file, f"isn't SPARQL: {error.message}", error.hint or "Correct it here.", error.line, error.column)
        return
    used = [iri or names.expand(text) or "" for text, iri in names_in(query.text)]
    used += [iri for parameter in read_parameters(query.text, names) for iri in (parameter.type, *parameter.default)]
    for iri in dict.fromkeys(used):
        if iri.startswith(own) and iri not in described and iri not in own:
            close = names.guess(iri, described)
            mending = f"Did you mean {close}?" if close else "Correct the name."
            yield Fault(file, f"asks for {names.shorten(iri)}, which nothing describes", mending)


def _own_spaces(names: Namespaces) -> tuple[str, ...]:
    """Return how the names begin that files have to describe."""
    return (TERMS, *(names.prefixes[kind] for kind in ("id", "claim", "passage", "issue", "topic")))


def _own_terms(described: Iterable[str], names: Namespaces) -> Iterator[str]:
    """Yield the namespaces with a prefix of the project's own in which files describe anything."""
    spaces = {iri for _, iri in names.own_prefixes if names.document_of(iri) is None}
    yield from (space for space in spaces if any(iri.startswith(space) for iri in described))


def declared_spaces(described: Iterable[str], names: Namespaces) -> tuple[str, ...]:
    """Return the namespaces of the project's own terms, which others don't add to: what nothing describes is a slip."""
    return tuple(it for it in _own_terms(described, names) if it.startswith(names.base) and it != names.base)


def _check_folders(project: Project) -> Iterator[Fault]:
    """Yield the folders that nothing reads: unknown ones in `data/`, and misspelt ones beside it."""
    for start, known in (("", _FOLDERS), ("data/", _DATA_FOLDERS)):
        for path in sorted((project.root / start).glob("*/")):
            files = (file for file in path.rglob("*") if file.name.endswith((".ttl", ".rq", ".sssom.tsv")))
            close = difflib.get_close_matches(path.name, known, n=1, cutoff=0.6)
            if path.name not in known and (close or start) and any(files):
                mend = f"Did you mean {start}{close[0]}?" if close else f"Folders in data/ are {', '.join(known)}."
                yield Fault(f"{start}{path.name}", "isn't read", mend)


def check_base(files: Iterable[ParsedFile], names: Namespaces) -> None:
    """Add faults for prefixes and names outside the project's base: these would silently go unread and unchecked."""
    by_graph: dict[str, list[ParsedFile]] = defaultdict(list)
    for parsed in files:
        if parsed.quads and names.graphs.document_of(parsed.source.graph) is not None:
            by_graph[parsed.source.graph.value].append(parsed)
        for prefix, space, line in parsed.prefixes:
            right = names.prefixes.get(prefix, "") if prefix not in VOCABULARIES else ""
            tail = right.removeprefix(names.base)
            if space != right != tail and (space.startswith(names.base) or space.endswith(f"/{tail}")):
                parsed.faults.append(_wrong_prefix(parsed.source.name, prefix, space, right, line))
    for parts in by_graph.values():
        subjects = [value_of(quad.subject) for parsed in parts for quad in parsed.quads]
        if not any(parsed.faults for parsed in parts) and not any(it.startswith(names.base) for it in subjects):
            what = f"no name of this document begins with the base of {PROJECT_FILE}, {names.base}"
            mend = f"One is {subjects[0]}: correct the base, or the prefixes of the document's files."
            parts[0].fault(what, mend, subject=subjects[0])


def _check_references(files: Iterable[ParsedFile], described: set[str], names: Namespaces) -> None:
    """Add a fault for each of the project's IRIs, and each term of the ontology or a standard, that isn't there."""
    terms, described = (TERMS, *declared_spaces(described, names)), described | STANDARD_TERMS
    own = (*_own_spaces(names), *terms, *STANDARDS)
    allowed = _allowed_values((quad for f in files for quad in f.quads), terms)
    for parsed in files:
        reported: set[tuple[str, str]] = set()
        for quad in parsed.quads:
            subject = value_of(quad.subject)
            for term in (quad.predicate, quad.object):
                if not isinstance(term, NamedNode) or term.value in described or term.value in terms:
                    continue
                if term.value.startswith(own) and (subject, term.value) not in reported:
                    reported.add((subject, term.value))
                    values = allowed.get(quad.predicate.value, set()) if term == quad.object else set()
                    _report_unknown(parsed, subject, term.value, described, names, values)


def _allowed_values(quads: Iterable[Quad], terms: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the terms that properties take, where they are members of the range."""
    members, ranges, patterned = defaultdict[str, set[str]](set), dict[str, str](), set[str]()
    for quad in quads:
        if quad.predicate == RDF.type and value_of(quad.subject).startswith(terms):
            members[value_of(quad.object)].add(value_of(quad.subject))
        elif quad.predicate == RDFS.range:
            ranges[value_of(quad.subject)] = value_of(quad.object)
        elif quad.predicate == DK.sentencePattern:
            patterned.add(value_of(quad.subject))
    said = members[value_of(OWL.ObjectProperty)] | members[value_of(OWL.DatatypeProperty)]
    return {prop: members[of] for prop, of in ranges.items() if of in members} | {
        value_of(DK.predicate): said & patterned
    }


def _report_unknown(
    parsed: ParsedFile, subject: str, iri: str, described: set[str], names: Namespaces, allowed: set[str]
) -> None:
    name, close = names.shorten(iri), names.guess(iri, allowed or described)
    where, mend = "no file describes", "Describe it, or correct the name."
    if not iri.startswith(_own_spaces(names)):
        mend = "Declare it in ontology/ (a owl:Class, a owl:ObjectProperty …), or correct the name."
    if iri.startswith(STANDARDS):
        where, mend = "its vocabulary does not have", "Correct the name."
    if iri.startswith(TERMS):
        where, mend = "the ontology does not have", f'Look for a term: digitech-kg terms "{iri.removeprefix(TERMS)}"'
        mend = f"Use one of: {', '.join(sorted(map(names.shorten, allowed)))}." if 0 < len(allowed) < _FEW else mend
    if iri.startswith(names.prefixes["passage"]):
        # Its name is a number: a similar one belongs to other words.
        close, mend = None, "Correct its number: digitech-kg document passages NAME --text FILE lists what each says."
    mend = f"Did you mean {close}?" if close else mend
    parsed.fault(f"{names.shorten(subject)} points at {name}, which {where}", mend, subject=subject)


def _check_described_once(files: Iterable[ParsedFile], names: Namespaces) -> None:
    """A claim or passage has one block, and a thing has one in each graph, so there is one place to edit.

    What is written in two blocks is read as one: of two claims with one name as a claim with two subjects. A document
    may add to a thing that is described elsewhere.
    """
    first: dict[tuple[str, str], ParsedFile] = {}
    once = tuple(names.prefixes[kind] for kind in ("claim", "passage", "issue", "position", "topic"))
    for parsed in files:
        for subject in sorted(s for s in parsed.described if s.startswith((*once, names.prefixes["id"]))):
            graph = "" if subject.startswith(once) else parsed.source.graph.value
            other = first.setdefault((subject, graph), parsed)
            line = other.line_of(subject) if other is not parsed else parsed.again(subject)
            if other is not parsed or line:
                what = f"{names.shorten(subject)} is described in two {'blocks' if other is parsed else 'files'}"
                mend = f"It is also described at {other.source.name}:{line}. Keep one block, or rename one."
                parsed.fault(what, mend, subject=subject)


def load_extra_files(project: Project, files: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Return the files that are not the project's own already, each with the graph of the document it belongs to."""
    own = {source.path.resolve() for source in project.source_files()}
    return tuple(_place_draft(path, project) for path in files if path.resolve() not in own)


def _place_draft(path: Path, project: Project) -> SourceFile:
    """Return a file with the graph of the document whose claims it holds; with one of its own if that isn't clear."""
    draft = SourceFile(path, str(path), project.names.graphs["draft"])
    subjects = {quad.subject for quad in parse_turtle(draft).quads}
    found = {project.names.document_of(value_of(subject)) for subject in subjects} - {None}
    found |= {name for name in project.documents if project.names.thing(name) in subjects}
    document = found.pop() if len(found) == 1 else None
    if document not in project.documents:
        return draft
    return dataclasses.replace(draft, graph=project.names.graphs.document(document))
