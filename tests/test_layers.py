"""The arrows between packages run one way, and each library is imported only in its places."""

import ast
import doctest
import importlib
import pkgutil
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

import digitech_kg

SOURCE = Path(digitech_kg.__file__).parent
#: From the bottom up: a layer may import those before it.
LAYERS = [
    ["http_client", "iteration", "namespaces"],
    ["errors"],
    ["processes"],
    ["formats", "sparql_text", "tables"],
    ["hooks"],
    ["triple_store", "graph_view"],
    ["sources"],
    ["mappings"],
    ["claims"],
    ["matching"],
    ["reasoning", "validation"],
    ["description", "ontology"],
    ["snapshot", "access"],
    ["settings"],
    ["book"],
    ["comparison", "search"],
    ["engine", "exports"],
    ["commit"],
    ["api", "web"],
    ["cli"],
    ["parts"],
    ["__init__", "__main__"],
]
#: The same within the web package.
WEB_LAYERS = [
    ["http"],
    ["reading"],
    ["site"],
    ["pages", "sparql"],
    ["app"],
    ["__init__", "server"],
]
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
#: By library the modules, or the folders of modules, that may import it.
OWNERS = {
    "babel": ["claims/", "matching/spelling.py", "web/http/languages.py"],
    "cachetools": ["web/http/"],
    "click": ["cli/", "parts/"],
    "flask": ["web/", "parts/"],
    "granian": ["web/server.py"],
    "httpx": ["http_client.py"],
    "jinja2": ["web/http/assets.py"],
    "markdown_it": ["sources/document_texts.py"],
    "markupsafe": ["web/"],
    "opencc": ["matching/spelling.py"],
    "owlready2": ["parts/why/hermit.py"],
    "platformdirs": ["exports/writing.py", "settings.py"],
    "prometheus_client": ["web/http/middleware.py", "web/pages/resources.py"],
    "rapidfuzz": ["matching/ranking.py"],
    "rdflib": ["api.py", "sources/layout.py", "sources/loading.py", "validation/"],
    "rich": ["cli/output.py"],
    "rjieba": ["matching/asking.py"],
    "selectolax": ["sources/html.py"],
    "shifty": ["validation/with_shifty.py"],
    "tree_sitter": ["parts/rewriting/", "sparql_text/tree.py"],
    "tree_sitter_sparql": ["sparql_text/tree.py"],
    "werkzeug": ["web/", "parts/"],
    "xlsxwriter": ["tables.py"],
    "yaml": ["sources/saved_queries.py", "mappings/sssom.py"],
    "yasbd": ["parts/authoring/passages.py"],
    "zstandard": ["web/http/caching.py"],
}
#: What any module may import: its terms and quads are the project's own vocabulary.
EVERYWHERE = {"pyoxigraph"}


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return all nodes of a module's syntax tree that imports and calls are among."""
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return tuple(node for node in tree if isinstance(node, ast.Import | ast.ImportFrom | ast.Call))


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


FILES = sorted(p for p in SOURCE.rglob("*.py") if "project" not in p.relative_to(SOURCE).parts[:1])


def test_there_are_modules_to_check() -> None:
    assert len(FILES) > 30


def imported_below(package: str, path: Path) -> set[str]:
    """Return what a module imports directly below a package: "claims" for `digitech_kg.claims.model`."""
    start = f"{package}."
    return {name.removeprefix(start).split(".")[0] for name in imports_of(path) if name.startswith(start)}


def test_imports_point_downward() -> None:
    for path in FILES:
        layer = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        others = imported_below("digitech_kg", path) - {layer}
        assert {other for other in others if RANK[other] >= RANK[layer]} == set(), path


def test_a_part_imports_no_other_part() -> None:
    for path in (SOURCE / "parts").rglob("*.py"):
        own = path.relative_to(SOURCE / "parts").parts[0]
        assert imported_below("digitech_kg.parts", path) <= {own}, path


def test_imports_within_the_web_package_point_downward() -> None:
    ranks = {name: rank for rank, layer in enumerate(WEB_LAYERS) for name in layer}
    for path in (SOURCE / "web").rglob("*.py"):
        folder = path.relative_to(SOURCE / "web").parts[0].removesuffix(".py")
        others = imported_below("digitech_kg.web", path) - {folder}
        assert {other for other in others if ranks[other] >= ranks[folder]} == set(), path


def test_libraries_are_imported_only_where_it_is_said() -> None:
    known = {"digitech_kg", *sys.stdlib_module_names, *EVERYWHERE}
    for path in FILES:
        name = str(path.relative_to(SOURCE))
        libraries = {imported.split(".")[0] for imported in imports_of(path)} - known
        assert {library for library in libraries if not name.startswith(tuple(OWNERS.get(library, ())))} == set(), name


def test_only_the_store_module_opens_stores() -> None:
    for path in FILES:
        opens = [n for n in nodes_of(path) if isinstance(n, ast.Call) and ast.unparse(n.func).startswith("Store")]
        assert not opens or path.name == "triple_store.py", path


#: Modules with examples.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(digitech_kg.__path__, "digitech_kg.")
    if (found := find_spec(module.name)) and found.origin and ">>> " in Path(found.origin).read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_hold(name: str, request: pytest.FixtureRequest) -> None:
    if name == "digitech_kg.api":
        request.getfixturevalue("at_the_usual_place")
    assert doctest.testmod(importlib.import_module(name)).failed == 0
