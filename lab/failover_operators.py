#!/usr/bin/env python3
"""Two operators at once, each with a real `drctl`: the same target, opposite targets, one cut off from a store, one whose
laptop sleeps. By the emulator's call log nothing that cannot be undone is begun by both. `make operators` runs it.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from story import EAST, WEST, DemoError, Story, fresh  # noqa: E402

HEARTBEAT = 2
ONE_WAY = ("PromoteReadReplica", "StopReplicationToReplica")
PACE = ("--poll", "0.2", "--heartbeat", str(HEARTBEAT))
AWAY = ("run", "--to", WEST, "--lost", EAST, "--accept", "unfenced", "--reason", "the region is gone", *PACE)
AGAIN = ("resume", "--lost", EAST, "--accept", "unfenced", "--reason", "the other one is silent", *PACE)


class Operator:
    """Somebody with a drctl of their own, known to AWS by an access key of their own."""

    def __init__(self, demo: Story, name: str, *arguments: str) -> None:
        self.name = name
        self.lines: list[str] = []
        self.process: subprocess.Popen = demo.start(*arguments, environment={"AWS_ACCESS_KEY_ID": name})
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def until(self, words: str, seconds: float = 60) -> None:
        """Waits for a line with these words."""
        end = time.monotonic() + seconds
        while not any(words in line for line in list(self.lines)):
            if time.monotonic() > end or not self.reader.is_alive():
                raise DemoError(f"{self.name} never said {words!r}:\n{self.text()}")
            time.sleep(0.02)

    def end(self, seconds: float = 180) -> int:
        """Waits for the end; its exit code."""
        code = self.process.wait(timeout=seconds)
        self.reader.join()
        return code

    def text(self) -> str:
        """All that was said."""
        return "\n".join(self.lines)

    def send(self, number: signal.Signals) -> None:
        """Sends a signal to this process alone."""
        self.process.send_signal(number)


def check(demo: Story, promotions: int) -> None:
    """No act that cannot be undone was sent by two, or took effect twice."""
    for action in ONE_WAY:
        calls = demo.control.calls(action=action)
        who = {call["caller"] for call in calls}
        effects = len([call for call in calls if call["took_effect"]])
        if len(who) > 1 or effects > 1 or (action == "PromoteReadReplica" and effects != promotions):
            raise DemoError(f"{action} was sent by {sorted(who)} and took effect {effects} times")


def refused(operator: Operator) -> str:
    """The one that came second: its exit code, and that it says who, since when, and how to follow."""
    code, text = operator.end(), operator.text()
    missing = [word for word in ("held by", "since", "drctl watch") if word not in text]
    if code != 3 or missing:
        raise DemoError(f"{operator.name} ended with {code}, without {missing}:\n{text}")
    return next(line.strip() for line in operator.lines if "held by" in line)


def ended(operator: Operator, *wanted: int) -> None:
    """Ends with one of these codes."""
    code = operator.end()
    if code not in wanted:
        raise DemoError(f"{operator.name} ended with {code}, expected {wanted}:\n{operator.text()}")


def same_target(demo: Story) -> str:
    """Both fail over to us-west-2."""
    one = Operator(demo, "ada", *AWAY)
    one.until("execution ")
    told = refused(Operator(demo, "bob", *AWAY))
    ended(one, 5)
    check(demo, 1)
    return told


def at_once(demo: Story) -> str:
    """Both begin in the same moment; whichever is first."""
    both = [Operator(demo, name, *AWAY) for name in ("ada", "bob")]
    codes = sorted(operator.end() for operator in both)
    if codes != [3, 5]:
        raise DemoError(f"they ended with {codes}:\n{both[0].text()}\n--\n{both[1].text()}")
    check(demo, 1)
    return refused(next(operator for operator in both if operator.process.returncode == 3))


def opposite_targets(demo: Story) -> str:
    """One fails over to us-west-2, the other one wants us-east-1."""
    one = Operator(demo, "ada", *AWAY)
    one.until("execution ")
    told = refused(Operator(demo, "bob", "run", "--to", EAST, *PACE))
    ended(one, 5)
    check(demo, 1)
    return told


def cut_off(demo: Story) -> str:
    """One sees no us-east-1 and declares it lost; the other one, who sees both, is at work."""
    demo.control.fault(kind="black_hole", times=10_000, region=EAST, caller="bob")
    one = Operator(demo, "ada", "run", "--to", WEST, "--mode", "switchover", *PACE)
    one.until("execution ")
    told = refused(Operator(demo, "bob", *AWAY))
    ended(one, 0)
    check(demo, 1)
    return told


def no_target_store(demo: Story) -> str:
    """One does not reach the store of the target: it begins nothing, and the other one goes on."""
    demo.control.fault(kind="black_hole", times=10_000, service="s3", region=WEST, caller="bob")
    started = time.monotonic()
    other = Operator(demo, "bob", *AWAY)
    ended(other, 1, 2, 3)
    if demo.control.calls(caller="bob", action="PromoteReadReplica"):
        raise DemoError("bob promoted without the target's store")
    seconds = time.monotonic() - started
    ended(Operator(demo, "ada", *AWAY), 5)
    check(demo, 1)
    return f"ended with {other.process.returncode} after {seconds:.0f} s: {next((line.strip() for line in other.lines if 'seen' in line or 'us-west-2' in line), '')[:140]}"


def asleep(words: str) -> Callable[[Story], str]:
    """The first one's laptop sleeps at some moment, for more than three heartbeats; the second one takes over."""

    def scenario(demo: Story) -> str:
        one = Operator(demo, "ada", *AWAY)
        one.until(words)
        one.send(signal.SIGSTOP)
        try:
            other = Operator(demo, "bob", *AGAIN)
            ended(other, 5)
        finally:
            one.send(signal.SIGCONT)
        ended(one, 3, 4)
        check(demo, 1)
        return next((line.strip() for line in one.lines if "taken over" in line or "bob" in line or "lock" in line), one.lines[-1])[:160]

    scenario.__doc__ = f"One sleeps at {words!r}; the other one takes over; the first one wakes and stops."
    return scenario


SCENARIOS = {
    "same target": same_target,
    "at once": at_once,
    "opposite targets": opposite_targets,
    "one cut off from a region": cut_off,
    "one cut off from the target's store": no_target_store,
    "asleep at the beginning": asleep("execution "),
    "asleep before the promotion": asleep("fence-database: done"),
    "asleep after the promotion": asleep("PromoteReadReplica was accepted"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drctl", required=True, type=Path, help="the break-glass CLI")
    parser.add_argument("--only", default="", help="scenarios whose name holds these words")
    args = parser.parse_args()
    failures = 0
    for name, scenario in SCENARIOS.items():
        if args.only not in name:
            continue
        started = time.monotonic()
        try:
            with fresh(args.drctl, phase=1.0, lying=1.0, period=4) as demo:
                told = scenario(demo)
            print(f"{name}: {told} ({time.monotonic() - started:.0f} s)", flush=True)
        except (DemoError, subprocess.SubprocessError) as error:
            failures += 1
            print(f"operators: {name}: {error}", file=sys.stderr, flush=True)
    print("two operators: nothing that cannot be undone was begun by both" if not failures else f"{failures} scenarios failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
