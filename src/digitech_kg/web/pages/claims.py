"""`/claims`: the one list of main claims, two answers made of it, and all of it as files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.exports.word import WordDocument
from digitech_kg.formats import by_name
from digitech_kg.tables import Table, make_table, to_csv, to_xlsx
from digitech_kg.web.http.caching import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.citing import Origin, origin_at
from digitech_kg.web.pages.answers.pages import OFFICE, as_file
from digitech_kg.web.pages.claim_answers import AdviceBoard, Forecasts, cite, view_advice, view_forecasts
from digitech_kg.web.pages.claim_lines import Line, columns, load_lines
from digitech_kg.web.pages.claim_list import Asked, find_mains, list_choices, read_asked, title_of, view_list
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
            copied = cite(page, title_of(asked), origin_at(site.service, _address(asked)))
            return render_template(template, page=page, copied=copied, **told)
        found = view_list(reader, asked, language, site.copies)
        return render_template("claims.html", page=found, documents=found.documents, choices=found.choices, **told)

    @blueprint.get(f"/claims.<any({', '.join(FILES)}):ending>")
    def file(ending: str) -> Response:
        asked, language = read_asked(reader, request.args), current_language()
        documents = name_documents(reader, language)
        lines = load_lines(reader, find_mains(reader, asked, documents), documents, language, site.copies)
        content = FILES[ending](asked, lines, origin_at(site.service, _address(asked)))
        return as_file(content, _MEDIA_TYPES[ending], f"{name_of(asked)}.{ending}")

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


def _excel(asked: Asked, lines: tuple[Line, ...], origin: Origin) -> bytes:
    about = [(_("List"), title_of(asked)), (_("Main claims"), str(len(lines)))]
    about += [(_("Dataset"), origin.dataset), (_("Version"), origin.version), (_("Address"), origin.address)]
    sheets = (list_table(asked, lines, asked.file_columns()), make_table(_("About"), [_("What"), _("Text")], about))
    return to_xlsx(sheets, created=origin.date)


def _csv(asked: Asked, lines: tuple[Line, ...], origin: Origin) -> bytes:  # noqa: ARG001 - all files are written alike
    return to_csv(list_table(asked, lines, asked.file_columns()))


def _word(asked: Asked, lines: tuple[Line, ...], origin: Origin) -> bytes:
    """Return the columns of the page, since a sheet of paper is narrow, and the references below them."""
    document = WordDocument(title_of(asked), origin.language)
    document.heading(title_of(asked))
    table = list_table(asked, lines, asked.shown_columns())
    rows = [[str(cell or "") for cell in row] for row in table.rows]
    document.table([column.name for column in table.columns], rows)
    document.heading(_("Sources"), 2)
    for reference in dict.fromkeys(reference for line in lines for reference in line.note.references):
        document.paragraph(f"{reference.footnote()} {reference.address}".strip())
    document.paragraph(origin.text)
    return document.to_bytes(origin.date)


#: How each kind of file is written, by the end of its address.
FILES: Final[Mapping[str, Callable[[Asked, tuple[Line, ...], Origin], bytes]]] = {
    "xlsx": _excel,
    "docx": _word,
    "csv": _csv,
}
_MEDIA_TYPES: Final = {**OFFICE, "csv": f"{by_name('csv').media_type}; charset=utf-8"}
