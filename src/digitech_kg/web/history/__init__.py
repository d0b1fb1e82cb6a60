"""The versions: who made them, why, and what each changed."""
