"""Libraries that come with the extra `tables`, loaded when a file is written."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from digitech_kg.errors import CallError
from digitech_kg.messages import Message


def load_library(name: str) -> Any:
    """Return a library. Raises `CallError` that names the extra if it is not installed."""
    try:
        return import_module(name)
    except ImportError:
        message = Message("{name} is not installed", name=name.partition(".")[0])
        raise CallError(message, hint="pip install 'digitech-kg[tables]'") from None
