"""Long runs that ordinary tests have no time for: `make soak`."""
