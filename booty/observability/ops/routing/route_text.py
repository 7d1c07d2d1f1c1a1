"""A route as an operator or a machine reads it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from booty.observability.alerts.filters import Verdict
from booty.observability.alerts.routing.choice import Step
from booty.observability.alerts.routing.route import Condition, Route, Traits
from booty.observability.config import Settings

Json = dict[str, object]
NOBODY = "nobody"
UNKNOWN = "that of TARGET_REPO_URL, which is not set here"


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for an alert on its route: the route's word where it has one, else the settings'."""

    repository: str
    min_severity: str
    cooldown_hours: float
    labels: tuple[str, ...]
    trigger_label: str
    assignees: tuple[str, ...]
    handover: str
    token: str


def terms(route: Route, settings: Settings) -> Terms:
    """Return the terms of a route that drops nothing."""
    return Terms(
        route.repository or settings.repository,
        (route.min_severity or settings.min_severity).value,
        route.cooldown_hours or settings.cooldown_hours,
        route.labels,
        route.trigger_label or settings.trigger_label,
        route.assignees,
        route.handover or settings.handover,
        route.token_file or "GITHUB_TOKEN",
    )


def ignored_because(route: Route, traits: Traits, settings: Settings) -> str | None:
    """Return the reason why such an alert is ignored, None when it is filed or nothing tells its level."""
    if route.drop:
        return "no_route"
    least = route.min_severity or settings.min_severity
    if traits.level is not None and not traits.level.is_at_least(least):
        return Verdict.BELOW_SEVERITY.value
    return None


def as_json(asked: Sequence[Step], traits: Traits, settings: Settings) -> Json:
    """Return the route for a machine; `line` is 0 where no route of the file takes the alert."""
    route = asked[-1].route
    found = terms(route, settings)
    return {
        "line": route.line,
        "drop": route.drop,
        "ignored": ignored_because(route, traits, settings),
        "repository": None if route.drop else found.repository or None,
        "min_severity": found.min_severity,
        "cooldown_hours": found.cooldown_hours,
        "labels": list(found.labels),
        "trigger_label": found.trigger_label,
        "assignees": list(found.assignees),
        "handover": found.handover,
        "token_file": route.token_file,
        "why": [
            {"line": step.route.line, "takes_it": step.unmet is None, "because": _why(step, traits)} for step in asked
        ],
    }


def as_text(
    asked: Sequence[Step], traits: Traits, settings: Settings, *, path: str | None, has_app: bool = False
) -> list[str]:
    """Return the lines for a person; `path` is that of the file, None if none is set; `has_app`: no token is set."""
    route = asked[-1].route
    return [
        _head(route, path),
        "",
        *_outcome(route, traits, settings, has_app=has_app),
        "",
        "why",
        *(_row(step, traits) for step in asked),
    ]


def _head(route: Route, path: str | None) -> str:
    if route.line:
        return f"the route in line {route.line} of {path}"
    return f"no route of {path}: as the settings say" if path else "no routes are set: as the settings say"


def _outcome(route: Route, traits: Traits, settings: Settings, *, has_app: bool) -> list[str]:
    if route.drop:
        return ["  nothing is filed (drop)"]
    found = terms(route, settings)
    own = ", ".join(f"{kind} {least.value}" for kind, least in settings.min_severity_of.items())
    besides = f" (besides: {own})" if own and route.min_severity is None else ""
    low = "; this alert is below that" if ignored_because(route, traits, settings) else ""
    rows = {
        "repository": found.repository or UNKNOWN,
        "least severity": f"{found.min_severity}{besides}{low}",
        "cooldown": f"{found.cooldown_hours:g} h",
        "labels": ", ".join((found.trigger_label, *found.labels)),
        "assignees": ", ".join(found.assignees) or NOBODY,
        "hand-over": found.handover,
        "token": "the App's" if has_app and route.token_file is None else found.token,
    }
    return [f"  {name:<14}  {value}" for name, value in rows.items()]


def _row(step: Step, traits: Traits) -> str:
    where = f"line {step.route.line}" if step.route.line else "default"
    return f"  {where:<14}  {'yes' if step.unmet is None else 'no'}: {_why(step, traits)}"


def _why(step: Step, traits: Traits) -> str:
    if step.unmet is not None:
        return f"{_said(step.unmet.trait, traits)}, not {_wanted(step.unmet)}"
    if not step.route.conditions:
        return "it takes every alert" if step.route.line else "no route takes it"
    return ", ".join(f"{_said(each.trait, traits)} is {_wanted(each)}" for each in step.route.conditions)


def _said(trait: str, traits: Traits) -> str:
    return f"{trait} {', '.join(traits.values(trait)) or '(unknown)'}"


def _wanted(condition: Condition) -> str:
    return " or ".join(condition.patterns)
