"""Whether a GitHub App can file issues in a repository."""

from __future__ import annotations

from booty.observability.github.access.remedies import OF_APP
from booty.observability.github.setup.app import AppAccess
from booty.observability.ops.doctor.check import Check


def check_app(access: AppAccess) -> Check:
    """Say whether its installation is in force."""
    seen = f"{access.slug}[bot] is installed on {access.owner}"
    if access.is_suspended:
        return Check("app", "FAIL", f"{seen}, but suspended", OF_APP.suspended)
    return Check("app", "ok", seen)


def check_tokens() -> Check:
    """Say that there is no token that could end unnoticed."""
    return Check("token", "ok", "the App makes a new one each hour")


def check_rights(access: AppAccess) -> Check:
    """Say whether it may write issues, and so set labels."""
    if not access.may_write_issues:
        return Check("permission", "FAIL", "the App's installation may not write issues", OF_APP.permission)
    return Check("permission", "ok", "the App may write issues")
