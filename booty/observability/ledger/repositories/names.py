"""A problem's name in the ledger: its fingerprint; in another repository than the ledger's home, with that one's mark.

The mark of `Acme/Shop` is `@acme:shop`. No fingerprint holds an `@`, no name a `/`, which parts the keys.
"""

from __future__ import annotations

from booty.observability.ledger.engines.records import Record

AT = "@"


def mark_of(repository: str) -> str:
    """Return the mark of a repository, `owner/name`."""
    return f"{AT}{repository.lower().replace('/', ':')}"


def mark_in(name: str) -> str:
    """Return the mark in the name of a problem or a job, "" where there is none."""
    return AT + name.partition(AT)[2] if AT in name else ""


def repository_in(name: str) -> str | None:
    """Return the repository that a name is marked with, in lower case, None where it is the home."""
    return mark_in(name).removeprefix(AT).replace(":", "/") or None


def plain(name: str) -> str:
    """Return a name without its mark: of a problem's name, the fingerprint."""
    return name.partition(AT)[0]


def issue_key(mark: str, number: object) -> str:
    """Return the key that holds the name of the problem whose issue has that number in the repository of the mark."""
    return f"issue{mark}/{number}"


def unmarked(record: Record) -> Record:
    """Return a stored alert or change with its problem's fingerprint as Sentry gives it."""
    fingerprint = record.get("fingerprint")
    return record | {"fingerprint": plain(fingerprint)} if isinstance(fingerprint, str) else record
