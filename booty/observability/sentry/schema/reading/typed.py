"""Types for JSON of which only the keys that they name are read: msgspec passes over all else.

Of a webhook most is never used, and the objects made of a large body would stay in the process's heap. What a field
holds that does not fit its type is left out (`fitting`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Raw, Struct, field

Text = str | None
Short = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Id = str | Short | None
"""A text that often is a number; `plain.as_text` makes one of it."""
Position = Annotated[int, Meta(gt=0, lt=2**31)] | None
"""A line, counted from one."""
Words = str | tuple[str, ...] | None
"""A text, or a list of some."""
Flag = bool | None
Whole = Short | None
Count = Annotated[int, Meta(ge=0, lt=2**53)] | None
Number = float | None
Moment = str | int | float | None
"""A time as it was sent; `moments.moment` reads it."""
Time = datetime | None
"""A time that was read."""
Pair = tuple[str, str]


class Typed(Struct, gc=False):
    """Some keys of an object. A `Raw` one is read by whoever wants it: a list, or what is hardly ever used."""


def later(name: str) -> Raw:
    """Return a field that holds the JSON of key `name` as it was sent, empty when there is none."""
    return field(name=name, default=Raw())
