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


def shown(name: str) -> str:
    """Return a name as people read it: `1:42@acme/shop`."""
    return f"{plain(name)}{mark_in(name).replace(':', '/')}"


def place_of(name: str) -> dict[str, str]:
    """Return a name for a machine, with the repository unless it is the home."""
    repository = repository_in(name)
    return {"fingerprint": shown(name)} | ({"repository": repository} if repository else {})


def as_named(asked: str) -> str:
    """Return what a person calls a problem as the ledger would: `1:42@acme:shop` for `1:42@Acme/Shop`."""
    fingerprint, at, repository = asked.partition(AT)
    is_name = at and "/" not in fingerprint and repository.count("/") == 1
    return f"{fingerprint}{mark_of(repository)}" if is_name else asked


def issue_shown(name: str, number: int) -> str:
    """Return the issue of the problem or job of that name as people read it: `#12`, `acme/shop#12`."""
    return f"{repository_in(name) or ''}#{number}"
