"""Premises → what follows from them, and whether they contradict each other. The part `why` says why."""
