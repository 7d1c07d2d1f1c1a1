"""The kinds of values that GitHub's JSON holds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

Number = Annotated[int, Meta(gt=0, le=2**63 - 1)]
Sha = Annotated[str, Meta(pattern=r"\A[0-9a-f]{40}\Z")]
Page = Annotated[str, Meta(max_length=1000, pattern=r"\A(?:https?://[A-Za-z0-9.:-]+/[A-Za-z0-9_./-]+)?\Z")]
"""The address of an issue's page, or "": it is stored, logged and linked, so nothing else passes for one."""
Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its zone, which GitHub always says; without one it could be any."""
