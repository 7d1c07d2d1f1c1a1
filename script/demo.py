"""The demo behind `script/demo`: an error's way from the SDK to its issue, what is kept from it, what comes after.

exit codes: 0 every decision was the right one, and did to the issues what it should; 1 one was not
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import shop
import story
from support.github_stand_in import GitHubStandIn, Json
from support.service import ROOT, Service

STATE = ROOT / "var" / "demo"
ISSUES = STATE / "issues"
NO_COOLDOWN = {"OBSV_COOLDOWN_HOURS": "0.0000001"}
RULE = "─" * 20


def main() -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="script/demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print the decisions for a machine")
    options = parser.parse_args()
    shutil.rmtree(STATE, ignore_errors=True)
    STATE.parent.mkdir(mode=0o700, exist_ok=True)  # script/server keeps its ledger in it
    (STATE.parent / "demo.log").unlink(missing_ok=True)
    with story.repository() as github:
        with Service(STATE, github.environ) as service:
            steps = story.Story(service, github).birth()
        with Service(STATE, github.environ | NO_COOLDOWN) as service:  # a restart stands for the hours in between
            steps += story.Story(service, github).life()
        texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in write_issues(github)}
    is_right = all(step.is_right for step in steps) and not leaks(texts)
    if options.json:
        print(json.dumps({"is_right": is_right, "steps": [asdict(step) for step in steps], "issues": list(texts)}))
    else:
        show(steps, texts)
    return 0 if is_right else 1


def write_issues(github: GitHubStandIn) -> list[Path]:
    """Write what GitHub has now: a file for each issue, and one for its comments when there are any; return both."""
    ISSUES.mkdir()
    written = []
    for issue in github.issues:
        pages = {f"{issue['number']}.md": page(issue)}
        if comments := github.comments.get(issue["number"]):
            pages[f"{issue['number']}.comments.md"] = "\n---\n\n".join(f"{comment['body']}\n" for comment in comments)
        for name, text in pages.items():
            (ISSUES / name).write_text(text, encoding="utf-8")
            written.append(ISSUES / name)
    return written


def page(issue: Json) -> str:
    """Return an issue as one page: its title, its state with its labels, its body."""
    labels = "".join(f" `{label['name']}`" for label in issue["labels"])
    return f"# {issue['title']}\n\n{issue['state'].capitalize()}{labels}\n\n{issue['body']}\n"


def leaks(texts: dict[str, str]) -> bool:
    """Return whether a secret appears anywhere in the issues."""
    return any(secret in text for secret in shop.SECRETS for text in texts.values())


def show(steps: list[story.Step], texts: dict[str, str]) -> None:
    """Print decisions and issues for a person."""
    bold, green, red, plain = ("\033[1m", "\033[32m", "\033[31m", "\033[0m") if sys.stdout.isatty() else ("",) * 4
    print(f"{bold}Signed webhooks to a real gunicorn on loopback, and what each did to the issues{plain}")
    for step in steps:
        mark = f"{green}ok{plain}" if step.is_right else f"{red}WRONG, expected {step.expected}{plain}"
        print(f"  {step.name:<23} -> {step.answer:<19}  {step.effect:<38} {mark}")
    for path, text in texts.items():
        print(f"\n{bold}{RULE} {path}{plain}\n\n{text.rstrip()}")
    secrets = f"{red}with a secret in them{plain}" if leaks(texts) else "no secret in them"
    print(f"\n{bold}{len(texts)} files{plain} under {ISSUES.relative_to(ROOT)}, {secrets}; the log: var/demo.log")


if __name__ == "__main__":
    raise SystemExit(main())
