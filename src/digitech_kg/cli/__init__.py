"""The command `digitech-kg`: each command parses arguments, calls one function, prints."""

from digitech_kg.cli.main import main

__all__ = ["main"]
