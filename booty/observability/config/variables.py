"""What can be set: each variable with its name in the environment, its kind, its default."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from msgspec import Struct, field

from booty.observability.alerts.routing.route import Handover
from booty.observability.alerts.severity import Severity
from booty.observability.alerts.storm.limit import StormLimit
from booty.observability.config.kinds import addresses, secrets
from booty.observability.config.kinds.paths import ProtectedPaths
from booty.observability.config.kinds.plain import Level, Release, Switch, number, of_form, whole_number
from booty.observability.config.kinds.storm import Storm
from booty.observability.config.ledger_url import LedgerUrl
from booty.observability.config.private_key import PrivateKey
from booty.observability.config.repository import GITHUB_API


class Variables(Struct, frozen=True, kw_only=True):
    """The value of each; `reading` makes them."""

    webhook_secrets: secrets.WebhookSecrets = field(name="SENTRY_WEBHOOK_SECRET")
    repository: addresses.Repository = field(name="TARGET_REPO_URL")
    github_token: secrets.Token | None = field(default=None, name="GITHUB_TOKEN")
    # With both, the tokens are those of a GitHub App.
    github_app_id: Annotated[str, of_form(r"[A-Za-z0-9._-]{1,64}")] | None = field(default=None, name="GITHUB_APP_ID")
    github_app_private_key: PrivateKey | None = field(default=None, name="GITHUB_APP_PRIVATE_KEY")
    github_api_url: addresses.ApiUrl = field(default=GITHUB_API, name="GITHUB_API_URL")
    github_api_version: Annotated[str, of_form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")] = field(
        default="2022-11-28", name="GITHUB_API_VERSION"
    )
    trigger_label: Annotated[str, of_form(r"[^,\x00-\x1f\x7f]{1,50}")] = field(
        default="agent:builder", name="TRIGGER_LABEL"
    )
    handover: Handover = field(default="label", name="OBSV_HANDOVER")
    """Who gets a new issue."""
    handover_per_day: Annotated[int, whole_number(most=1_000_000)] = field(default=0, name="OBSV_HANDOVER_PER_DAY")
    """How many issues are handed over on one day (UTC); 0: any number."""
    protected_paths: ProtectedPaths | None = field(default=None, name="OBSV_PROTECTED_PATHS")
    """Where a crash is always looked at by a person first."""
    min_severity: Level = field(default=Severity.ERROR, name="OBSV_MIN_SEVERITY")
    # For problems that are not errors, which Sentry calls info or warning; None: the same as for all others.
    min_severity_performance: Level | None = field(default=None, name="OBSV_MIN_SEVERITY_PERFORMANCE")
    min_severity_feedback: Level | None = field(default=None, name="OBSV_MIN_SEVERITY_FEEDBACK")
    min_severity_cron: Level | None = field(default=None, name="OBSV_MIN_SEVERITY_CRON")
    min_severity_uptime: Level | None = field(default=None, name="OBSV_MIN_SEVERITY_UPTIME")
    min_severity_metric: Level | None = field(default=None, name="OBSV_MIN_SEVERITY_METRIC")
    cooldown_hours: Annotated[float, number(above=0, most=8760)] = field(default=6.0, name="OBSV_COOLDOWN_HOURS")
    follow: Switch = field(default=True, name="OBSV_FOLLOW")
    """Tell an issue when its problem recurs, instead of opening another; reopen, mute and close it."""
    reopen_window_days: Annotated[float, number(least=0, most=3650)] = field(
        default=30.0, name="OBSV_REOPEN_WINDOW_DAYS"
    )
    permalinks: Switch = field(default=True, name="OBSV_PERMALINKS")
    """Link the calls of a stack to their lines at the commit of the release."""
    suspects: Switch = field(default=True, name="OBSV_SUSPECTS")
    """Name the last commits that touched the file of the crash, and compare the release with the one before."""
    new_release_minutes: Annotated[float, number(least=0, most=1440)] = field(
        default=30.0, name="OBSV_NEW_RELEASE_MINUTES"
    )
    """For how long after its first sighting a release is new: what begins with it proposes to go back; 0: never."""
    verify_days: Annotated[float, number(least=0, most=365)] = field(default=0.0, name="OBSV_VERIFY_DAYS")
    """For how long a problem stays quiet after its closing until its issue is called verified; 0: never."""
    storm: Storm = field(default=StormLimit(30, 600.0), name="OBSV_STORM")
    """How many new problems are filed one by one, in how long; None: all of them."""
    locals: Switch = field(default=False, name="OBSV_LOCALS")
    """Keep and show the local variables of the frame that crashed."""
    personal_data: Literal["masked", "keep"] = field(default="masked", name="OBSV_PERSONAL_DATA")
    """Whether mail addresses, public IP addresses, phone, card and account numbers are masked in what is stored."""
    # With both, an issue that is closed as completed resolves its problem in Sentry.
    sentry_auth_token: secrets.Token | None = field(default=None, name="SENTRY_AUTH_TOKEN")
    sentry_org: Annotated[str, of_form(r"[a-z0-9][a-z0-9_-]{0,63}")] | None = field(default=None, name="SENTRY_ORG")
    sentry_url: addresses.SentryUrl = field(default="https://sentry.io", name="SENTRY_URL")
    reconcile: Literal["gap", "all", "0"] = field(default="gap", name="OBSV_RECONCILE")
    """When Sentry is asked, with both, for what never arrived: after an absence, every 15 minutes too, or never."""
    page_password: secrets.PagePassword | None = field(default=None, name="OBSV_PAGE_PASSWORD")
    """Switches the operator's page on."""
    state_dir: addresses.StateDirectory = field(default=Path("var"), name="BOOTY_STATE_DIR")
    ledger_url: LedgerUrl | None = field(default=None, name="BOOTY_LEDGER_URL")
    """The database that holds the ledger, of several machines; None: a file in the state directory does."""
    preview: Switch = field(default=False, name="BOOTY_PREVIEW")
    candidate: Switch = field(default=False, name="BOOTY_CANDIDATE")
    """A release on trial beside the live one: it answers requests and files nothing."""
    app: Annotated[str, of_form(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")] | None = field(default=None, name="BOOTY_APP")
    sentry_dsn: secrets.SentryDsn | None = field(default=None, name="SENTRY_DSN")
    sentry_release: Release | None = field(default=None, name="SENTRY_RELEASE")
    sentry_environment: Annotated[str, of_form(r"[^\s/]{1,64}")] = field(
        default="development", name="SENTRY_ENVIRONMENT"
    )
    sentry_sample_rate: Annotated[float, number(least=0, most=1)] = field(default=1.0, name="SENTRY_SAMPLE_RATE")
    heartbeat_url: addresses.HeartbeatUrl | None = field(default=None, name="OBSV_HEARTBEAT_URL")
    silence_hours: Annotated[float, number(least=0, most=8760)] = field(default=0.0, name="OBSV_SILENCE_HOURS")
    """After how many hours without a webhook an issue says so; 0: never."""
    metrics_bind: addresses.MetricsBind | None = field(default=None, name="OBSV_METRICS_BIND")
    metrics_public: Switch = field(default=False, name="OBSV_METRICS_PUBLIC")
    """The metrics may be served to other machines."""
    # gunicorn reads these two itself; checked here, so that their faults are listed with all others.
    port: Annotated[int, whole_number(least=1, most=65535)] | None = field(default=None, name="PORT")
    workers: Annotated[int, whole_number(least=1, most=256)] = field(default=2, name="WEB_CONCURRENCY")
