"""Links of things to other data sets, proposed for review, and facts that these hold about them."""

from digitech_kg.hooks import Part

_COMMANDS = "digitech_kg.parts.linking.commands"

PART = Part(
    name="linking",
    summary="Proposes links to other data sets, and fetches what these say about linked things.",
    commands={name: f"{_COMMANDS}:{name}" for name in ("enrich", "link")},
)
