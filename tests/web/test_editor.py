"""What the editor asks the server, and the bundle that it consists of."""

import importlib.util
import json
from pathlib import Path

import pytest

import digitech_kg.web
from bundled import PREFIXES
from conftest import ROOT, Server

DIST = Path(digitech_kg.web.__file__).parent / "static" / "dist"


@pytest.mark.parametrize(
    ("typed", "curie"),
    [
        ("dk:hasOw", "dk:hasOwnershipKind"),
        ("ownership", "dk:hasOwnershipKind"),
        ("id:huaw", "id:huawei"),
        ("华为", "id:huawei"),
    ],
)
def test_completion_finds_terms_and_things(server: Server, typed: str, curie: str) -> None:
    found = server.get("/editor/complete", params={"q": typed}).json()
    assert curie in [name["curie"] for name in found]
    assert len(found) <= 30


def test_completion_carries_label_and_definition(server: Server) -> None:
    found = server.get("/editor/complete?q=dk:hasOwnershipKind").json()[0]
    assert (found["label"], found["kind"]) == ("has ownership kind", "property")
    assert found["definition"]


@pytest.mark.parametrize("typed", ["", ":", "dk:", '"', "nothing-like-this"])
def test_completion_of_nothing_is_empty(server: Server, typed: str) -> None:
    assert server.get("/editor/complete", params={"q": typed}).json() == []


def test_known_names_hold_questions_and_prefixes(server: Server) -> None:
    known = server.get("/editor/known").json()
    assert known["prefixes"]["dk"].endswith("ontology#")
    assert "SELECT" in known["questions"]["companies_by_sector"]
    assert "# columns" not in known["questions"]["companies_by_sector"]


def test_names_are_asked_for_in_a_body_of_limited_size(server: Server) -> None:
    huawei = f"{PREFIXES['id']}huawei"
    assert server.post("/editor/names", data=huawei).json()[huawei]
    assert server.post("/editor/names", data="x" * 3_000_000).status_code == 413


def test_browser_gets_the_editor_at_the_endpoint(server: Server) -> None:
    page = server.get("/sparql", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert 'name="query"' in page.text
    assert "Accept" in page.headers["Vary"]


def test_lock_has_no_addresses() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in entry and entry["integrity"] for entry in packages)


def test_bundle_is_made_from_what_is_in_the_repository() -> None:
    if not (DIST / "manifest.json").is_file():
        pytest.skip("the front end is not bundled here; install the package again with its registry in reach")
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hook = module.FrontEnd(str(ROOT), {}, None, None, str(DIST), "wheel")
    assert hook.dependencies() == [], "run: make serve"


def test_bundled_packages_are_named_with_licences() -> None:
    if not (DIST / "NOTICE.txt").is_file():
        pytest.skip("the front end is not bundled here; install the package again with its registry in reach")
    lines = (DIST / "NOTICE.txt").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("codemirror-lang-sparql ") for line in lines)
    assert all(line.endswith((", MIT", ", ISC")) for line in lines)
