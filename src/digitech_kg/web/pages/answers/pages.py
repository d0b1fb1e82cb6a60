"""The addresses of answers: the page of a saved question, its files, and a card for other sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.engine import QueryService
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.sparql_text.parameters import read_parameters
from digitech_kg.web.http.assets import script_address
from digitech_kg.web.http.languages import current_language
from digitech_kg.web.pages.answers.files import FILES, Origin, footnote_of, origin_at, reference_to
from digitech_kg.web.pages.answers.view import Answer, view_answer
from digitech_kg.web.reading.catalog import find_question

#: What a page is called that asks for nothing but its own style sheet, so that other sites may show it in a frame.
_CARD_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
_BY_NAME: Final = {file.name: file for file in FILES}


def answers_blueprint(service: QueryService, copies: Mapping[str, TextCopy]) -> Blueprint:
    """Return the blueprint of what belongs to the answer of a saved question, beside its page."""
    blueprint = Blueprint("answers", __name__)

    @blueprint.get(f"/page/query/<name>/<any({', '.join(_BY_NAME)}):file>")
    def file(name: str, file: str) -> Response:
        answer, kind = _view(service, name, copies), _BY_NAME[file]
        response = Response(kind.write(answer, _origin(service, answer)), content_type=kind.media_type)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file.partition(".")[2]}"'
        return response

    @blueprint.get("/page/query/<name>/card")
    def card(name: str) -> Response:
        answer = _view(service, name, copies)
        response = Response(render_template("answer_card.html", answer=answer, **_common(service, answer)))
        response.headers["Content-Security-Policy"] = _CARD_POLICY
        return response

    return blueprint


def render_answer(service: QueryService, name: str, copies: Mapping[str, TextCopy]) -> str:
    """Return the page of a saved question. Raises what `find_question` and `view_answer` raise."""
    saved = find_question(service, name, current_language())
    if saved.endpoints:
        # Nobody else is asked before somebody wants it, least of all for a crawler.
        return render_template("federated.html", question=saved)
    answer = _view(service, name, copies)
    return render_template(
        "answer.html", answer=answer, files=FILES, script=script_address("views"), **_common(service, answer)
    )


def _view(service: QueryService, name: str, copies: Mapping[str, TextCopy]) -> Answer:
    question = find_question(service, name, current_language())
    return view_answer(service, question, request.args, current_language(), copies)


def _origin(service: QueryService, answer: Answer) -> Origin:
    given = {**_given(service, answer), "lang": None, "asOf": service.snapshot.version}
    return origin_at(service, url_for("pages.question", name=answer.question.name, **given, _external=True))


def _given(service: QueryService, answer: Answer) -> dict[str, Any]:
    """Return the language and the parameters of the question, as the request has them, for its links."""
    kept = {"lang", *(each.name for each in read_parameters(answer.question.text, service.names))}
    # A route has these names already.
    return {key: values for key, values in request.args.lists() if key in kept - {"name", "file"}}


def _common(service: QueryService, answer: Answer) -> dict[str, object]:
    origin = _origin(service, answer)
    return {
        "given": _given(service, answer),
        "permanent": origin.address,
        "footnote": footnote_of(answer, origin),
        "reference": reference_to(answer, origin),
    }
