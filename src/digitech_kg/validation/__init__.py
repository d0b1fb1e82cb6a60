"""Shapes → report: whether a dataset may be published, and what a curator has to correct."""
