"""Rewrite queries before the engine sees them: same answers, found faster. Text in, text out."""

from digitech_kg.rewriting.rewriter import Rewriter, Rewriting, Step, may_apply, rewrite
from digitech_kg.rewriting.statistics import Statistics

__all__ = ["Rewriter", "Rewriting", "Statistics", "Step", "may_apply", "rewrite"]
