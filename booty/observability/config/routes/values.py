"""The values of a route, checked one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from booty.observability.alerts.handover.terms import is_agent
from booty.observability.alerts.routing.route import HANDOVERS, TAG, Condition, Handover
from booty.observability.alerts.severity import Severity
from booty.observability.config.repository import read_repository
from booty.observability.config.routes.token_files import token_in

LEVELS = "use one of fatal, error, warning, info, debug"
PATTERN = "use a text of 1 to 200 characters such as 'shop' or 'shop-*', or a list of them"
LABEL_RULE = "of 1 to 50 characters without commas or control characters, none of ours (booty:…, agent:triage)"
LABELS = f"use a list of at most 50 labels, each {LABEL_RULE}"
LOGINS = "use a list of at most 10 logins, such as ['octocat']"  # GitHub assigns no more
TAGS = "write tag.NAME = 'value'; a NAME with a dot in quotes: tag.'browser.name' = 'Firefox'"
TOKEN_FILE = "name a file that holds the token, by its whole path, and that the service may read"  # noqa: S105 - words
LONGEST_PATTERN, MOST_LABELS, MOST_ASSIGNEES = 200, 50, 10
LABEL = re.compile(r"(?!\s*\Z)(?!(?i:\s*(?:booty:|agent:triage\s*\Z)))[^,\x00-\x1f\x7f]{1,50}")
"""With the label of a mute, say, every issue of the route would be born mute."""
LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
HOURS = 8760


class Wrong(Exception):
    """A value that a route cannot have; its text says what to do."""


def patterns(trait: str, value: object) -> tuple[Condition, ...]:
    """Return the condition that `value` sets for a trait."""
    given = value if isinstance(value, list) else [value]
    numbers = [str(each) if trait == "project" and type(each) is int else each for each in given]
    texts = [each for each in numbers if isinstance(each, str) and _is_pattern(each)]
    if not given or len(texts) != len(given):
        raise Wrong(PATTERN)
    return (Condition(trait, tuple(texts)),)


def _is_pattern(text: str) -> bool:
    return 0 < len(text) <= LONGEST_PATTERN and text.isprintable()


def levels(trait: str, value: object) -> tuple[Condition, ...]:
    """Return the condition that one of the levels in `value` fulfils."""
    given = value if isinstance(value, list) else [value]
    if not given:
        raise Wrong(LEVELS)
    return (Condition(trait, tuple(severity(each).value for each in given)),)


def tags(_: str, value: object) -> tuple[Condition, ...]:
    """Return a condition for each tag."""
    if not isinstance(value, dict) or not value or any(isinstance(each, dict) for each in value.values()):
        raise Wrong(TAGS)
    return tuple(each for name, wanted in value.items() for each in patterns(f"{TAG}{name}", wanted))


def severity(value: object) -> Severity:
    """Return a level by its name."""
    if not isinstance(value, str) or value not in set(Severity):
        raise Wrong(LEVELS)
    return Severity(value)


def always(value: object) -> bool:
    """Return True, which is all that `drop` can be."""
    if value is not True:
        raise Wrong("write drop = true, or leave it out")
    return True


def repository(value: object) -> str:
    """Return `owner/name`."""
    named = read_repository(value) if isinstance(value, str) else None
    if named is None:
        raise Wrong("name a repository, such as 'acme/shop'")
    return named.name


def hours(value: object) -> float:
    """Return a number of hours."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= HOURS:
        raise Wrong(f"use a number of hours above 0 and at most {HOURS}, such as 6 or 0.5")
    return float(value)


def label(value: object) -> str:
    """Return the name of a label."""
    if not isinstance(value, str) or not LABEL.fullmatch(value):
        raise Wrong(f"use a label {LABEL_RULE}")
    return value


def labels(value: object) -> tuple[str, ...]:
    """Return the names of labels."""
    return _texts(value, LABEL, most=MOST_LABELS, remedy=LABELS)


def logins(value: object) -> tuple[str, ...]:
    """Return the names of accounts, none of them the coding agent's: it is not to get past budget or gate."""
    names = _texts(value, LOGIN, most=MOST_ASSIGNEES, remedy=LOGINS)
    if any(map(is_agent, names)):
        raise Wrong("write handover = 'copilot' to assign GitHub's coding agent")
    return names


def _texts(value: object, form: re.Pattern[str], *, most: int, remedy: str) -> tuple[str, ...]:
    texts = (
        [each for each in value if isinstance(each, str) and form.fullmatch(each)] if isinstance(value, list) else []
    )
    if not isinstance(value, list) or len(texts) != len(value) or len(texts) > most:
        raise Wrong(remedy)
    return tuple(texts)


def handover(value: object) -> Handover:
    """Return to whom an issue goes."""
    if value not in HANDOVERS:
        raise Wrong(f"use one of {', '.join(HANDOVERS)}")
    return next(each for each in HANDOVERS if each == value)


def token_file(value: object) -> str:
    """Return the path of a file that holds a token."""
    if not isinstance(value, str) or not value.startswith("/") or token_in(value) is None:
        raise Wrong(TOKEN_FILE)
    return value


CONDITIONS: Mapping[str, Callable[[str, object], tuple[Condition, ...]]] = {
    "organization": patterns,
    "project": patterns,
    "environment": patterns,
    "level": levels,
    "tag": tags,
}
SETTINGS: Mapping[str, Callable[[object], object]] = {
    "drop": always,
    "repository": repository,
    "min_severity": severity,
    "cooldown_hours": hours,
    "labels": labels,
    "trigger_label": label,
    "assignees": logins,
    "handover": handover,
    "token_file": token_file,
}
