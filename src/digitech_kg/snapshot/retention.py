"""Which versions keep their data; what each version changed is always kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from digitech_kg.errors import CallError
from digitech_kg.snapshot.manifest import Manifest

_PATTERN = re.compile(r"all|([1-9]\d{0,8})(d?)")


@dataclass(frozen=True)
class Retention:
    """Keep all, the `last` ones, or those that were current at any time within `days` days."""

    last: int | None = None
    days: int | None = None

    @classmethod
    def parse(cls, text: str) -> Retention:
        """Read `all`, a number of versions such as `100`, or a number of days such as `30d`."""
        match = _PATTERN.fullmatch(text.strip())
        if match is None:
            hint = "Give all, a number of versions such as 100, or a number of days such as 30d."
            raise CallError(f"'{text[:40]}' says not what to keep", hint=hint)
        if match[1] is None:
            return cls()
        return cls(days=int(match[1])) if match[2] else cls(last=int(match[1]))

    def __str__(self) -> str:
        """As `parse` reads it."""
        return str(self.last) if self.last else f"{self.days}d" if self.days else "all"

    def outdated(self, manifests: Sequence[Manifest]) -> list[Manifest]:
        """Return the versions (given from oldest to newest) whose data may be removed; never the newest."""
        if self.last is not None:
            return list(manifests[: -self.last])
        if self.days is None:
            return []
        try:
            start = (datetime.now(UTC) - timedelta(days=self.days)).isoformat(timespec="seconds")
        except OverflowError:
            # Longer than there are dates.
            return []
        # A version was current until the next one came.
        return [old for old, new in pairwise(manifests) if new.created < start]


KEEP_ALL: Final = Retention()
