"""The parameters of a saved question on its page: pick-lists, and the question with what was picked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from digitech_kg.engine import QueryService
from digitech_kg.sources.parameters import Parameter, bind, check_choice, read_parameters
from digitech_kg.web.pages.editor import list_options
from digitech_kg.web.reading.catalog import SavedQuestion


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a pick-list: the IRI, and the name shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a form field; without options it is a literal to be typed."""

    name: str
    description: str
    options: tuple[Choice, ...] | None
    chosen: tuple[str, ...]
    default: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Whether more than one value may be chosen."""
        return len(self.default) > 1

    @property
    def replaced(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The names of what is asked about and of what the question's own words are about, if they differ."""
        if set(self.chosen) == set(self.default):
            return None
        names = {choice.value: choice.label for choice in self.options or ()}
        chosen, default = ([names.get(v, v) for v in values] for values in (self.chosen, self.default))
        return tuple(chosen), tuple(default)


def bind_question(
    service: QueryService, question: SavedQuestion, given: MultiDict[str, str], language: str
) -> tuple[str, tuple[Field, ...]]:
    """Return the text of a question with the values of a request, and its fields.

    Raises `CallError` for a value that the parameter can't have; other names in the request are not parameters.
    """
    names = service.names
    parameters = read_parameters(question.text, names)
    values = {p.name: given.getlist(p.name) for p in parameters if given.getlist(p.name)}
    fields = tuple(_fields(service, parameters, values, language))
    return (bind(question.text, values, names) if values else question.text), fields


def _fields(
    service: QueryService, parameters: tuple[Parameter, ...], values: Mapping[str, list[str]], language: str
) -> Iterator[Field]:
    for parameter in parameters:
        given, options = values.get(parameter.name), None
        chosen = tuple(given) if given else parameter.default
        if not parameter.is_literal:
            chosen = tuple(service.names.expand(value) or value for value in chosen)
            found = {option.iri: option.label for option in list_options(service, parameter.type, language)}
            # A default outside its class would show as something else.
            found.update({iri: iri for iri in parameter.default if iri not in found})
            for value in given or ():
                check_choice(parameter, value, found, service.names)
            options = tuple(Choice(iri, label) for iri, label in found.items())
        yield Field(parameter.name, parameter.description, options, chosen, parameter.default)
