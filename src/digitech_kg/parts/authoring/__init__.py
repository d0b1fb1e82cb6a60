"""What authors need: a project to begin with, documents cut into passages, terms to be found."""

from digitech_kg.hooks import Part

_COMMANDS = "digitech_kg.parts.authoring.commands"

PART = Part(
    name="authoring",
    summary="Makes projects, cuts documents into passages, and finds terms for claims.",
    commands={name: f"{_COMMANDS}:{name}" for name in ("document", "init", "terms")},
)
