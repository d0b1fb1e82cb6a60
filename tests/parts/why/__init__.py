"""Tests of explanations and of the judge."""
