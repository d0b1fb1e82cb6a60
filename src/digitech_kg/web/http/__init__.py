"""What every request and answer goes through: negotiation, errors, caches, limits, languages, and the log."""
