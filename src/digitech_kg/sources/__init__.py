"""Find a project's files, parse them into quads, and report every fault with file and line."""
