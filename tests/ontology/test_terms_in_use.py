"""Each term of the ontology that code, templates, questions, docs and shapes name exists and isn't deprecated."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from conftest import ROOT
from digitech_kg.graph_view import GraphView
from digitech_kg.namespaces import DK, OWL, RDF, TERMS, is_true

#: `dk:subject` in text, or `${terms}subject` in SQL; not a pattern such as `dk:…`, and not a prefix that ends in dk.
IN_TEXT = re.compile(r"(?<![\w:-])(?:dk:|\$\{terms\})([A-Za-z][\w-]*)")
#: What shows a misspelt or unfinished name, by file.
EXAMPLES = {"engine.md": {"Compny"}, "format.js": {"a", "b"}, "editor.py": {"hasOw"}}
TEXTS = ("*.html", "*.js", "*.md", "*.rq", "*.toml", "*.j2", "*.sql")


def texts() -> Iterator[Path]:
    for folder in ("src/digitech_kg", "frontend", "docs", "data/queries"):
        for pattern in TEXTS:
            found = (path for path in (ROOT / folder).rglob(pattern) if "node_modules" not in path.parts)
            yield from (path for path in found if "dist" not in path.parts)
    yield from (ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "ontology/README.md"))
    yield from (ROOT / "shapes").glob("*.ttl")


FILES = sorted([*(ROOT / "src/digitech_kg").rglob("*.py"), *texts()])


@cache
def ontology() -> GraphView:
    files = (ROOT / "ontology").glob("*.ttl")
    return GraphView(quad for path in files for quad in parse(path=path, format=RdfFormat.TURTLE))


@cache
def problem_with(name: str) -> str:
    """Return what is wrong with a term; "" if it can be used."""
    term = NamedNode(TERMS + name)
    if not ontology().values(term, RDF.type):
        return "doesn't exist"
    return "is deprecated" if is_true(ontology().value(term, OWL.deprecated)) else ""


def terms_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    found = set(IN_TEXT.findall(text))
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(text)):
            value = getattr(node, "value", None)
            if isinstance(value, ast.Name) and value.id == "DK":
                if isinstance(node, ast.Attribute):
                    found.add(node.attr)
                elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                    found.add(node.slice.value)
    return found - EXAMPLES.get(path.name, set())


@pytest.mark.slow
def test_terms_exist_and_are_not_deprecated() -> None:
    for path in FILES:
        assert {f"dk:{name} {problem}" for name in terms_in(path) if (problem := problem_with(name))} == set(), path


def test_a_misspelt_and_a_deprecated_term_are_found() -> None:
    assert problem_with("TableRow") == "doesn't exist"
    assert problem_with("restrictionList") == "is deprecated"
    assert problem_with(DK.Claim.value.removeprefix(TERMS)) == ""
