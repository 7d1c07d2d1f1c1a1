"""`booty route`: which route an alert takes, what it sets, why it is that one."""

from __future__ import annotations

import click
from msgspec.structs import replace

from booty.observability.alerts.routing.choice import steps
from booty.observability.alerts.routing.route import Route, Traits
from booty.observability.alerts.severity import Severity
from booty.observability.config.environment import lacks
from booty.observability.config_errors import InvalidSettings
from booty.observability.ops.console.command import Command, is_json_option
from booty.observability.ops.console.exits import asking_for_settings
from booty.observability.ops.console.given import Given
from booty.observability.ops.console.output import show, show_json
from booty.observability.ops.routing.route_text import as_json, as_text
from booty.observability.text.terminal import plain

NEEDED = (
    "GITHUB_API_URL", "TRIGGER_LABEL", "OBSV_MIN_SEVERITY", "OBSV_MIN_SEVERITY_PERFORMANCE",
    "OBSV_MIN_SEVERITY_FEEDBACK", "OBSV_MIN_SEVERITY_CRON", "OBSV_MIN_SEVERITY_UPTIME", "OBSV_MIN_SEVERITY_METRIC",
    "OBSV_COOLDOWN_HOURS", "OBSV_HANDOVER",
)  # fmt: skip
TARGET, ROUTES = "TARGET_REPO_URL", "OBSV_ROUTES"


@click.command(cls=Command)
@click.option("--organization", help="the name before the secret that signs it")
@click.option("--project", "projects", multiple=True, help="the project's slug or number; both: give it twice")
@click.option("--environment", help="such as production")
@click.option("--level", type=click.Choice([each.value for each in Severity]), help="such as error")
@click.option("--tag", "tags", multiple=True, metavar="NAME=VALUE", help="any number of them")
@is_json_option
@click.pass_obj
def command(  # noqa: PLR0913 - one for each option
    given: Given,
    *,
    organization: str | None,
    projects: tuple[str, ...],
    environment: str | None,
    level: str | None,
    tags: tuple[str, ...],
    is_json: bool,
) -> int:
    """Show which route an alert takes, what becomes of it there, why it is that route.

    What an option does not say, the alert does not say either. Only settings and the file of routes are read.
    """
    traits = Traits(organization, projects, environment, Severity(level) if level else None, tuple(map(_tag, tags)))
    has_target = TARGET in given.environ
    settings = given.settings_for(*NEEDED, *([TARGET] if has_target else []))
    asked = tuple(steps(traits, _routes(given, default=settings.repository, api_url=settings.github_api_url)))
    app = {"github_app_id": given.environ.get("GITHUB_APP_ID")}  # named only: its key need not be readable here
    settings = replace(settings, **app, **({} if has_target else {"repository": ""}))
    if is_json:
        show_json(as_json(asked, traits, settings))
    else:
        has_app = not lacks(given.environ, "GITHUB_APP_ID")
        lines = as_text(asked, traits, settings, path=given.environ.get(ROUTES), has_app=has_app)
        show("\n".join(map(plain, lines)))
    return 0


def _tag(text: str) -> tuple[str, str]:
    name, is_given, value = text.partition("=")
    if not (name and is_given):
        raise click.UsageError(f"{text!r} is not NAME=VALUE", click.get_current_context())
    return name, value


def _routes(given: Given, *, default: str, api_url: str) -> tuple[Route, ...]:
    """Return the routes of the file that is set, none if none is. Raises `WrongSettings`."""
    from booty.observability.config.routes.reading import WrongRoutes, read_routes  # noqa: PLC0415 - takes a while

    if (path := given.environ.get(ROUTES)) is None:
        return ()
    with asking_for_settings():
        try:
            return read_routes(path, default=default, api_url=api_url)
        except WrongRoutes as error:
            raise InvalidSettings(error.faults) from None
