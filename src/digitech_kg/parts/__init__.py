"""Optional features. Each package here is a part that registers what it adds; see `digitech_kg.hooks`."""
