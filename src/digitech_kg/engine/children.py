"""The worker processes of a zygote: how each ended matters to whoever waits for its answer."""

from __future__ import annotations

import os
import signal


class Children:
    """Processes forked by this one, until they have ended. Not thread-safe: a zygote has one thread."""

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
        """Take note of those that have ended meanwhile."""
        for pid in [*self._living, *self._ending]:
            self._wait(pid, os.WNOHANG)

    def kill(self, pid: int) -> None:
        """End a process at once. It is reaped later: a large one of low priority takes its time to end."""
        if pid in self._living:
            os.kill(pid, signal.SIGKILL)
            self._living.discard(pid)
            self._ending.add(pid)

    def was_killed(self, pid: int) -> bool:
        """Give whether somebody else killed a process that has closed its connections, thus is about to end."""
        if pid in self._living:
            self._wait(pid, 0)
        found = pid in self._killed
        self._killed.discard(pid)
        return found

    def end(self) -> None:
        """End all and wait for it: whoever takes them over would never ask for their exit status."""
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
