"""Files → quads: finds a project's files, parses them, and reports every fault with file and line."""
