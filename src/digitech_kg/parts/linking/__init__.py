"""Propose links of things to other data sets, and fetch facts about linked things."""

from digitech_kg.hooks import Part

_COMMANDS = "digitech_kg.parts.linking.commands"

PART = Part(
    name="linking",
    summary="Proposes links to other data sets, and fetches what these say about linked things.",
    commands={name: f"{_COMMANDS}:{name}" for name in ("enrich", "link")},
)
