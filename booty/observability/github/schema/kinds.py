"""The kinds of values that GitHub's JSON holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Number = Annotated[int, Meta(gt=0, le=2**63 - 1)]
Sha = Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z")]
Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its zone, which GitHub always says; without one it could be any."""
