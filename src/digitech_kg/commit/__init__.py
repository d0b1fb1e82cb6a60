"""Make the next version from a change: apply, derive, infer, validate, compare, describe, publish."""
