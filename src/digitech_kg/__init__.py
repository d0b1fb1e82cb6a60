"""What policy documents say, as a knowledge graph."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from digitech_kg.api import Graph, Rows, open_graph
    from digitech_kg.errors import DigitechError

__all__ = ["DigitechError", "Graph", "Rows", "open_graph"]

_HOMES = {"DigitechError": "errors", "Graph": "api", "Rows": "api", "open_graph": "api"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: a process that runs queries needs none, and starts sooner without."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
