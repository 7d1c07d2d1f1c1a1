"""A set-up in which all is well: settings, state directory, a stand-in for GitHub, a droplet's files."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from support.github_stand_in import REPOSITORY, GitHubStandIn
from support.ledger_doors import Ledger
from support.sentry_stand_in import SentryStandIn
from support.stand_in import Call, Fault, Json, says

from booty.observability.ops.commands.doctor import examine
from booty.observability.ops.console.given import Given
from booty.observability.ops.doctor.check import Check

ROOT = Path(__file__).parents[2]
SHA = "3f6c1d0e9b8a7f6e5d4c3b2a19081726354453f2"
LABELS = (
    "agent:builder booty:mute regression severity:fatal severity:error severity:warning severity:info severity:debug"
)


class SetUpStandIn(GitHubStandIn):
    """GitHub with what people set up around a repository."""

    def __init__(self) -> None:
        super().__init__()
        self.repository: Json = {
            "full_name": REPOSITORY,
            "archived": False,
            "has_issues": True,
            "permissions": {"admin": False, "maintain": False, "push": False, "triage": True, "pull": True},
        }
        self.labels = LABELS.split()
        self.has_workflow = self.has_owners = True
        self.rules: list[Json] = [
            {"type": "deletion"},
            {"type": "pull_request", "parameters": {"require_code_owner_review": True}},
        ]
        reviewers = [{"type": "User", "reviewer": {"login": "ada-l"}}, {"type": "Team", "reviewer": {"slug": "ops"}}]
        rule = {"type": "required_reviewers", "prevent_self_review": True, "reviewers": reviewers}
        self.environment: Json | None = {
            "name": "production",
            "protection_rules": [rule],
            "can_admins_bypass": False,
            "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
        }
        self.files: list[str] | None = None
        self.actors: list[str] = []
        self.viewer = "WRITE"
        """Who can be assigned, what the account may do."""
        self.headers: dict[str, str] = {}
        """What the answer about the repository says besides."""

    def judge(self, call: Call) -> Fault:
        """See `StandIn.judge`."""
        if not self.knows(call):
            return super().judge(call)
        root = f"/repos/{REPOSITORY}"
        if call.path == f"{root}/labels":
            return self._on_repository_labels(call)
        if call.path == root:
            return says(200, self.repository, **self.headers)
        if call.path == "/graphql":
            actors = {"nodes": [{"login": login} for login in self.actors]}
            return says(200, {"data": {"repository": {"viewerPermission": self.viewer, "suggestedActors": actors}}})
        known = self._known()
        path = call.path.removeprefix(f"{root}/")
        return says(200, known[path]) if path in known else super().judge(call)

    def _known(self) -> Mapping[str, object]:
        """Return what there is to be read, by its path below the repository."""
        tree = [{"path": path, "type": "blob"} for path in self.files or ()]
        return {
            "rules/branches/main": self.rules,
            **({"environments/production": self.environment} if self.environment is not None else {}),
            **({"git/trees/HEAD": {"tree": tree}} if tree else {}),
            **({"codeowners/errors": {"errors": []}} if self.has_owners else {}),
            **({"contents/.github/workflows/deploy.yml": {"name": "deploy.yml"}} if self.has_workflow else {}),
        }

    def _on_repository_labels(self, call: Call) -> Fault:
        if call.method == "GET":
            size, page = int(call.query["per_page"]), int(call.query["page"])
            return says(200, [{"name": name} for name in self.labels[size * (page - 1) : size * page]])
        if call.body["name"].lower() in {label.lower() for label in self.labels}:
            return says(422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
        self.labels.append(call.body["name"])
        return says(201, {"name": call.body["name"]})


class SetUp:
    """All that the doctor looks at, well until somebody breaks it; below `folder`."""

    def __init__(self, folder: Path, github: SetUpStandIn) -> None:
        self.github = github
        self.state = folder / "state"
        self.ledger = Ledger(self.state)
        self.ledger.claims.check(now=time.time())
        self.environ = {
            **github.environ,
            "SENTRY_WEBHOOK_SECRET": "hush-hush-hush-hush",
            "TARGET_REPO_URL": REPOSITORY,
            "BOOTY_STATE_DIR": str(self.state),
        }
        self.root = folder / "droplet"
        self.states = {"booty.socket": "active", "nginx.service": "active", f"booty@{SHA}.service": "active"}
        nginx = ROOT / "deploy/droplet/nginx"
        self.write("etc/systemd/system/booty.socket", "[Socket]\n")
        self.write("etc/nginx/snippets/booty-observability.conf", (nginx / "booty-observability.conf").read_text())
        self.write("etc/nginx/sites-enabled/booty", (nginx / "site.conf").read_text())
        (self.root / "srv/booty").mkdir(parents=True)
        (self.root / "srv/booty/current").symlink_to(f"/srv/booty/releases/{SHA}")

    def connect(self, sentry: SentryStandIn) -> None:
        """Give the service a token for Sentry, which has sent it something."""
        self.environ |= sentry.environ
        now = datetime.now(UTC)
        sentry.requests = [
            {"date": str(now - timedelta(hours=hours)), "eventType": "event_alert.triggered", "responseCode": code}
            for hours, code in ((1, 202), (2, 200))
        ]

    def write(self, path: str, text: str) -> None:
        """Write a file of the droplet."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file of the droplet."""
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def show(self, arguments: Sequence[str]) -> str | None:
        """Answer as `systemctl show --property=ActiveState UNIT` does."""
        assert arguments[:-1] == ["show", "--property=ActiveState"]
        return f"ActiveState={self.states.get(arguments[-1], 'inactive')}\n"

    def examine(self, *, is_fixing: bool = False, is_offline: bool = False) -> list[Check]:
        """Have the doctor look at all of it."""
        given = Given(self.environ)
        return list(examine(given, is_offline=is_offline, is_fixing=is_fixing, root=self.root, units=self.show))

    def failures(self) -> list[Check]:
        """Return the checks that fail."""
        return [check for check in self.examine() if check.is_failed]
