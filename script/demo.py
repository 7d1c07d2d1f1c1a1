"""The demo behind `script/demo`: one error's way from the SDK to the issue, and what is kept away from GitHub.

exit codes: 0 every decision was the right one; 1 one was not
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import sentry_events
import shop
from service import ROOT, Service, eventually

STATE = ROOT / "var" / "demo"


@dataclass(frozen=True, slots=True)
class Step:
    """One webhook of the demo: what it is, what was answered, what should have been."""

    name: str
    answer: str
    expected: str


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
    with Service(STATE, {"SENTRY_ENVIRONMENT": "development"}) as service:
        steps = walk(service)
        issues = read_issues()
    is_right = all(step.answer == step.expected for step in steps) and is_contained(issues)
    if options.json:
        print(json.dumps({"is_right": is_right, "steps": [asdict(step) for step in steps], "issues": list(issues)}))
    else:
        show(steps, issues)
    return 0 if is_right else 1


def walk(service: Service) -> list[Step]:
    """Send each webhook in turn."""
    new, attack_event = sentry_events.capture(shop.check_out), sentry_events.capture(shop.attack)
    return [
        send(service, "a new error", "202 accepted", sentry_events.delivered(new)),
        send(
            service,
            "the same error again",
            "200 cooldown",
            sentry_events.delivered(sentry_events.capture(shop.check_out)),
        ),
        send(
            service,
            "a warning",
            "200 below_severity",
            sentry_events.delivered(sentry_events.capture(shop.warn), issue="2"),
        ),
        send(service, "a hostile error", "202 accepted", sentry_events.delivered(attack_event, issue="3")),
    ]


def send(service: Service, name: str, expected: str, payload: sentry_events.Json) -> Step:
    """Send one signed webhook."""
    status, content = service.post(sentry_events.body_of(payload))
    return Step(name, f"{status} {content.get('reason') or content.get('status') or content.get('error')}", expected)


def read_issues() -> dict[str, str]:
    """Return the two issues by the path of their file, once they are there."""
    eventually(lambda: len(list((STATE / "issues").glob("*.md"))) >= 2)  # noqa: PLR2004 - the new one, the hostile one
    paths = sorted((STATE / "issues").glob("*.md"))
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in paths}


def is_contained(issues: dict[str, str]) -> bool:
    """Say whether both issues exist and no secret stands in them."""
    text = "".join(issues.values())
    return len(issues) == 2 and not any(secret in text for secret in shop.SECRETS)  # noqa: PLR2004 - see read_issues


def show(steps: list[Step], issues: dict[str, str]) -> None:
    """Print decisions and issues for a person."""
    bold, green, red, plain = ("\033[1m", "\033[32m", "\033[31m", "\033[0m") if sys.stdout.isatty() else ("",) * 4
    print(f"{bold}Signed webhooks to a real gunicorn on loopback{plain}")
    for step in steps:
        mark = f"{green}ok{plain}" if step.answer == step.expected else f"{red}WRONG, expected {step.expected}{plain}"
        print(f"  {step.name:<22} -> {step.answer:<20} {mark}")
    for path, issue in issues.items():
        print(f"\n{bold}{'─' * 20} {path}{plain}\n{issue}")
    secrets = "no secret in them" if is_contained(issues) else f"{red}something is wrong with them{plain}"
    print(f"{bold}{len(issues)} issues{plain}, {secrets}. The service's log: {Path('var/demo.log')}")


if __name__ == "__main__":
    raise SystemExit(main())
