"""Who may write: bearer tokens with scopes, kept as salted hashes in the data directory."""

from digitech_kg.access.store import TokenStore
from digitech_kg.access.tokens import DEFAULT_GRAPH, EVERY_GRAPH, SCOPES, Token, check_name, parse_expiry, parse_graph

__all__ = ["DEFAULT_GRAPH", "EVERY_GRAPH", "SCOPES", "Token", "TokenStore", "check_name", "parse_expiry", "parse_graph"]
