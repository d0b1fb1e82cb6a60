"""The workers of a parent process, and how each of them ended."""

from __future__ import annotations

import os
import signal


class Children:
    """Processes forked by this one, until they have ended. Not thread-safe: a parent process has one thread."""

    def __init__(self) -> None:
        self._living: set[int] = set()
        #: Told to end by this process.
        self._ending: set[int] = set()
        #: Ended by somebody else, and nobody has asked yet.
        self._killed: set[int] = set()

    def add(self, pid: int) -> None:
        """Count a process that was just forked."""
        self._living.add(pid)

    def reap(self) -> None:
        """Collect the exit status of those that have ended."""
        for pid in [*self._living, *self._ending]:
            self._wait(pid, os.WNOHANG)

    def kill(self, pid: int) -> None:
        """End a process at once. It is reaped later, since a large process of low priority ends slowly."""
        if pid in self._living:
            os.kill(pid, signal.SIGKILL)
            self._living.discard(pid)
            self._ending.add(pid)

    def was_killed(self, pid: int) -> bool:
        """Return whether another process killed one that has closed its connections and is about to end."""
        if pid in self._living:
            self._wait(pid, 0)
        found = pid in self._killed
        self._killed.discard(pid)
        return found

    def end(self) -> None:
        """End all and wait for them, since nobody else collects their exit status."""
        for pid in list(self._living):
            self.kill(pid)
        for pid in list(self._ending):
            self._wait(pid, 0)

    def _wait(self, pid: int, options: int) -> None:
        found, status = os.waitpid(pid, options)
        if not found:
            return
        if pid in self._living and os.waitstatus_to_exitcode(status) == -signal.SIGKILL:
            self._killed.add(pid)
        self._living.discard(pid)
        self._ending.discard(pid)
