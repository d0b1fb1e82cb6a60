"""What the core says in English, in the language of the reader.

Errors and explanations consist of a fixed part and of names: `there is no claim 'x'`. The fixed parts are messages of
the catalogues, as `there is no claim '%(name)s'`; what is said is recognised by them, and said again in the other
language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from digitech_kg.web.http.languages import LANGUAGES, current_language, translations

#: Titles, details and hints that people meet on pages. What is not among them is shown in English and marked as such.
SENTENCES = (
    "%(name)s would make this server send a request to another one",
    "'%(name)s' is no IRI",
    "'%(name)s' is no absolute IRI",
    "%(name)s names a function of the remote store, which is not called",
    "'%(name)s' is no part of a page",
    "Ask a server over the project itself.",
    "Ask a server that builds its own graph.",
    "Ask again later. Until then write SERVICE SILENT for the part that is known here, or run the part "
    "without SERVICE alone.",
    "Ask for ?graph=IRI or for ?default.",
    "Ask for one of the media types in 'available', or leave the Accept header out.",
    "Ask for fewer justifications with limit=, or on the command line: digitech-kg reason --why.",
    "Ask for fewer columns, add a LIMIT, or download the whole dataset.",
    "Ask the store itself for it.",
    "Ask the store itself for its data.",
    "Ask the suggest service for one.",
    "Bad Request",
    "Bad request",
    "Choose one of: %(names)s.",
    "Did you mean: %(names)s?",
    "Engine failure",
    "Example: %(text)s",
    "Forbidden",
    "Give a number from 1 to %(number)s.",
    "Give a version, see digitech-kg history, or a time such as 2026-11-25T10:00:00Z.",
    "Give it once.",
    "Gone",
    "Graphs there are: %(names)s.",
    "Internal error",
    "It is claimed, but with a reserve: hedged, of an unnamed part, within limits, or as somebody's view.",
    "It is denied.",
    "Known parameters: %(names)s.",
    "Limit exceeded",
    "Mend the query at the place named and send it again.",
    "Method Not Allowed",
    "Name graphs by absolute IRIs.",
    "Name more of the things you look for, drop unbounded paths, or add a LIMIT in a subquery.",
    "Not Found",
    "Not acceptable",
    "Not found",
    "Nothing is said of %(names)s.",
    "Parts are numbered from 1.",
    "Query timeout",
    "Reload the page: its files may have new names.",
    "Remote failure",
    "Request body too large",
    "SERVICE <%(name)s> is not allowed",
    "SERVICE names its endpoint as '%(name)s', which may be any",
    "SPARQL syntax error",
    "Search for what you meant.",
    "Send a shorter query.",
    "Split the query, or load long VALUES lists as data of your own.",
    "The method is not allowed for the requested URL.",
    "The reasoner of the build found it, in a way that the rules which explain cannot follow.",
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try "
    "again.",
    "The server met an error that it did not expect; its log has it under %(number)s.",
    "The start page lists all saved questions.",
    "The start page lists the documents.",
    "The triple stands in %(names)s.",
    "There are: %(names)s.",
    "This service is read-only.",
    "Too many requests",
    "Unsupported media type",
    "Wait as long as Retry-After says, or download the whole dataset.",
    "Wait as long as Retry-After says and ask again.",
    "Wait as long as Retry-After says.",
    "What it changed is still told by: digitech-kg history. Its data may be in a backup.",
    "Whoever runs the server may allow single endpoints with --service-allow IRI. Or query both and join yourself.",
    "Write the endpoint's IRI in angle brackets after SERVICE.",
    "an endpoint that the query calls failed: %(text)s",
    "explanations are being computed",
    "explanations are given only for snapshots of this server's own",
    "limit cannot be '%(text)s'",
    "line %(line)s, column %(column)s: %(text)s",
    "name one graph",
    "no description can be given as '%(names)s'",
    "no explanation can be given as '%(names)s'",
    "no result can be given as '%(names)s'",
    "nothing was published yet at %(text)s",
    "parameter '%(name)s' is given %(number)s times",
    "the claim '%(name)s' is incomplete",
    "the data of version %(name)s is no longer kept",
    "the explanation could not be computed",
    "the explanation was stopped after %(number)s seconds",
    "the graph holds nothing about %(name)s",
    "the history cannot be given as '%(names)s'",
    "the ontology cannot be given as '%(names)s'",
    "the parameter %(names)s is missing",
    "the query has %(number)s characters; at most %(most)s are allowed",
    "the query nests %(number)s brackets; at most %(most)s are allowed",
    "the query was stopped after %(number)s seconds",
    "the result is larger than %(number)s bytes",
    "there are no downloads before a remote store",
    "there are no shapes here",
    "there is no claim '%(name)s'",
    "there is no document '%(name)s' to read",
    "there is no download '%(name)s'",
    "there is no file '%(name)s'",
    "there is no graph <%(name)s>",
    "there is no history before a remote store",
    "there is no matrix '%(name)s'",
    "there is no module or version '%(name)s' of the ontology",
    "there is no page for '%(name)s'",
    "there is no part %(number)s here",
    "there is no passage '%(name)s'",
    "there is no saved question '%(name)s'",
    "there is no version %(name)s",
    "unknown format '%(name)s'",
    "unknown parameter '%(name)s'",
    "updates are not accepted here",
    "Give one version or one time.",
    "Give a date such as Wed, 25 Nov 2026 10:00:00 GMT.",
    "Accept-Datetime '%(text)s' is no HTTP date",
    "asOf is given more than once",
    "earlier versions are not kept here",
    "Ask without a time; the store behind --engine keeps what it keeps.",
    "the header Host names no host",
    "Send the server's name, and its port if it has one.",
    "no page is given with default-graph-uri or named-graph-uri",
    "no accepted media type can carry the result of this query form",
    "no accepted media type can carry a graph",
    "there is no query",
    "Give a SPARQL query in the parameter 'query'.",
    "the query cannot be evaluated: %(text)s",
    "Use functions and formats of SPARQL 1.1; the service description lists what else there is.",
    "the query needed more than %(number)s bytes of memory, or it is too complex to evaluate",
    "all queries together needed more than %(number)s bytes of memory, or it is too complex to evaluate",
    "Aggregate or filter earlier, avoid ORDER BY and DISTINCT over cross products.",
    "no worker became free in time",
    "a client may send at most %(text)s",
    "the query engine is closing down; ask again",
    "%(number)s requests with a body are under way",
)
_PLACE = re.compile(r"%\((\w+)\)s")
#: A longer text is no message of a fixed form.
_LONGEST = 3000


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and its language where that is not the reader's."""

    text: str
    language: str = ""


def say(text: str, *, title: bool = False) -> Said:
    """Give a text of the core in the language of the request, or in English if it is not known there.

    It becomes a sentence with a capital and a full stop, unless it is a title.
    """
    said = _translate(text)
    return said if title else Said(_as_sentence(said.text), said.language)


def _translate(text: str) -> Said:
    language = current_language()
    if language == LANGUAGES[0]:
        return Said(text)
    for sentence, pattern in _patterns() if len(text) <= _LONGEST else ():
        if match := pattern.fullmatch(text):
            translated = translations(language).ugettext(sentence)
            return Said(translated % match.groupdict() if match.groupdict() else translated)
    return Said(text, LANGUAGES[0])


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, _pattern(sentence)) for sentence in SENTENCES)


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = _PLACE.split(sentence)
    # Every other part is the name of a place.
    return re.compile("".join(f"(?P<{p}>.*?)" if i % 2 else re.escape(p) for i, p in enumerate(parts)), re.DOTALL)


def _as_sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".?!:" else text + "."
