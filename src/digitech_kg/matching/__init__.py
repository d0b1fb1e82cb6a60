"""Find the things of a project that a name means."""
