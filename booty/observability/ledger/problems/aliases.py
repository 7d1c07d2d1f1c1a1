"""The names of one problem: a metric's rule, the issue that Sentry made of it, may be the same problem.

`alias/<name>` holds the fingerprint by which the ledger knows it: that of whichever came first. Beside the name for
people, only metrics' problems have such keys. A problem of an older release, of one firing of a rule, goes on as the
rule's.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from booty.observability.ledger.engines.engine import Shelf
from booty.observability.ledger.engines.records import HISTORY, Record, shaped

MOST = 20
MOST_FIRINGS = 200
METRIC = "metric:"
SHORT = "short:"
"""Before a problem's name for people in Sentry, by which an operator may ask for it; no alert comes by that name."""


def known_as(shelf: Shelf, fingerprint: str, aliases: Iterable[str]) -> str:
    """Return the fingerprint by which the ledger knows the problem; its own when the problem is new."""
    names = (fingerprint, *aliases)
    if len(names) == 1 and not fingerprint.startswith(METRIC):
        return fingerprint
    for name in names:
        for known in (shelf.get(f"alias/{name}"), name):
            if isinstance(known, str) and shelf.get(f"alert/{known}") is not None:
                return known
    return _of_a_firing(shelf, names)


def rules_in(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of a problem's names that are a metric's rule."""
    return tuple(name for name in names if name.startswith(METRIC))


def remember(shelf: Shelf, record: Record, fingerprint: str, names: Iterable[str]) -> Record:
    """Let `names` lead to the problem; return its record, with its names."""
    before = [name for name in record.get("aliases", ()) if isinstance(name, str)]
    new = [name for name in names if name != fingerprint and name not in before]
    if not new:
        return record
    for name in new:
        shelf[f"alias/{name}"] = fingerprint
    after = [*before, *new]
    for name in after[:-MOST]:
        shelf.pop(f"alias/{name}", None)
    return record | {"aliases": after[-MOST:]}


def forget_names(shelf: Shelf, record: Record) -> None:
    """Forget the names of a problem that is forgotten."""
    for key in names_of(record):
        shelf.pop(key, None)


def names_of(record: Record) -> tuple[str, ...]:
    """Return the keys of a problem's other names."""
    return tuple(f"alias/{name}" for name in record.get("aliases", ()))


def _of_a_firing(shelf: Shelf, names: tuple[str, ...]) -> str:
    """Return the fingerprint of the rule's last firing that an older release filed, else the first of `names`."""
    keys = (key for rule in rules_in(names) for key in islice(shelf.under(f"alert/{rule}:"), MOST_FIRINGS))
    found = {key.removeprefix("alert/"): shaped(shelf.get(key), HISTORY) for key in list(keys)}
    filed = [name for name, record in found.items() if "issue" in record or record.get("state") == "owed"]
    return max(filed, key=lambda name: found[name].get("last_seen", 0.0), default=names[0])
