"""Which of a project's things a name means."""
