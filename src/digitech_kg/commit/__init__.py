"""A change → the next version, on one road: apply, derive, infer, validate, compare, describe, publish."""
