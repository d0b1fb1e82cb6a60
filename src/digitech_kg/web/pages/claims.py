"""`/claims`: the one list of main claims, two answers made of it, and all of it as files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.citing import Origin, origin_at
from digitech_kg.web.pages.claim_answers import AdviceBoard, Forecasts, view_advice, view_forecasts
from digitech_kg.web.pages.claim_lines import Line, columns, load_lines
from digitech_kg.web.pages.claim_list import Asked, find_mains, list_choices, read_asked, title_of, view_list
from digitech_kg.web.pages.files import ENDINGS, Kept
from digitech_kg.web.reading.documents import name_documents
from digitech_kg.web.site import Site

#: Lists that are told as answers, by their kind, unless an address asks for the table.
_ANSWERS: Final[Mapping[str, tuple[str, Callable[..., Forecasts | AdviceBoard]]]] = {
    "prediction": ("predictions.html", view_forecasts),
    "recommendation": ("recommendations.html", view_advice),
}


def claims_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of the list and its files."""
    blueprint, reader = site.blueprint("claims", __name__), site.reader

    @blueprint.get("/claims")
    def listing() -> str:
        asked, language = read_asked(reader, request.args), current_language()
        told = {"asked": asked, "address": _address(asked), "columns": columns(), "script": script_address("copy")}
        if asked.kind in _ANSWERS and not (asked.columns or asked.sort):
            template, view = _ANSWERS[asked.kind]
            documents = name_documents(reader, language)
            page = view(reader, asked, documents, language, site.copies)
            told |= {"documents": documents, "choices": list_choices(reader, documents, language)}
            kept = Kept(
                title_of(asked), origin_at(site.service, _address(asked)), page.finding, tuple(page.paragraphs())
            )
            return render_template(template, page=page, copied=kept.copied(), **told)
        found = view_list(reader, asked, language, site.copies)
        return render_template("claims.html", page=found, documents=found.documents, choices=found.choices, **told)

    @blueprint.get(f"/claims.<any({', '.join(ENDINGS)}):ending>")
    def file(ending: str) -> Response:
        asked, language = read_asked(reader, request.args), current_language()
        mains = find_mains(reader, asked, name_documents(reader, language))
        lines = load_lines(reader, mains, language, site.copies)
        return _keep(asked, lines, origin_at(site.service, _address(asked))).file(ending, name_of(asked))

    return blueprint


def _address(asked: Asked) -> str:
    """Return the whole address of a list, with the language of the request if it names one."""
    return url_for("claims.listing", **asked.parameters(), _external=True)


def name_of(asked: Asked) -> str:
    """Return the name of a file by what it shows, such as "predictions" or "rules-cyber-security"."""
    parts = (title_of(asked), asked.topic, asked.certainty, asked.thing, asked.words)
    plain = unicodedata.normalize("NFKD", " ".join((*parts, asked.document)))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def list_table(asked: Asked, lines: tuple[Line, ...], keys: tuple[str, ...]) -> Table:
    """Return a row for each main claim, with its sentence and some columns."""
    names, keys = columns(), ("sentence", *keys)
    rows = [[line.cell(key) or None for key in keys] for line in lines]
    return make_table(title_of(asked), [names[key] for key in keys], rows)


def _keep(asked: Asked, lines: tuple[Line, ...], origin: Origin) -> Kept:
    """Return a list as it is kept: all columns in sheets, those of the page on paper."""
    title, sources = title_of(asked), dict.fromkeys(reference for line in lines for reference in line.note.references)
    sheet, table = (list_table(asked, lines, keys) for keys in (asked.file_columns(), asked.shown_columns()))
    about = ((_("List"), title), (_("Main claims"), str(len(lines))))
    return Kept(title, origin, sheets=(sheet,), table=table, sources=tuple(sources), about=about)
