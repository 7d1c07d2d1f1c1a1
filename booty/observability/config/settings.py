"""The settings: one frozen object built from a given mapping.

It cannot exist half-filled: `Settings.load` either returns it whole or raises `InvalidSettings`, which lists every
fault with its remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, Field, ValidationError

from booty.observability.alerts.filters import Policy
from booty.observability.alerts.severity import Severity
from booty.observability.config import kinds, state_directory
from booty.observability.config.environment import KNOWN, read_secret_files, wrong_together
from booty.observability.config.faults import refused
from booty.observability.config.groups.handover import HandoverSettings
from booty.observability.config.groups.releases import ReleaseSettings
from booty.observability.config.groups.storm import StormSettings
from booty.observability.config.groups.watch import WatchSettings
from booty.observability.config.ledger_url import LedgerUrl
from booty.observability.config.names import unknown_names
from booty.observability.config.private_key import PrivateKey
from booty.observability.config.repository import GITHUB_API, web_host
from booty.observability.config.routes.setting import Routes
from booty.observability.config_errors import InvalidSettings, UnknownName


class Settings(HandoverSettings, ReleaseSettings, StormSettings, WatchSettings):
    """Everything that can be set, checked; aliases are the names in the environment."""

    # Python's patterns: Rust's take 1.3 MiB, for as long as the service runs
    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, regex_engine="python-re", arbitrary_types_allowed=True
    )

    webhook_secrets: kinds.WebhookSecrets = Field(alias="SENTRY_WEBHOOK_SECRET")
    repository: kinds.Repository = Field(alias="TARGET_REPO_URL")
    github_token: kinds.Token | None = Field(None, alias="GITHUB_TOKEN")
    # With both, the tokens are those of a GitHub App.
    github_app_id: str | None = Field(None, alias="GITHUB_APP_ID", pattern=r"^[A-Za-z0-9._-]{1,64}\Z")
    github_app_private_key: PrivateKey | None = Field(None, alias="GITHUB_APP_PRIVATE_KEY")
    github_api_url: kinds.ApiUrl = Field(GITHUB_API, alias="GITHUB_API_URL")
    github_api_version: str = Field("2022-11-28", alias="GITHUB_API_VERSION", pattern=r"^\d{4}-\d{2}-\d{2}\Z")
    trigger_label: str = Field("agent:builder", alias="TRIGGER_LABEL", pattern=r"^[^,\x00-\x1f\x7f]{1,50}\Z")
    min_severity: Severity = Field(Severity.ERROR, alias="OBSV_MIN_SEVERITY")
    # For problems that are not errors, which Sentry calls info or warning; None: the same as for all others.
    min_severity_performance: Severity | None = Field(None, alias="OBSV_MIN_SEVERITY_PERFORMANCE")
    min_severity_feedback: Severity | None = Field(None, alias="OBSV_MIN_SEVERITY_FEEDBACK")
    min_severity_cron: Severity | None = Field(None, alias="OBSV_MIN_SEVERITY_CRON")
    min_severity_uptime: Severity | None = Field(None, alias="OBSV_MIN_SEVERITY_UPTIME")
    min_severity_metric: Severity | None = Field(None, alias="OBSV_MIN_SEVERITY_METRIC")
    cooldown_hours: float = Field(6.0, alias="OBSV_COOLDOWN_HOURS", gt=0, le=8760, allow_inf_nan=False)
    follow: bool = Field(default=True, alias="OBSV_FOLLOW")
    """Tell an issue when its problem recurs, instead of opening another; reopen, mute and close it."""
    reopen_window_days: float = Field(30.0, alias="OBSV_REOPEN_WINDOW_DAYS", ge=0, le=3650, allow_inf_nan=False)
    permalinks: bool = Field(default=True, alias="OBSV_PERMALINKS")
    """Link the calls of a stack to their lines at the commit of the release."""
    suspects: bool = Field(default=True, alias="OBSV_SUSPECTS")
    """Name the last commits that touched the file of the crash, and compare the release with the one before."""
    locals: bool = Field(default=False, alias="OBSV_LOCALS")
    """Keep and show the local variables of the frame that crashed."""
    personal_data: Literal["masked", "keep"] = Field("masked", alias="OBSV_PERSONAL_DATA")
    """Whether mail addresses, public IP addresses, phone, card and account numbers are masked in what is stored."""
    # With both, an issue that is closed as completed resolves its problem in Sentry.
    sentry_auth_token: kinds.Token | None = Field(None, alias="SENTRY_AUTH_TOKEN")
    sentry_org: str | None = Field(None, alias="SENTRY_ORG", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\Z")
    sentry_url: kinds.SentryUrl = Field("https://sentry.io", alias="SENTRY_URL")
    reconcile: Literal["gap", "all", "0"] = Field("gap", alias="OBSV_RECONCILE")
    """When Sentry is asked, with both, for what never arrived: after an absence, every 15 minutes too, or never."""
    page_password: kinds.PagePassword | None = Field(None, alias="OBSV_PAGE_PASSWORD")
    """Switches the operator's page on."""
    state_dir: kinds.StateDirectory = Field(Path("var"), alias="BOOTY_STATE_DIR")
    ledger_url: LedgerUrl | None = Field(None, alias="BOOTY_LEDGER_URL")
    """The database that holds the ledger, of several machines; None: a file in the state directory does."""
    preview: bool = Field(default=False, alias="BOOTY_PREVIEW")
    candidate: bool = Field(default=False, alias="BOOTY_CANDIDATE")
    """A release on trial beside the live one: it answers requests and files nothing."""
    app: str | None = Field(None, alias="BOOTY_APP", pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*\Z")
    sentry_dsn: kinds.SentryDsn | None = Field(None, alias="SENTRY_DSN")
    sentry_release: kinds.Release | None = Field(None, alias="SENTRY_RELEASE")
    sentry_environment: str = Field("development", alias="SENTRY_ENVIRONMENT", pattern=r"^[^\s/]{1,64}\Z")
    sentry_sample_rate: float = Field(1.0, alias="SENTRY_SAMPLE_RATE", ge=0, le=1, allow_inf_nan=False)
    routes: Routes | None = Field(None, alias="OBSV_ROUTES")
    """Read from the file that is named; None when none is."""
    # gunicorn reads these two itself; checked here, so that their faults are listed with all others.
    port: kinds.WholeNumber | None = Field(None, alias="PORT", ge=1, le=65535)
    workers: kinds.WholeNumber = Field(2, alias="WEB_CONCURRENCY", ge=1, le=256)
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
        return self.cooldown_hours * 3600

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
        try:
            context = None if is_directory_tried else kinds.UNTRIED
            settings = cls.model_validate({**given, "unknown_names": unknown}, context=context)
        except ValidationError as error:
            faults += refused(error, given)
            raise InvalidSettings((*faults, *wrong_together(given)), unknown) from None
        faults += wrong_together(given)
        if faults:
            raise InvalidSettings(tuple(faults), unknown)
        return settings
