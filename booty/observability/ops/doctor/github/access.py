"""What the answer about the repository says of the clock, the token, the repository, the account's rights."""

from __future__ import annotations

from collections.abc import Iterator

from booty.observability.github.access.remedies import OF_SETTING, Remedies
from booty.observability.github.answers import ARCHIVED, DISABLED
from booty.observability.github.setup.access import Access
from booty.observability.github.setup.app import AppAccess
from booty.observability.ops.console.moments import age, moment
from booty.observability.ops.doctor.check import Check
from booty.observability.ops.doctor.github import app as of_app

DAY_SECONDS = 24 * 3600.0
SHORT_DAYS, SOON_DAYS = 14, 30
WRONG_SECONDS, ODD_SECONDS = 60.0, 10.0
"""How far our clock may be off."""
ROLE = "give the token's account the role Triage or Write: Settings > Collaborators of {repository}"


def check_access(
    access: Access, *, repository: str, now: float, app: AppAccess | None = None, own: Remedies = OF_SETTING
) -> Iterator[Check]:
    """Yield a check of each; `repository` is as it is set, `now` (unix seconds) is when the answer came.

    `app` is whose token it was, None where somebody set one; `own` is what helps with that.
    """
    yield check_clock(access, now=now)
    # Our clock may be wrong, which is another line.
    yield check_token(access, now=access.clock or now, renew=own.renew) if app is None else of_app.check_tokens()
    yield check_repository(access, repository)
    yield check_rights(access) if app is None else of_app.check_rights(app)


def check_clock(access: Access, *, now: float) -> Check:
    """Compare our clock with GitHub's, which gives whole seconds."""
    if access.clock is None:
        return Check("clock", "warn", "the answer has no Date", "date -u")
    off = now - access.clock
    seen = f"{age(abs(off))} {'ahead of' if off > 0 else 'behind'} GitHub's"
    if abs(off) > ODD_SECONDS:
        level = "FAIL" if abs(off) > WRONG_SECONDS else "warn"
        return Check("clock", level, seen, "sudo timedatectl set-ntp true")  # type: ignore[arg-type]  # one of two levels
    return Check("clock", "ok", "agrees with GitHub's")


def check_token(access: Access, *, now: float, renew: str = OF_SETTING.renew) -> Check:
    """Say until when the token is valid; `renew` is what to do before that."""
    if access.expires_at is None:
        return Check("token", "ok", "GitHub accepts it, and names no end")
    seen = f"it ends {moment(access.expires_at, now=now)}"
    left = (access.expires_at - now) / DAY_SECONDS
    if left < SHORT_DAYS:
        return Check("token", "FAIL", seen, renew)
    return Check("token", "warn", seen, renew) if left < SOON_DAYS else Check("token", "ok", seen)


def check_repository(access: Access, repository: str) -> Check:
    """Say whether the repository takes issues, under the name that is set."""
    if access.is_archived:
        return Check("repository", "FAIL", f"{access.name} is archived", ARCHIVED)
    if not access.has_issues:
        return Check("repository", "FAIL", f"{access.name} has its issues switched off", DISABLED)
    if access.name.lower() != repository.lower():
        return Check(
            "repository",
            "warn",
            f"it is called {access.name} now",
            f"set TARGET_REPO_URL, or its route, to {access.name}",
        )
    return Check("repository", "ok", f"{access.name} is seen, and takes issues")


def check_rights(access: Access) -> Check:
    """Say whether labels that are asked for are put on: without triage or push GitHub drops them silently."""
    if access.may_label is None:
        return Check("permission", "warn", "GitHub does not say what this token may do", "booty test-alert")
    if not access.may_label:
        seen = "the token's account has neither triage nor push: GitHub drops labels silently"
        return Check("permission", "FAIL", seen, ROLE.format(repository=access.name))
    return Check("permission", "ok", "the token's account may set labels")
