"""Reading an answer's body: as what it should hold, or as pages of a list within a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count
from time import monotonic
from typing import TypeVar

from booty.observability.exchange import Answer
from booty.observability.github.schema.fitting import fitted
from booty.observability.issues.outcomes import Unknown
from booty.observability.typed_json.decoding import UNFIT

Content = TypeVar("Content")
PER_PAGE = 30
"""This many issues with the longest bodies still fit into `exchange.LONGEST_ANSWER`."""
FIND_SECONDS = 8.0
"""After how long no further page is asked for: with one more call it is still shorter than a lease."""


def read(kind: type[Content], answer: Answer) -> Content:
    """Read the body as `kind`. Raises `Unknown` when it is something else."""
    try:
        return fitted(kind, answer.body)
    except UNFIT:
        raise Unknown(f"GitHub answered {answer.status} with a body that makes no sense") from None


def pages(
    get: Callable[[Mapping[str, int]], Answer], kind: type[list[Content]], *, ends_at: float
) -> Iterator[list[Content]]:
    """Yield page after page of a list up to one that is not full; `get` is told the parameters of the page.

    Raises `Unknown` when another page is needed after `ends_at` (the monotonic clock's seconds), and what `get` raises.
    """
    for page in count(1):
        if monotonic() > ends_at:
            raise Unknown("there are too many to look through in time")
        found = read(kind, get({"per_page": PER_PAGE, "page": page}))
        yield found
        if len(found) < PER_PAGE:
            return
