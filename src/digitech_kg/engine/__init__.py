"""Query a dataset under limits: a published snapshot in worker processes that can be killed."""
