"""The interface's languages: which one a request gets, its messages, and signs that change the direction of text.

Catalogues are `.po` files, compiled in memory when the application starts, so a source checkout needs no build step.

A label may hold a control such as U+202E, which turns all that follows in the same line, even the words of the page
itself, so pages leave these controls out (https://www.w3.org/International/questions/qa-bidi-unicode-controls).
"""

import io
import re
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from digitech_kg.claims.languages import LANGUAGES, find_language
from digitech_kg.claims.languages.language import Language

_FOLDER = Path(__file__).parent.parent / "translations"
#: The first is the language of the messages in the templates.
INTERFACE_LANGUAGES = ("en", *sorted(path.name for path in _FOLDER.iterdir() if path.is_dir()))
#: Norwegian by its other codes; nynorsk readers are better served by bokmål than by English.
_SPOKEN = {"no": "nb", "nn": "nb"}
#: Blueprints whose addresses are for programs and take no language.
_LANGUAGELESS = frozenset({None, "sparql", "graph_store", "health", "resources"})


def current_language() -> str:
    """Return the language of the request: a known `?lang=`, else by Accept-Language, else the first of the project's.

    Nothing is remembered in a cookie; links of a page that was asked for with `?lang=` carry it on.
    """
    if "language" not in g:
        g.language = asked_language() or _negotiated()
    return str(g.language)


def asked_language() -> str | None:
    # Every link on a page asks this, and looking up a missing key is slow.
    return _known(request.args["lang"]) if "lang" in request.args else None


def _negotiated() -> str:
    accepted, own = (_known(tag) for tag, quality in request.accept_languages if quality > 0), _offered()
    return next((language for language in accepted if language in own), own[0])


def _offered() -> list[str]:
    """Return the languages that a reader may choose: those of the project, or English if pages have none of these."""
    project_languages = current_app.extensions.get("project_languages", lambda: INTERFACE_LANGUAGES)
    own = {_known(tag) for tag in project_languages()}
    return [language for language in INTERFACE_LANGUAGES if language in own] or [INTERFACE_LANGUAGES[0]]


def _known(tag: str) -> str | None:
    """Return the language of the interface for a tag such as "nn-NO"; None if there is none."""
    base = tag.lower().replace("_", "-").partition("-")[0]
    base = _SPOKEN.get(base, base)
    return base if base in INTERFACE_LANGUAGES else None


@lru_cache(maxsize=8)
def translations(language: str) -> NullTranslations:
    """Return the catalogue of a language; the language of the templates has none."""
    files = sorted((_FOLDER / language / "LC_MESSAGES").glob("*.po"))
    if not files:
        return NullTranslations()
    merged = Catalog(locale=language)
    for path in files:
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                merged[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


def with_capital(text: str) -> str:
    """Return a text with a capital, unless its first word has one further in, as a brand may."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first[1:] == first[1:].lower() else text


def as_sentence(text: str) -> str:
    """Return a text with a capital and a full stop: those of errors have neither."""
    return with_capital(text) + ("" if text[-1:] in ".?!:" else ".")


def _(message: str, **values: object) -> str:
    """Return a message in the language of the request, with `%(name)s` filled in."""
    text = translations(current_language()).ugettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """Return the form of a message that a number asks for; `%(num)d` is it in figures, `%(count)s` in letters."""
    text = translations(current_language()).ungettext(singular, plural, number)
    written = {"num": format_decimal(number, locale=current_language()), "count": number_words(number)}
    return text.replace("%(num)d", "%(num)s") % {**written, **values}


#: Words for terms and values, by what they are told of, name and language.
PAGE_WORDS: Final = tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))


def words_of(table: str, number: int = 1) -> dict[str, str]:
    """Return the words of a table of `words.toml` in the language of the request, by name; for so many of a thing."""
    texts = {name: own[current_language()] for name, own in PAGE_WORDS[table].items()}
    return {name: text if isinstance(text, str) else text[number != 1] for name, text in texts.items()}


def current_words() -> Language:
    """Return how the language of the request puts numbers, lists and times."""
    return find_language(current_language()) or LANGUAGES[INTERFACE_LANGUAGES[0]]


def number_words(number: int) -> str:
    """Return how many documents or conditions, in letters up to twelve."""
    return _("one") if number == 1 else current_words().count(str(number))


def register_languages(app: Flask, project_languages: Callable[[], Sequence[str]]) -> None:
    """Add `_`, `ngettext` and those languages to templates that the project has, and keep `?lang=` in links."""
    app.extensions["project_languages"] = project_languages
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]

    app.jinja_env.filters.update(sentence=as_sentence, with_capital=with_capital)
    app.jinja_env.finalize = undirected
    app.jinja_env.globals["address_with"] = address_with

    #: The own name of each language.
    called = {code: (Locale.parse(code).display_name or code).capitalize() for code in INTERFACE_LANGUAGES}

    @app.template_filter("number")
    def number(value: int) -> str:
        return format_decimal(value, locale=current_language())

    @app.context_processor
    def context() -> dict[str, Any]:
        return {"language": current_language(), "languages": [(code, called[code]) for code in _offered()]}

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        blueprint = endpoint.rsplit(".", 1)[0] if "." in endpoint else None
        if blueprint not in _LANGUAGELESS and (explicit := asked_language()):
            values.setdefault("lang", explicit)

    @app.after_request
    def vary(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.vary.add("Accept-Language")
            response.headers.setdefault("Content-Language", current_language())
        return response


def address_with(**changed: object) -> str:
    """Return the address of this page with parameters changed, and without those that are None."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    query = urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])
    return f"{request.script_root}{request.path}{'?' if query else ''}{query}"


_CONTROLS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def undirected(value: Any) -> Any:
    """Return what a template prints without controls of direction; what is escaped already stays as it is.

    >>> undirected("a\\u202eb")
    'ab'
    """
    return _CONTROLS.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value
