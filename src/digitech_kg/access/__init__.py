"""Who may write: bearer tokens with scopes, kept as salted hashes in the data directory."""

from digitech_kg.access.store import TokenStore
from digitech_kg.access.tokens import DEFAULT_GRAPH, EVERY_GRAPH, SCOPES, Token, parse_expiry

__all__ = ["DEFAULT_GRAPH", "EVERY_GRAPH", "SCOPES", "Token", "TokenStore", "parse_expiry"]
