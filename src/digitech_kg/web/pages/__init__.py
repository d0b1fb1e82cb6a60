"""Pages for people: the start, things, claims, documents, search, the editor."""
