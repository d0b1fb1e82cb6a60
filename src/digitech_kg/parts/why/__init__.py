"""Explain why something follows, with proofs down to claims and passages, and check the rules with HermiT."""

from digitech_kg.hooks import Link, Part

PART = Part(
    name="why",
    summary="Says why something follows and which claims contradict each other; asks HermiT if the rules miss it.",
    routes="digitech_kg.parts.why.page:blueprints",
    commands={"reason": "digitech_kg.parts.why.command:reason"},
    conflicts="digitech_kg.parts.why.explanation:explain_inconsistency",
    links=(Link("fact", "why?", "why.why"),),
)
