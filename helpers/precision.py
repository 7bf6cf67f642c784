"""Which number format a frozen network computes in."""

from functools import cache
from pathlib import Path

from helpers.errors import CourseError


@cache
def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware (AVX-512 BF16 or AMX on x86).

    Without that, bfloat16 is emulated and slower than float32; where nothing can be read about
    the processor the answer is no.
    """
    try:
        words = set(Path("/proc/cpuinfo").read_text(encoding="ascii", errors="ignore").split())
    except OSError:
        return False
    return bool(words & {"avx512_bf16", "amx_bf16"})


def resolve(precision: str) -> str:
    """ "float32" or "bfloat16" for "auto", "float32" or "bfloat16".

    "auto" takes bfloat16 where the processor has it. Raises CourseError for other words.
    """
    if precision == "auto":
        return "bfloat16" if has_bfloat16() else "float32"
    if precision in ("float32", "bfloat16"):
        return precision
    raise CourseError(
        f'precision={precision!r} is unknown: choose "auto", "float32" or "bfloat16".'
    )
