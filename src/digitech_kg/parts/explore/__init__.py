"""`/explore`: claims drawn as a graph of the things that they join."""

from digitech_kg.hooks import Link, Part

PART = Part(
    name="explore",
    summary="Draws claims as a graph of the things that they join, at /explore.",
    routes="digitech_kg.parts.explore.pages:blueprints",
    links=(
        Link("navigation", "Explore", "explore.explore"),
        Link("thing", "Explore from here", "explore.explore", parameter="thing"),
    ),
)
