"""Whether somebody has to approve a deploy."""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.github.setup.gate import Gate
from booty.observability.ops.doctor.check import Check, Level, worst_of

NAME, ENVIRONMENT = "gate", "production"
OWNERS = "docs/approving.md, Who may change the deploy"
SET_UP = "set up the gate: docs/approving.md"
WEAK = "python3 -m deploy.pipeline.gate, in a clone, says more"


def check_gate(gate: Gate | None, *, has_workflow: bool) -> Check:
    """Judge the gate; `has_workflow`: the repository deploys by the workflow, which GitHub would run at once."""
    if gate is None:
        if has_workflow:
            seen = f"deploy.yml is there, but the Environment {ENVIRONMENT} is not: nobody would be asked"
            return Check(NAME, "FAIL", seen, SET_UP)
        return Check(NAME, "warn", f"no Environment {ENVIRONMENT}", f"if this repository deploys: {SET_UP}")
    asked = f"{ENVIRONMENT} asks {gate.reviewers} {'reviewer' if gate.reviewers == 1 else 'reviewers'}"
    return worst_of(NAME, _weaknesses(gate), otherwise=asked)


def _weaknesses(gate: Gate) -> Iterator[tuple[Level, str, str]]:
    if not gate.reviewers:
        yield "FAIL", f"{ENVIRONMENT} has no required reviewers: a deploy would run at once", SET_UP
        return
    if gate.is_one_user and gate.prevents_self_review:
        yield "warn", "the only reviewer cannot approve what they started", "add a second reviewer"
    if gate.lets_admins_bypass:
        yield "warn", "administrators may bypass the approval", WEAK
    if gate.lets_any_branch:
        yield "warn", "every branch may ask for a deploy", "allow only main"
    if not gate.has_owners:
        yield "warn", "no CODEOWNERS for .github/ and deploy/ is to be seen", OWNERS
    if not gate.asks_owners:
        yield "warn", "no ruleset of main asks the owners for a review", OWNERS
