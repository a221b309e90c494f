"""Numbers as people write them: rounded by their decimal digits, as Excel does.

Knows that 1.005 is 1.01 when rounded to cents, though no binary number is 1.005. Loaded by what rounds; `decimal` takes
its time.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

CONTEXT: Final = Context(prec=400)

__all__ = ["CONTEXT", "ROUND_HALF_UP", "Decimal", "multiple", "rounded"]


def rounded(number: float, digits: float, mode: str) -> float:
    """A number rounded to decimal digits (negative: to tens, hundreds) as its 15 digits say. `mode` is a word of
    `decimal`."""
    places = int(digits)
    if number == 0 or places > 300:
        return number
    if places < -308:
        return 0
    decimal = Decimal(number) if isinstance(number, int) else Decimal(f"{number:.15g}")
    answer = decimal.quantize(Decimal((0, (1,), -places)), rounding=mode, context=CONTEXT)
    return int(answer) if places <= 0 else float(answer)


def multiple(number: float, step: float, mode: str) -> float:
    """A multiple of the step near a number; the quotient is taken to 15 digits first."""
    quotient = Decimal(f"{number / step:.15g}").to_integral_value(rounding=mode)
    answer = Decimal(f"{step:.15g}") * quotient
    return float(answer)
