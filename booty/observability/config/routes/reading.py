"""The file of routes, read as a whole: routes, or every fault of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from booty.observability.alerts.routing.route import Condition, Route
from booty.observability.config.repository import misfit
from booty.observability.config.routes.document import Malformed, Section, sections
from booty.observability.config.routes.token_files import is_token, token_in
from booty.observability.config.routes.values import CONDITIONS, SETTINGS, Wrong
from booty.observability.config_errors import Fault

NAME = "OBSV_ROUTES"
LONGEST = 256 * 1024
"""Characters of a file."""
KEYS = (*CONDITIONS, *SETTINGS)


class WrongRoutes(Exception):
    """The file cannot be used; `faults` holds every fault, in the order of its lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(fault.problem for fault in faults))
        self.faults = tuple(faults)


def read_routes(path: str, *, default: str, api_url: str) -> tuple[Route, ...]:
    """Return the routes in a file; `default` is the repository of alerts that no route takes.

    Raises `WrongRoutes`.
    """
    try:
        with Path(path).open(encoding="utf-8-sig") as file:
            text = file.read(LONGEST + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not UTF-8 text"
        raise WrongRoutes([Fault(NAME, f"{path!r} cannot be read: {reason}", "name a readable file")]) from None
    if len(text) > LONGEST:
        raise WrongRoutes([Fault(NAME, f"{path!r} is longer than {LONGEST} characters", "shorten it")])
    return routes_in(text, default=default, api_url=api_url)


def routes_in(text: str, *, default: str, api_url: str) -> tuple[Route, ...]:
    """Return the routes in the text of a file, as `read_routes` does. Raises `WrongRoutes`."""
    try:
        found = sections(text)
    except Malformed as error:
        raise WrongRoutes([_fault(error.line, error.problem, error.remedy)]) from None
    routes: list[Route] = []
    faults: list[tuple[int, Fault]] = []
    for section in found:
        route, wrong = _route(section, api_url)
        routes += [] if wrong else [route]
        faults += wrong
    faults += [*_unreachable(routes), *_two_tokens(routes, default)]
    if faults:
        raise WrongRoutes([fault for _, fault in sorted(faults, key=lambda each: each[0])])
    return tuple(routes)


def _fault(line: int, problem: str, remedy: str) -> Fault:
    return Fault(NAME, f"line {line}: {problem}", remedy)


def _route(section: Section, api_url: str) -> tuple[Route, list[tuple[int, Fault]]]:
    conditions: list[Condition] = []
    settings: dict[str, Any] = {}
    faults = []
    for key, value in section.values.items():
        try:
            if key in CONDITIONS:
                conditions += CONDITIONS[key](key, value)
            elif key in SETTINGS:
                settings[key] = SETTINGS[key](value)
            else:
                near = get_close_matches(key, KEYS, n=1)
                raise Wrong(f"did you mean {near[0]}?" if near else f"use one of {', '.join(KEYS)}")  # noqa: TRY301 - one of three
        except Wrong as error:
            problem = f"{key} cannot be used" if key in KEYS else f"{key!r} is not known"
            faults.append((section.line_of(key), str(error), problem))
    faults += _wrong_together(section, settings, api_url)
    token = token_in(settings["token_file"]) if "token_file" in settings else None
    route = Route(section.line, tuple(conditions), **settings, token=token)
    return route, [(line, _fault(line, problem, remedy)) for line, remedy, problem in faults]


def _wrong_together(section: Section, settings: dict[str, Any], api_url: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, remedy and problem of what only together is wrong."""
    if settings.get("drop") and len(settings) > 1:
        yield section.line_of("drop"), "remove drop, or all else that the route sets", "nothing can be set beside drop"
    written = section.values.get("repository")
    if "repository" in settings and (other := misfit(written or "", api_url)) is not None:
        yield section.line_of("repository"), other.remedy, f"repository {other.problem}"
    if "token_file" in settings and "repository" not in settings:
        yield section.line_of("token_file"), "name its repository beside it", "token_file is of no repository"
    elif "token_file" in settings and not is_token(settings["token_file"]):
        yield section.line_of("token_file"), "put one token into it, alone", "token_file holds no token"


def _unreachable(routes: Sequence[Route]) -> Iterator[tuple[int, Fault]]:
    catch_all = next((each for each in routes if not each.conditions), None)
    for route in routes[routes.index(catch_all) + 1 :] if catch_all else ():
        problem = f"no alert gets here: the route in line {catch_all.line if catch_all else 0} takes all of them"
        yield route.line, _fault(route.line, problem, "move the route without conditions to the end")


def _two_tokens(routes: Sequence[Route], default: str) -> Iterator[tuple[int, Fault]]:
    """Yield the routes whose repository gets another token elsewhere: its pauses and its pace are a token's."""
    first: dict[str, tuple[int, str | None]] = {default.lower(): (0, None)}
    for route in routes:
        if route.drop or route.repository is None:
            continue
        line, token = first.setdefault(route.repository.lower(), (route.line, route.token_file))
        if token != route.token_file:
            where = f"line {line}" if line else "GITHUB_TOKEN"
            problem = f"{route.repository} has another token already, by {where}"
            yield (
                route.line,
                _fault(route.line, problem, "use one token for a repository: the same token_file, or none"),
            )
