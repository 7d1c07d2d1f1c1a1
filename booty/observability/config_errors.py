"""Faults of the settings, each with its remedy."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = "use one of fatal, error, warning, info, debug"
CATEGORIES = ("PERFORMANCE", "FEEDBACK", "CRON", "UPTIME", "METRIC")
REMEDIES = {
    "SENTRY_WEBHOOK_SECRET": "set the client secret of the Sentry integration; comma-separated during rotation",
    "TARGET_REPO_URL": "set the repository that gets the issues, such as https://github.com/owner/repo",
    "GITHUB_TOKEN": "set a fine-grained token with 'issues: write' there, or GITHUB_APP_ID; BOOTY_PREVIEW=1 needs none",
    "GITHUB_APP_ID": "set the App ID or client ID that the App's settings show, or neither it nor its key",
    "GITHUB_APP_PRIVATE_KEY": "name the .pem file that GitHub gave you: GITHUB_APP_PRIVATE_KEY_FILE=/path",
    "GITHUB_API_URL": "use an https address, such as https://api.github.com or https://HOST/api/v3",
    "GITHUB_API_VERSION": "use a date as GitHub names its versions, such as 2022-11-28",
    "TRIGGER_LABEL": "use a label of 1 to 50 characters without commas or control characters",
    "OBSV_HANDOVER": "use label, gate or copilot",
    "OBSV_HANDOVER_PER_DAY": "use a whole number from 0 (no limit) to 1000000, such as 5",
    "OBSV_PROTECTED_PATHS": "use paths in the repository, separated by commas, such as payments/**,auth/*.py",
    "OBSV_MIN_SEVERITY": LEVELS,
    **{f"OBSV_MIN_SEVERITY_{category}": f"{LEVELS}; or none" for category in CATEGORIES},
    "OBSV_COOLDOWN_HOURS": "use a number of hours above 0 and at most 8760, such as 6 or 0.5",
    "OBSV_FOLLOW": "use 1 or 0",
    "OBSV_REOPEN_WINDOW_DAYS": "use a number of days from 0 to 3650, such as 30",
    "OBSV_PERMALINKS": "use 1 or 0",
    "OBSV_SUSPECTS": "use 1 or 0",
    "OBSV_NEW_RELEASE_MINUTES": "use a number of minutes from 0 (never) to 1440, such as 30",
    "OBSV_VERIFY_DAYS": "use a number of days from 0 (never) to 365, such as 7",
    "OBSV_STORM": "use a number of problems in a time, such as 30/10m, or 0 (never)",
    "OBSV_LOCALS": "use 1 or 0",
    "OBSV_PERSONAL_DATA": "use masked or keep",
    "SENTRY_AUTH_TOKEN": "set a token with 'Issue & Event: Write', or neither it nor SENTRY_ORG",
    "SENTRY_ORG": "set the slug of the Sentry organization, or neither it nor SENTRY_AUTH_TOKEN",
    "SENTRY_URL": "use the address of your Sentry, such as https://sentry.io or http://sentry.lan:9000",
    "OBSV_RECONCILE": "use gap, all or 0",
    "OBSV_PAGE_PASSWORD": "use a password of at least 8 characters without line breaks, or none: then there is no page",
    "BOOTY_STATE_DIR": "name a directory on a local disk that the service may write to",
    "BOOTY_LEDGER_URL": "use postgresql://user:password@host:5432/name?sslmode=require, or none: then it is a file",
    "BOOTY_PREVIEW": "use 1 or 0",
    "BOOTY_CANDIDATE": "use 1 or 0",
    "BOOTY_APP": "use module:attribute of a WSGI application, such as shop.wsgi:app",
    "SENTRY_DSN": "set the DSN of the Sentry project that watches this service; only production needs it",
    "SENTRY_RELEASE": "use a release name of at most 200 characters without / \\ or spaces, such as booty@<sha>",
    "SENTRY_ENVIRONMENT": "use a name of at most 64 characters without / or spaces, such as production",
    "SENTRY_SAMPLE_RATE": "use a number from 0 to 1",
    "OBSV_HEARTBEAT_URL": "use the ping address of your check, such as https://hc-ping.com/<uuid>, or none",
    "OBSV_SILENCE_HOURS": "use a number of hours from 0 (never) to 8760, such as 48",
    "OBSV_METRICS_BIND": "use an address of this machine, such as 127.0.0.1:9464, or unix:/path, or none",
    "OBSV_METRICS_PUBLIC": "use 1 or 0",
    "OBSV_ROUTES": "name a file as docs/routing.md shows it, or none",
    "PORT": "use a port from 1 to 65535, or none",
    "WEB_CONCURRENCY": "use a whole number of processes from 1 to 256, or none",
}


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that this release does not know, and the nearest that it does, if any is near."""

    name: str
    nearest: str | None

    @property
    def hint(self) -> str:
        """The end of a sentence about it."""
        return f"; did you mean {self.nearest}?" if self.nearest else ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong setting: its name, what is wrong with it, what to do."""

    name: str
    problem: str
    remedy: str


class Unusable(ValueError):
    """A setting's text that cannot be used; this one's text says why, in an operator's words."""


class InvalidSettings(Exception):
    """The settings cannot be used; `faults` holds every one that is wrong, `unknown` what may be a misspelt one."""

    def __init__(self, faults: tuple[Fault, ...], unknown: tuple[UnknownName, ...] = ()) -> None:
        """Take all faults at once, so that one start shows them all."""
        self.faults = faults
        self.unknown = unknown
        lines = (f"  {fault.name}: {fault.problem}\n      {fault.remedy}" for fault in faults)
        count = "1 setting is" if len(faults) == 1 else f"{len(faults)} settings are"
        names = (f"  {each.name}: is not known and does nothing{each.hint}" for each in unknown)
        super().__init__(f"{count} missing or wrong:\n" + "\n".join((*lines, *names)))
