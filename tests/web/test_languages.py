"""Every message of the pages is translated, and no catalogue is broken."""

import re
from collections import defaultdict
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import digitech_kg
from conftest import Server
from digitech_kg.hooks import downloads_of, known_parts
from digitech_kg.sources.project import find_project
from digitech_kg.web.http.languages import INTERFACE_LANGUAGES, PAGE_WORDS, translations

PACKAGE = Path(digitech_kg.__file__).parent
TEMPLATES = sorted([*PACKAGE.glob("web/templates/*.html"), *PACKAGE.glob("parts/*/templates/*.html")])


@cache
def messages() -> set[str]:
    found = set[str]()
    modules = sorted([*PACKAGE.glob("web/**/*.py"), *PACKAGE.glob("parts/**/*.py")])
    for method, paths in (("jinja2.ext:babel_extract", TEMPLATES), ("python", modules)):
        for path in paths:
            with path.open("rb") as file:
                for _, message, _, _ in extract(method, file, options={"silent": "false"}):
                    found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES[1:])
def test_every_message_is_translated(language: str) -> None:
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    wanted = messages()
    assert len(wanted) > 80
    missing = {m for m in wanted if not (catalogue.get(m) or catalogue.get((m, 0)))}
    assert not missing


def test_words_for_terms_and_values_are_in_each_language() -> None:
    texts = [own for table in PAGE_WORDS.values() for own in table.values()]
    assert len(texts) > 100
    assert [own for own in texts if own.keys() != {*INTERFACE_LANGUAGES} or not all(own.values())] == []


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES[1:])
def test_message_has_the_same_plural_in_every_catalogue(language: str) -> None:
    plurals: dict[str, set[str]] = defaultdict(set)
    for path in (PACKAGE / "web/translations" / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, tuple | list):
                    plurals[message.id[0]].add(message.id[1])
    assert len(plurals) > 20
    assert {one: many for one, many in plurals.items() if len(many) > 1} == {}


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES[1:])
def test_titles_of_downloads_and_links_of_parts_are_translated(language: str) -> None:
    catalogue = translations(language)._catalog  # type: ignore[attr-defined]
    texts = [download.title for download in downloads_of(find_project().names).values()]
    texts += [link.text for part in known_parts().values() for link in part.links]
    assert [text for text in texts if not catalogue.get(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "style=" not in text
    assert " onclick" not in text
    assert "<style" not in text


class Visible(HTMLParser):
    """Collects what a page shows in its own language: texts and names of controls outside elements in another one."""

    EMPTY = frozenset(("meta", "link", "input", "br", "hr", "rect", "path", "circle", "line"))
    #: Code is the same in every language.
    CODE = frozenset(("script", "code", "kbd", "pre", "textarea"))

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language, self.texts = "", set[str]()
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    def _inside(self) -> str:
        return next((language for _, language in reversed(self._open) if language), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        elif tag not in self.EMPTY:
            self._open.append((tag, given.get("lang") or ""))
        if not self._inside() and not given.get("lang"):
            self.texts |= {given[name] or "" for name in ("aria-label", "placeholder", "alt") if given.get(name)}

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._inside() and not any(name in self.CODE for name, _ in self._open):
            self.texts.add(re.sub(r"\s+", " ", data).strip(" ·,:()"))


KINDS = [
    "/",
    "/page/id/huawei",
    "/page/claim/nupi-digi-tech/huawei-not-state-owned",
    "/page/passage/nupi-digi-tech/p12.s03",
    "/page/dataset",
    "/page/graph/nupi-digi-tech/statements",
    "/page/query/companies_by_sector",
    "/document/nupi-digi-tech",
    "/search?q=huawai",
    "/search?q=qqqqqqqq",
    "/about",
    "/documents",
    "/things",
    "/things?kind=Company",
    "/data",
    "/history",
    "/ontology",
    "/sparql",
    "/results?query=ASK%20%7B%7D",
    "/why?subject=id:huawei&predicate=rdf:type&object=dk:Agent",
]
FAULTY = [
    "/page/id/nope",
    "/page/claim/nope",
    "/page/nope",
    "/page/query/companies_by_sectr",
    "/document/nope",
    "/download/nope",
    "/nope",
    "/ontology/9.9.9",
    "/why?subject=id:huawei",
    "/results?query=SELECT%20%2A%20%7B",
    "/results?query=SELECT%20%2A%20%7B%20SERVICE%20%3Chttps://example.org/%3E%20%7B%7D%20%7D",
    "/claims?part=0",
    "/static/nope.css",
]


@pytest.mark.parametrize("path", KINDS + FAULTY)
def test_no_message_is_left_in_english_on_a_norwegian_page(server: Server, path: str) -> None:
    page = server.get(path, headers={"Accept": "text/html", "Accept-Language": "nb-NO,nb;q=0.9,en;q=0.5"})
    assert page.headers["Content-Language"] == "nb"
    visible = Visible(page.text)
    assert visible.language == "nb"
    english = {m for m in messages() if len(m) > 2 and "%" not in m and translations("nb").ugettext(m) != m}
    tables = (own for table in PAGE_WORDS.values() for own in table.values() if own["en"] != own["nb"])
    english |= {text for own in tables for text in ([own["en"]] if isinstance(own["en"], str) else own["en"])}
    # Labels of the graph may be words that are messages as well.
    assert visible.texts & {m.strip(" ·,:()") for m in english} == set()


def test_every_saved_question_is_asked_in_norwegian(server: Server) -> None:
    page = server.get("/data?lang=nb").text
    questions = page[page.index('<h2 id="questions">') : page.index("</main>")]
    assert "Hva sier NUPI-notatet om Norge?" in questions
    assert 'lang="en"' not in questions


@pytest.mark.parametrize("path", FAULTY)
def test_a_problem_has_a_norwegian_heading_and_english_details(server: Server, path: str) -> None:
    page = server.get(path, headers={"Accept": "text/html", "Accept-Language": "nb"}).text
    main = page[page.index("<h1") : page.index("</main>")]
    assert '<p class="lead" lang="en">' in main
    english = server.get(path, headers={"Accept": "text/html", "Accept-Language": "en"}).text
    assert main.partition("</h1>")[0] != english[english.index("<h1") :].partition("</h1>")[0]


#: Names of things that are called the same in every language.
NAMES = re.compile(
    r"digitech-kg|Word|Excel|SPARQL|SHACL|OWL 2 DL|IRI|RDF|SHA-256|BibTeX|OpenRefine|Protégé|HermiT|DCAT 3|VoID|"
    r"RFC 9457|Apache-2\.0|Huawei, 5G|Graph Store HTTP Protocol|1\.1 Protocol|Reconciliation Service API 0\.2|JSON|UTC"
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_hold_no_words_that_are_not_translated(path: Path) -> None:
    if path.stem == "preview":
        pytest.skip("made for OpenRefine, which asks without a language")
    text = re.sub(
        r"<textarea.*?</textarea>|<code>.*?</code>|<kbd>.*?</kbd>|{#.*?#}",
        " ",
        path.read_text(encoding="utf-8"),
        flags=re.S,
    )
    text = re.sub(r"{%.*?%}|{{.*?}}", "\x00", text, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|placeholder|alt)="([^"]*)"', text)
    words = [*re.sub(r"<[^>]*>", "\x00", text).split("\x00"), *labels]
    left = {w.strip() for w in words if re.search(r"[A-Za-z]{3}", NAMES.sub("", w))}
    assert left == set()


def test_a_language_is_offered_and_carried_on(server: Server) -> None:
    page = server.get("/page/id/norway?lang=nb", headers={"Accept-Language": "en"}).text
    assert '<html lang="nb">' in page
    assert re.search(r'href="/page/id/norway\?lang=en" hreflang="en"', page)
    assert 'lang="zh-hans">挪威' in page


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("nn-NO,en;q=0.5", "nb"),
        ("no", "nb"),
        ("de,en;q=0.3", "en"),
        ("fr", "en"),
        ("en;q=0.2, nb;q=0.9", "nb"),
        ("", "en"),
    ],
)
def test_the_language_follows_what_a_browser_asks_for(server: Server, accepted: str, language: str) -> None:
    page = server.get("/about", headers={"Accept": "text/html", "Accept-Language": accepted})
    assert page.headers["Content-Language"] == language
    assert "Accept-Language" in page.headers["Vary"]
