"""What is compared between two runs of a notebook."""

import math

VARYING = ("seconds", "memory", "time", "speed", "per_second")
"""Results whose names hold one of these words depend on the machine and the moment."""


def differences(one, other, tolerance: float = 0.05, name: str = "") -> list[str]:
    """Where two runs published other numbers, a line each.

    Words and counts must be equal, other numbers within `tolerance`, absolutely or relatively.
    """
    if any(word in name.rpartition(".")[2] for word in VARYING):
        return []
    if isinstance(one, list) and isinstance(other, list):
        one, other = dict(enumerate(one)), dict(enumerate(other))
    if isinstance(one, dict) and isinstance(other, dict):
        inside = f"{name}." if name else ""
        lines = [f"{inside}{key} is in one only" for key in one.keys() ^ other.keys()]
        for key in one.keys() & other.keys():
            lines += differences(one[key], other[key], tolerance, f"{inside}{key}")
        return sorted(lines)
    numbers = all(type(value) in (int, float) for value in (one, other))
    if numbers and float in (type(one), type(other)):
        same = math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    else:
        same = one == other
    return [] if same else [f"{name}: {one} and {other}"]
