"""The small dataset and the premises that tests of reasoning share."""

from reasoning.conftest import dataset, examples, stated

__all__ = ["dataset", "examples", "stated"]
