"""The protection of the Environment of a target.

GitHub creates a missing Environment without any rule when a job names it, and lets the job run at once: the gate
fails open. So the gate is checked before it is relied upon. Pure: JSON in, `Protection` out.
Shape: https://docs.github.com/rest/deployments/environments#get-an-environment
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from booty.observability.text.untrusted import code
from deploy.pipeline.target import Target

NO_ENVIRONMENT = """The Environment `{target}` does not exist. GitHub would create it without any rule and deploy
at once. Create it with at least one required reviewer (docs/approving.md, "Set up the gate"), then run this again."""
NO_REVIEWER = """The Environment `{target}` has no required reviewer. GitHub would deploy at once, without anybody's
approval. Add one (docs/approving.md, "Set up the gate"), then run this again."""
NOBODY_CAN = """Nobody can approve this run: {actor} started it and is the only required reviewer of `{target}`, and
"Prevent self-review" is on. Add a second reviewer or switch "Prevent self-review" off ({settings}), then cancel this
run and start it again."""
NOT_EACH = """{only} is the only required reviewer of `{target}` and "Prevent self-review" is on:
a run that {only} starts can never be approved. Add a second reviewer."""
BYPASS = """Administrators may bypass the approval of `{target}`. The deploy job refuses such a run all the same;
untick "Allow administrators to bypass configured protection rules" ({settings})."""
ANY_BRANCH = """Every branch may ask for a deploy to `{target}`, and for its key. Allow only `main`
({settings} > Deployment branches and tags)."""


@dataclass(frozen=True, slots=True)
class Protection:
    """Who must approve, and what weakens that. `users` are logins, `teams` slugs."""

    users: tuple[str, ...]
    teams: tuple[str, ...]
    prevents_self_review: bool
    lets_admins_bypass: bool
    lets_any_branch: bool

    @property
    def is_closed(self) -> bool:
        """Whether somebody has to approve."""
        return bool(self.users or self.teams)

    @property
    def only_reviewer(self) -> str | None:
        """The one user who can approve, when there is exactly one and no team."""
        return self.users[0] if len(self.users) == 1 and not self.teams else None

    def warnings(self, *, actor: str, target: Target) -> list[str]:
        """Return what is weak about it for a run that `actor` started: the worst first, empty when nothing is."""
        found = []
        only = self.only_reviewer
        if self.prevents_self_review and only is not None:
            found.append(NOBODY_CAN if only.casefold() == actor.casefold() else NOT_EACH)
        if self.is_closed and self.lets_admins_bypass:
            found.append(BYPASS)
        if self.lets_any_branch:
            found.append(ANY_BRANCH)
        name = code(only or "")
        return [text.format(actor=name, only=name, target=target.name, settings=target.settings_page) for text in found]


def read_protection(environment: Any) -> Protection:  # noqa: ANN401 - JSON from GitHub
    """Read GitHub's description of an Environment; what is not understood counts as not protected."""
    rules = [rule for rule in environment.get("protection_rules") or [] if rule.get("type") == "required_reviewers"]
    entries = [entry for rule in rules for entry in rule.get("reviewers") or [] if entry.get("reviewer")]
    return Protection(
        users=tuple(e["reviewer"]["login"] for e in entries if e.get("type") == "User"),
        teams=tuple(e["reviewer"]["slug"] for e in entries if e.get("type") == "Team"),
        prevents_self_review=any(rule.get("prevent_self_review") for rule in rules),
        lets_admins_bypass=bool(environment.get("can_admins_bypass")),
        lets_any_branch=environment.get("deployment_branch_policy") is None,
    )
