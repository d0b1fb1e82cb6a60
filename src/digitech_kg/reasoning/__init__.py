"""Find what follows from premises, and whether they contradict each other. The part `why` explains it."""
