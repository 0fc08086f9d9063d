"""What a process costs: CPU seconds, wall seconds, peak memory."""

import json
import os
import subprocess
import sys
from typing import NamedTuple

# A process starts with the peak of the one that it was forked from, so a small one does the measuring.
STOPWATCH = """
import json, os, subprocess, sys, time
started = time.monotonic()
child = subprocess.Popen(sys.argv[3:], stdin=open(sys.argv[1]), stdout=open(sys.argv[2], "wb"), stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(json.dumps([
    os.waitstatus_to_exitcode(status), usage.ru_utime, usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024
]))
"""


class Cost(NamedTuple):
    """Of one run. The order is by user seconds, which vary least."""

    user: float
    system: float
    wall: float
    peak: float

    @property
    def cpu(self):
        """Seconds of all processors."""
        return self.user + self.system


def measured(command, output=os.devnull, stdin=os.devnull, accepted=(0,), **settings):
    """The cost of a command that reads and writes files, and ends with one of these codes."""
    command = [str(part) for part in command]
    call = [sys.executable, "-c", STOPWATCH, stdin, output, *command]
    told = subprocess.run(call, stdout=subprocess.PIPE, check=True, **settings)
    code, *cost = json.loads(told.stdout)
    if code not in accepted:
        sys.exit(f"{' '.join(command)} ended with {code}")
    return Cost(*cost)


def best(runs, *arguments, **settings):
    """The cheapest of several runs."""
    return min(measured(*arguments, **settings) for _ in range(runs))
