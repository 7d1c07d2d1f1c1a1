"""Names in the environment that look like settings of this service, but are not: mostly typos.

They are reported, never refused: after a rollback the environment holds settings of the newer release.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from booty.observability.config_errors import UnknownName

PREFIXES = ("OBSV_", "BOOTY_")
OTHERS = frozenset({"BOOTY_UPSTREAM"})
"""Names that are not ours, but `deploy.sh setup`'s."""


def unknown_names(names: Iterable[str], known: Collection[str]) -> tuple[UnknownName, ...]:
    """Return those of `names` that start as ours do, in any case, and are not `known`; in order."""
    odd = sorted(name for name in names if name.upper().startswith(PREFIXES) and name not in OTHERS.union(known))
    return tuple(UnknownName(name, _nearest(name, known)) for name in odd)


def _nearest(name: str, known: Collection[str]) -> str | None:
    return next(iter(get_close_matches(name.upper(), sorted(known), n=1, cutoff=0.75)), None)
