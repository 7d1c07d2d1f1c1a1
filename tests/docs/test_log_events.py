"""The log events that docs/operating.md lists are those that the code logs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from support.pages import codes, page, rows, section
from support.service import ROOT

from booty.observability.ledger import steady_loop
from booty.observability.webhook import refusals

LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
CHOSEN = {
    Path(refusals.__file__): {event for event, _ in refusals.UNVERIFIED.values()},
    Path(steady_loop.__file__): set[str](),  # each loop names its own where it begins: `failed="closings_failed"`
}
"""Where an event is chosen from several, by its module; all others are constants where they are logged."""
PAGE = page("docs/operating.md")


def logged() -> Iterator[tuple[str, str]]:
    """Return each event that a module logs, with its level."""
    for module in sorted((ROOT / "booty").rglob("*.py")):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(call, ast.keyword) and call.arg == "failed" and isinstance(call.value, ast.Constant):
                yield ast.literal_eval(call.value), "error"
            if isinstance(call, ast.Call) and (level := level_of(call)):
                for event in events_of(call, module):
                    yield event, "error" if level == "exception" else level


def level_of(call: ast.Call) -> str | None:
    """Return the level that a call logs at; None if it logs nothing."""
    match call.func:
        case ast.Attribute(value=ast.Name(id="log" | "logger" | "logging"), attr=level) if level in LEVELS:
            return level
    return None


def events_of(call: ast.Call, module: Path) -> set[str]:
    """Return the events that a call may log."""
    event = call.args[0]
    return {ast.literal_eval(event)} if isinstance(event, ast.Constant) else CHOSEN[module]


def listed() -> Iterator[tuple[str, str]]:
    """Return each event of the page's table, with its levels."""
    for names, levels, _ in rows(section(PAGE, "The log"), "event"):
        events, each = codes(names), levels.split(", ")
        if len(events) == len(each):  # one level for each
            yield from zip(events, each, strict=True)
        else:
            yield from ((event, level) for event in events for level in each)


def test_every_event_is_listed_with_its_level_and_no_other() -> None:
    assert set(listed()) == set(logged())


def test_whoever_logs_has_a_logger_of_the_name_that_is_looked_for() -> None:
    makers = re.compile(r"(\w+) = (?:logging|structlog)\.get_?[lL]ogger\((.*)\)")
    modules = [module.read_text(encoding="utf-8") for module in (ROOT / "booty").rglob("*.py")]

    named = {made for text in modules for made in makers.findall(text)}

    assert named == {("log", "__name__"), ("ours", '"booty"')}  # the second is only set up, in ops/logs


def test_an_event_that_the_page_explains_is_logged() -> None:
    explained = {
        event
        for seen, _ in rows(section(PAGE, "When nothing arrives"), "what you see")
        for event in codes(seen)
        if re.fullmatch(r"[a-z]+(_[a-z]+)+", event)
    }

    assert explained
    assert explained <= {event for event, _ in logged()}
