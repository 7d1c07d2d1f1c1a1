"""The demo behind `script/demo`: an error's way from the SDK to its issue, what is kept from it, what comes after.

exit codes: 0 every decision was the right one; 1 one was not
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import sentry_events
import shop
from service import ROOT, Service, eventually

STATE = ROOT / "var" / "demo"
ISSUES = STATE / "issues"
FIRST, LATER = ISSUES / "1.md", ISSUES / "1.comments.md"
HOSTILE = ISSUES / "2.md"
FIXED = f"booty@{'c0ffee' * 6}c0de"
REGRESSED = "`severity:error` `regression` `agent:builder`"
NO_COOLDOWN = {"OBSV_COOLDOWN_HOURS": "0.0000001"}


@dataclass(frozen=True, slots=True)
class Step:
    """One webhook of the demo: what it is, what was answered, what should have been, and whether its work was seen."""

    name: str
    answer: str
    expected: str
    is_done: bool

    @property
    def is_right(self) -> bool:
        """Both the answer and what followed were as they should be."""
        return self.is_done and self.answer == self.expected


def main() -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="script/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print the decisions for a machine")
    options = parser.parse_args()
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.parent.mkdir(exist_ok=True)
    (STATE.parent / "demo.log").unlink(missing_ok=True)
    with Service(STATE) as service:
        steps = birth(service)
    with Service(STATE, NO_COOLDOWN) as service:  # a restart without a cooldown stands for the hours in between
        steps += life(service)
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(ISSUES.glob("*.md"))}
    is_right = all(step.is_right for step in steps) and not leaks(texts)
    if options.json:
        print(json.dumps({"is_right": is_right, "steps": [asdict(step) for step in steps], "issues": list(texts)}))
    else:
        show(steps, texts)
    return 0 if is_right else 1


def birth(service: Service) -> list[Step]:
    """Send what makes issues, and what does not."""
    return [
        send(service, "a new error", "202 accepted", error(), FIRST.exists),
        send(service, "the same error again", "200 cooldown", error()),
        send(service, "a warning", "200 below_severity", delivered(shop.warn, issue="2")),
        send(service, "a hostile error", "202 accepted", delivered(shop.attack, issue="3"), HOSTILE.exists),
    ]


def life(service: Service) -> list[Step]:
    """Send what an issue is told later: the error comes back; it is closed as completed, and comes back once more."""
    steps = [send(service, "hours later: it recurs", "202 accepted", error(), says(FIRST, "**Seen 3 times**"))]
    FIRST.write_text(FIRST.read_text(encoding="utf-8").replace("\n\nOpen ", "\n\nClosed ", 1), encoding="utf-8")
    back = error(release=FIXED)
    return [
        *steps,
        send(service, "closed; an old release", "202 accepted", error(), lambda: followed(service) == 2),  # noqa: PLR2004 - the recurrence was the first
        send(service, "closed; a new release", "202 accepted", back, says(FIRST, f"\n\nOpen {REGRESSED}")),
    ]


def error(*, release: str = sentry_events.RELEASE) -> sentry_events.Json:
    """Return the webhook for the shop's error."""
    return sentry_events.delivered(sentry_events.capture(shop.check_out, release=release))


def delivered(failing: Callable[[], object], *, issue: str) -> sentry_events.Json:
    """Return the webhook for another of the shop's events."""
    return sentry_events.delivered(sentry_events.capture(failing), issue=issue)


def followed(service: Service) -> int:
    """Return how often an issue was told something, if only that there is nothing to tell."""
    return len(service.events("issue_followed"))


def says(path: Path, text: str) -> Callable[[], bool]:
    """Return what tells whether the file at `path` holds `text`."""
    return lambda: text in path.read_text(encoding="utf-8")


def send(
    service: Service,
    name: str,
    expected: str,
    payload: sentry_events.Json,
    is_done: Callable[[], bool] = lambda: True,
) -> Step:
    """Send one signed webhook, and wait for what should follow from it."""
    status, content = service.post(sentry_events.body_of(payload))
    answer = f"{status} {content.get('reason') or content.get('status') or content.get('error')}"
    return Step(name, answer, expected, eventually(is_done))


def leaks(texts: dict[str, str]) -> bool:
    """Say whether a secret stands anywhere in the issues."""
    return any(secret in text for secret in shop.SECRETS for text in texts.values())


def show(steps: list[Step], texts: dict[str, str]) -> None:
    """Print decisions and issues for a person."""
    bold, green, red, plain = ("\033[1m", "\033[32m", "\033[31m", "\033[0m") if sys.stdout.isatty() else ("",) * 4
    print(f"{bold}Signed webhooks to a real gunicorn on loopback{plain}")
    for step in steps:
        mark = f"{green}ok{plain}" if step.is_right else f"{red}WRONG, expected {step.expected}{plain}"
        print(f"  {step.name:<24} -> {step.answer:<20} {mark}")
    for path, text in texts.items():
        print(f"\n{bold}{'─' * 20} {path}{plain}\n{text}")
    secrets = f"{red}with a secret in them{plain}" if leaks(texts) else "no secret in them"
    print(f"{bold}{len(texts)} files{plain} under {ISSUES.relative_to(ROOT)}, {secrets}; the log: var/demo.log")


if __name__ == "__main__":
    raise SystemExit(main())
