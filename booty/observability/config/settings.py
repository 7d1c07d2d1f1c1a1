"""The settings: one frozen object built from a given mapping.

It cannot exist half-filled: `Settings.load` either returns it whole or raises `InvalidSettings`, which lists every
fault with its remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from sentry_sdk.utils import Dsn

from booty.observability.alerts.alert import Severity
from booty.observability.config import state_directory
from booty.observability.config.names import unknown_names
from booty.observability.config.target import LOOPBACK, misfit, read_target, web_host
from booty.observability.config_errors import REMEDIES, Fault, InvalidSettings, UnknownName

SECRETS = ("SENTRY_WEBHOOK_SECRET", "GITHUB_TOKEN", "SENTRY_DSN", "SENTRY_AUTH_TOKEN")
SHORTEST_SECRET = 16
"""Characters of a webhook secret: Sentry's own have 64, and a short one can be guessed from one signed body."""
API_URL = "https://api.github.com"
PAIRS = (("SENTRY_AUTH_TOKEN", "SENTRY_ORG"),)
"""Settings that only work together."""
KNOWN = frozenset({*REMEDIES, *(f"{name}_FILE" for name in SECRETS)})
GITHUBS = frozenset({"github.com", "www.github.com", "api.github.com"})
WORDLESS = frozenset(
    {"string_pattern_mismatch", "bool_parsing", "float_parsing", "enum", "literal_error", "value_error"}
)
"""Pydantic's errors whose words tell an operator less than the remedy does."""
OFF = frozenset({"0", "off", "f", "false", "n", "no"})  # what pydantic reads as false


class Settings(BaseModel):
    """Everything the service is told, checked; aliases are the names in the environment."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    webhook_secrets: tuple[SecretStr, ...] = Field(alias="SENTRY_WEBHOOK_SECRET")
    repository: str = Field(alias="TARGET_REPO_URL")
    """`owner/name`."""
    github_token: SecretStr | None = Field(None, alias="GITHUB_TOKEN")
    github_api_url: str = Field(API_URL, alias="GITHUB_API_URL")
    """Without a slash at its end: GitHub answers 404 to a doubled one."""
    github_api_version: str = Field("2022-11-28", alias="GITHUB_API_VERSION", pattern=r"^\d{4}-\d{2}-\d{2}$")
    trigger_label: str = Field("agent:builder", alias="TRIGGER_LABEL", pattern=r"^[^,\x00-\x1f\x7f]{1,50}$")
    min_severity: Severity = Field(Severity.ERROR, alias="OBSV_MIN_SEVERITY")
    # For problems that are no errors, which Sentry calls info or warning; None is as with all others.
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
    sentry_auth_token: SecretStr | None = Field(None, alias="SENTRY_AUTH_TOKEN")
    sentry_org: str | None = Field(None, alias="SENTRY_ORG", pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    sentry_url: str = Field("https://sentry.io", alias="SENTRY_URL")
    state_dir: Path = Field(Path("var"), alias="BOOTY_STATE_DIR")
    preview: bool = Field(default=False, alias="BOOTY_PREVIEW")
    candidate: bool = Field(default=False, alias="BOOTY_CANDIDATE")
    """A release on trial beside the live one: it answers requests and files nothing."""
    app: str | None = Field(None, alias="BOOTY_APP", pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$")
    sentry_dsn: SecretStr | None = Field(None, alias="SENTRY_DSN")
    sentry_release: str | None = Field(None, alias="SENTRY_RELEASE", pattern=r"^[^\s/\\]{1,200}$")
    sentry_environment: str = Field("development", alias="SENTRY_ENVIRONMENT", pattern=r"^[^\s/]{1,64}$")
    sentry_sample_rate: float = Field(1.0, alias="SENTRY_SAMPLE_RATE", ge=0, le=1, allow_inf_nan=False)
    # gunicorn reads these two itself; checked here, so that they are told of with all others.
    port: int | None = Field(None, alias="PORT", ge=1, le=65535)
    workers: int = Field(2, alias="WEB_CONCURRENCY", ge=1, le=256)
    unknown_names: tuple[UnknownName, ...] = ()
    """What was given and looks like a setting, but is none."""

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
    def cooldown_seconds(self) -> float:
        """The cooldown of a fingerprint, in seconds."""
        return self.cooldown_hours * 3600

    @field_validator("webhook_secrets", mode="before")
    @classmethod
    def _split_secrets(cls, text: str) -> tuple[str, ...]:
        secrets = tuple(part.strip() for part in text.split(",") if part.strip())
        if not secrets:
            raise PydanticCustomError("empty", "is empty")
        if any(not secret.isprintable() for secret in secrets):
            raise PydanticCustomError("unprintable", "holds a line break, or another character that is not shown")
        if any(len(secret) < SHORTEST_SECRET for secret in secrets):
            problem = (
                "one is shorter than {count} characters" if len(secrets) > 1 else "shorter than {count} characters"
            )
            raise PydanticCustomError("short", problem, {"count": SHORTEST_SECRET})
        return secrets

    @field_validator("github_token", "sentry_auth_token")
    @classmethod
    def _check_token(cls, token: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[\x21-\x7e]+", token.get_secret_value()):
            raise PydanticCustomError("token", "cannot stand in a header")
        return token

    @field_validator("repository")
    @classmethod
    def _name_repository(cls, text: str) -> str:
        target = read_target(text)
        if target is None:
            raise PydanticCustomError("repository", "names no repository")
        return target.name

    @field_validator("sentry_url")
    @classmethod
    def _check_sentry_url(cls, text: str) -> str:
        url = urlsplit(text)
        if (
            url.scheme not in {"https", "http"}
            or not url.hostname
            or url.port == 0
            or url.username
            or url.query
            or url.fragment
        ):
            raise PydanticCustomError("sentry_url", "is not an address without user, query or fragment")
        return text.rstrip("/")

    @field_validator("github_api_url")
    @classmethod
    def _check_api_url(cls, text: str) -> str:
        url = urlsplit(text)
        is_private = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
        if not is_private or not url.hostname or url.port == 0 or url.username or url.query or url.fragment:
            raise PydanticCustomError("api_url", "is not an https address without user, query or fragment")
        if url.hostname in GITHUBS and text.rstrip("/").lower() != API_URL:
            raise PydanticCustomError("api_url", "is an address of GitHub, but not that of its API")
        return text.rstrip("/")

    @field_validator("state_dir")
    @classmethod
    def _check_state_dir(cls, directory: Path) -> Path:
        fault = state_directory.fault_of(directory)
        if fault is not None:
            raise PydanticCustomError("state_dir", "{fault}", {"fault": fault})
        return directory

    @field_validator("port", "workers", mode="before")
    @classmethod
    def _check_number(cls, text: str) -> str:
        if not (text.isascii() and text.isdecimal()):
            raise PydanticCustomError("number", "is not a whole number")
        return text

    @field_validator("sentry_release")
    @classmethod
    def _check_release(cls, name: str) -> str:
        if name in {".", "..", "latest"}:
            raise PydanticCustomError("release", "is a name that Sentry refuses")
        return name

    @field_validator("sentry_dsn")
    @classmethod
    def _check_dsn(cls, dsn: SecretStr) -> SecretStr:
        try:
            Dsn(dsn.get_secret_value())
        except ValueError:
            raise PydanticCustomError("dsn", "is not a DSN") from None
        return dsn

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Settings:
        """Build the settings from `environ`, where an empty value counts as not set.

        `NAME_FILE` gives the path of a file holding the secret `NAME` (systemd's `LoadCredential`), and
        `STATE_DIRECTORY` (systemd's `StateDirectory`) stands in for `BOOTY_STATE_DIR`. Raises `InvalidSettings`.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        given["BOOTY_STATE_DIR"] = str(state_directory.named_in(given))
        unknown = unknown_names(given, KNOWN)
        faults = _read_secret_files(given)
        try:
            settings = cls.model_validate({**given, "unknown_names": unknown})
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False)
            faults += [_fault(each) for each in details if each["type"] != "missing" or _lacks(given, _name(each))]
            raise InvalidSettings((*faults, *_wrong_together(given)), unknown) from None
        faults += _wrong_together(given)
        if faults:
            raise InvalidSettings(tuple(faults), unknown)
        return settings


def _lacks(given: Mapping[str, str], name: str) -> bool:
    """Say whether nothing was given for `name`; a file that cannot be read is a fault of its own."""
    return name not in given and f"{name}_FILE" not in given


def _read_secret_files(given: dict[str, str]) -> list[Fault]:
    """Put the content of every `NAME_FILE` under `NAME`; return what could not be read."""
    faults = []
    for name in SECRETS:
        path = given.get(f"{name}_FILE")
        if path is None:
            continue
        if name in given:
            faults.append(Fault(f"{name}_FILE", f"is set beside {name}", f"keep one of {name} or {name}_FILE"))
            continue
        try:
            given[name] = Path(path).read_text(encoding="utf-8-sig").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            faults.append(Fault(f"{name}_FILE", f"{path!r} cannot be read: {reason}", "name a readable file"))
    return faults


def _name(detail: ErrorDetails) -> str:
    return str(detail["loc"][0])


def _fault(detail: ErrorDetails) -> Fault:
    name = _name(detail)
    why = "" if detail["type"] in WORDLESS else f" ({detail['msg']})"
    return Fault(name, "is not set" if detail["type"] == "missing" else f"cannot be used{why}", REMEDIES[name])


def _wrong_together(given: Mapping[str, str]) -> list[Fault]:
    """Find what is missing or wrong only because of another setting."""
    misfitting = misfit(given.get("TARGET_REPO_URL", ""), given.get("GITHUB_API_URL", API_URL))
    faults = [misfitting] if misfitting else []
    if _lacks(given, "GITHUB_TOKEN") and given.get("BOOTY_PREVIEW", "0").lower() in OFF:
        faults.append(Fault("GITHUB_TOKEN", "is not set", REMEDIES["GITHUB_TOKEN"]))
    environment = given.get("SENTRY_ENVIRONMENT", "").lower()
    if environment in {"production", "prod"} and _lacks(given, "SENTRY_DSN"):
        faults.append(Fault("SENTRY_DSN", "is not set, in production", REMEDIES["SENTRY_DSN"]))
    for one, other in (*PAIRS, *(pair[::-1] for pair in PAIRS)):
        if _lacks(given, one) and not _lacks(given, other):
            faults.append(Fault(one, f"is not set, but {other} is", REMEDIES[one]))
    return faults
