"""The settings: one frozen object built from a given mapping.

It cannot exist half-filled: `Settings.load` either returns it whole or raises `InvalidSettings`, which lists every
fault with its remedy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from booty.observability.alert import Severity
from booty.observability.faults import REMEDIES, Fault, InvalidSettings

SECRETS = ("SENTRY_WEBHOOK_SECRET", "GITHUB_TOKEN", "SENTRY_DSN", "SENTRY_AUTH_TOKEN")
REPOSITORY = re.compile(
    r"(?:https://[A-Za-z0-9.-]+(?::\d{1,5})?/|(?:ssh://)?git@[A-Za-z0-9.-]+[:/])?"
    r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([A-Za-z0-9._-]{1,100}?)(?:\.git)?/?"
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
OFF = frozenset({"0", "off", "f", "false", "n", "no"})  # what pydantic reads as false


class Settings(BaseModel):
    """Everything the service is told, checked; aliases are the names in the environment."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    webhook_secrets: tuple[SecretStr, ...] = Field(alias="SENTRY_WEBHOOK_SECRET")
    repository: str = Field(alias="TARGET_REPO_URL")
    """`owner/name`."""
    github_token: SecretStr | None = Field(None, alias="GITHUB_TOKEN")
    github_api_url: str = Field("https://api.github.com", alias="GITHUB_API_URL")
    """Without a slash at its end: GitHub answers 404 to a doubled one."""
    github_api_version: str = Field("2022-11-28", alias="GITHUB_API_VERSION", pattern=r"^\d{4}-\d{2}-\d{2}$")
    trigger_label: str = Field("agent:builder", alias="TRIGGER_LABEL", pattern=r"^[^,\x00-\x1f\x7f]{1,50}$")
    min_severity: Severity = Field(Severity.ERROR, alias="OBSV_MIN_SEVERITY")
    cooldown_hours: float = Field(6.0, alias="OBSV_COOLDOWN_HOURS", gt=0, le=8760, allow_inf_nan=False)
    follow: bool = Field(default=True, alias="OBSV_FOLLOW")
    """Tell an issue when its problem recurs, instead of opening another; reopen, mute and close it."""
    reopen_window_days: float = Field(30.0, alias="OBSV_REOPEN_WINDOW_DAYS", ge=0, le=3650, allow_inf_nan=False)
    permalinks: bool = Field(default=True, alias="OBSV_PERMALINKS")
    """Link the calls of a stack to their lines at the commit of the release."""
    suspects: bool = Field(default=True, alias="OBSV_SUSPECTS")
    """Name the last commits that touched the file of the crash, and compare the release with the one before."""
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

    @property
    def web_url(self) -> str:
        """The repository's page for people: on github.com, a ghe.com of one's own, or GitHub Enterprise Server.

        An API on loopback stands in for github.com's.
        """
        api = urlsplit(self.github_api_url)
        own = api.netloc if api.path else api.netloc.removeprefix("api.")
        host = "github.com" if api.hostname in LOOPBACK else own
        return f"https://{host}/{self.repository}"

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
        match = REPOSITORY.fullmatch(text)
        if match is None or match[2] in {".", "..", ".git"}:
            raise PydanticCustomError("repository", "names no repository")
        return f"{match[1]}/{match[2]}"

    @field_validator("github_api_url", "sentry_url")
    @classmethod
    def _check_api_url(cls, text: str) -> str:
        url = urlsplit(text)
        is_private = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
        if not is_private or not url.hostname or url.port == 0 or url.username or url.query or url.fragment:
            raise PydanticCustomError("api_url", "is not an https address without user, query or fragment")
        return text.rstrip("/")

    @field_validator("state_dir")
    @classmethod
    def _check_state_dir(cls, directory: Path) -> Path:
        """Ask whether it could be made and written to, without doing so: a disk that is full now is no fault."""
        nearest = next(path for path in (directory.absolute(), *directory.absolute().parents) if _may(path, os.F_OK))
        if not nearest.is_dir():
            raise PydanticCustomError("state_dir", "{path} is not a directory", {"path": str(nearest)})
        if not _may(nearest, os.W_OK | os.X_OK):
            raise PydanticCustomError("state_dir", "this user may not write to {path}", {"path": str(nearest)})
        return directory

    @field_validator("sentry_release")
    @classmethod
    def _check_release(cls, name: str) -> str:
        if name in {".", "..", "latest"}:
            raise PydanticCustomError("release", "is a name that Sentry refuses")
        return name

    @field_validator("sentry_dsn")
    @classmethod
    def _check_dsn(cls, dsn: SecretStr) -> SecretStr:
        url = urlsplit(dsn.get_secret_value())
        if url.scheme not in {"https", "http"} or not url.hostname or not url.username or not url.path.strip("/"):
            raise PydanticCustomError("dsn", "is not a DSN")
        return dsn

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> Settings:
        """Build the settings from `environ`, where an empty value counts as not set.

        `NAME_FILE` gives the path of a file holding the secret `NAME` (systemd's `LoadCredential`), and
        `STATE_DIRECTORY` (systemd's `StateDirectory`) stands in for `BOOTY_STATE_DIR`. Raises `InvalidSettings`.
        """
        given = {name: value.strip() for name, value in environ.items() if value.strip()}
        given.setdefault("BOOTY_STATE_DIR", given.get("STATE_DIRECTORY", "var").split(":")[0])
        faults = _read_secret_files(given)
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            details = error.errors(include_input=False, include_url=False)
            faults += [_fault(each) for each in details if each["type"] != "missing" or _lacks(given, _name(each))]
            raise InvalidSettings((*faults, *_missing_together(given))) from None
        faults += _missing_together(given)
        if faults:
            raise InvalidSettings(tuple(faults))
        return settings


def _may(path: Path, mode: int) -> bool:
    """Ask for the rights of the user that this process acts as; False as well where `path` cannot be looked at."""
    return os.access(path, mode, effective_ids=True)


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
            given[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            faults.append(Fault(f"{name}_FILE", f"{path!r} cannot be read: {reason}", "name a readable file"))
    return faults


def _name(detail: ErrorDetails) -> str:
    return str(detail["loc"][0])


def _fault(detail: ErrorDetails) -> Fault:
    name = _name(detail)
    problem = "is not set" if detail["type"] == "missing" else f"cannot be used ({detail['msg']})"
    return Fault(name, problem, REMEDIES[name])


def _missing_together(given: Mapping[str, str]) -> list[Fault]:
    """Find what is missing only because of another setting."""
    faults = []
    if _lacks(given, "GITHUB_TOKEN") and given.get("BOOTY_PREVIEW", "0").lower() in OFF:
        faults.append(Fault("GITHUB_TOKEN", "is not set", REMEDIES["GITHUB_TOKEN"]))
    environment = given.get("SENTRY_ENVIRONMENT", "").lower()
    if environment in {"production", "prod"} and _lacks(given, "SENTRY_DSN"):
        faults.append(Fault("SENTRY_DSN", "is not set, in production", REMEDIES["SENTRY_DSN"]))
    return faults
