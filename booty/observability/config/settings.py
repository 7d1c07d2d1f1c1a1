"""The settings: one frozen object built from a given mapping.

It cannot exist half-filled: `Settings.load` either returns it whole or raises `InvalidSettings`, which lists every
fault with its remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import field

from booty.observability.alerts.filters import Policy
from booty.observability.alerts.handover.terms import Terms
from booty.observability.alerts.routing.route import Route
from booty.observability.alerts.severity import Severity
from booty.observability.config import state_directory
from booty.observability.config.environment import KNOWN, read_secret_files, wrong_together
from booty.observability.config.names import unknown_names
from booty.observability.config.reading import read_variables
from booty.observability.config.repository import web_host
from booty.observability.config.routes.setting import NAME as ROUTES
from booty.observability.config.routes.setting import routes_of
from booty.observability.config.variables import Variables
from booty.observability.config_errors import REMEDIES, InvalidSettings, UnknownName

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60.0, 3600.0, 24 * 3600.0


class Settings(Variables, frozen=True, kw_only=True):
    """Everything that can be set, checked."""

    routes: tuple[Route, ...] | None = field(default=None, name=ROUTES)
    """Read from the file that is named; None when none is."""
    unknown_names: tuple[UnknownName, ...] = ()
    """What was given and looks like a setting, but is not one."""

    @property
    def web_url(self) -> str:
        """The repository's page for people."""
        return f"https://{web_host(self.github_api_url)}/{self.repository}"

    @property
    def min_severity_of(self) -> dict[str, Severity]:
        """The least severity of each category that has one of its own."""
        own = {
            "performance": self.min_severity_performance,
            "feedback": self.min_severity_feedback,
            "cron": self.min_severity_cron,
            "uptime": self.min_severity_uptime,
            "metric": self.min_severity_metric,
        }
        return {category: least for category, least in own.items() if least is not None}

    @property
    def policy(self) -> Policy:
        """What is to be filed."""
        return Policy(self.min_severity, self.cooldown_seconds, self.min_severity_of, is_following=self.follow)

    @property
    def cooldown_seconds(self) -> float:
        """The cooldown of a fingerprint, in seconds."""
        return self.cooldown_hours * HOUR_SECONDS

    @property
    def new_release_seconds(self) -> float:
        """For how long a release is new, in seconds."""
        return self.new_release_minutes * MINUTE_SECONDS

    @property
    def verify_seconds(self) -> float:
        """For how long a problem stays quiet until its issue is verified, in seconds."""
        return self.verify_days * DAY_SECONDS

    @property
    def terms(self) -> Terms:
        """On what terms an issue is handed over where no route says otherwise."""
        return Terms(self.handover, self.handover_per_day, self.protected_paths or ())

    @property
    def is_watched(self) -> bool:
        """Somebody is to be told when the pipe is broken; a release on trial has none of its own."""
        return (self.heartbeat_url is not None or self.silence_hours > 0) and not self.candidate

    @classmethod
    def load(cls, environ: Mapping[str, str], *, is_directory_tried: bool = True) -> Settings:
        """Build the settings from `environ`, where an empty value counts as not set.

        `NAME_FILE` gives the path of a file holding the secret `NAME` (systemd's `LoadCredential`), and
        `STATE_DIRECTORY` (systemd's `StateDirectory`) is used where `BOOTY_STATE_DIR` is not set; whether it can hold a
        ledger counts only if `is_directory_tried`.

        Raises `InvalidSettings`.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        given["BOOTY_STATE_DIR"] = str(state_directory.named_in(given))
        unknown = unknown_names(given, KNOWN)
        faults = read_secret_files(given)
        values, wrong = read_variables(given, instead={} if is_directory_tried else {"BOOTY_STATE_DIR": Path})
        routes, wrong_routes = routes_of(given[ROUTES], values) if ROUTES in given else (None, ())
        order = list(REMEDIES)
        faults += sorted((*wrong, *wrong_routes), key=lambda fault: order.index(fault.name))
        faults += wrong_together(given)
        if faults:
            raise InvalidSettings(tuple(faults), unknown)
        return cls(**values, routes=routes, unknown_names=unknown)
