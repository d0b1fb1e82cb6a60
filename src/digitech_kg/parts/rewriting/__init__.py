"""Rewrite queries so that the engine finds the same answers faster. Text in, text out."""

from digitech_kg.hooks import Part

PART = Part(
    name="rewriting",
    summary="Says queries in words that the engine evaluates faster.",
    rewriter="digitech_kg.parts.rewriting.rewriter:make_rewriter",
    version_files="digitech_kg.parts.rewriting.statistics:write_statistics",
)
