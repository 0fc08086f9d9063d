"""Statuses that change with time, and an effect when a phase is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass
class Phase:
    """A status for a while."""

    status: str
    seconds: float
    #: Done once, when the phase is over.
    then: Callable[[], None] | None = None


@dataclass
class Lifecycle:
    """Phases one after the other, and the status that stays."""

    phases: Sequence[Phase]
    last: str
    started: float = field(default_factory=time.monotonic)
    passed: int = 0

    def status(self) -> str:
        """The status now. Effects of phases that are over happen here, so a reader never sees one without the other."""
        elapsed = time.monotonic() - self.started
        end = 0.0
        for number, phase in enumerate(self.phases):
            end += phase.seconds
            if elapsed < end:
                return phase.status
            if number >= self.passed:
                self.passed = number + 1
                if phase.then is not None:
                    phase.then()
        return self.last
