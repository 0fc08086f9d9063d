"""Single mutations of the estate examples/mirror-check/live, and what drcheck must say of each.

Written before the rules that they test. An entry breaks (or degrades) a failover and names the rules that may report it, or
it breaks nothing and there must be no new finding. `../rules.py` applies and judges them.
"""

from . import access, compute, configuration, data, network, neutral_code, neutral_shape, neutral_stricter, neutral_values, objects, stricter, traffic
from .edits import Mutation

BREAKING = (network, access, data, objects, configuration, compute, traffic, stricter)
NEUTRAL = (neutral_code, neutral_shape, neutral_values, neutral_stricter)


def everything() -> "list[Mutation]":
    """All mutations in the order of the files; an id that comes twice is an error."""
    found = [entry for module in BREAKING + NEUTRAL for entry in module.ENTRIES]
    names = [entry.id for entry in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SystemExit(f"these ids come twice: {', '.join(twice)}")
    return found
