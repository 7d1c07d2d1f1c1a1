"""The kinds of values that settings have, each with what it must be like."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from booty.observability.config import state_directory
from booty.observability.config.bind import Bind, read_bind
from booty.observability.config.repository import GITHUB_API, LOOPBACK, read_repository
from booty.observability.text.sealed import Secret

SHORTEST_SECRET = 16
"""Characters of a webhook secret: Sentry's own have 64, and a short one can be guessed from one signed body."""
SHORTEST_PASSWORD = 8
"""Characters; the page limits the tries besides."""
UNTRIED = "the state directory is taken as it is"
"""The context of a validation that looks at the other settings alone."""
GITHUBS = frozenset({"github.com", "www.github.com", "api.github.com"})


def _split_secrets(text: str) -> tuple[Secret, ...]:
    secrets = tuple(part.strip() for part in text.split(",") if part.strip())
    if not secrets:
        raise PydanticCustomError("empty", "is empty")
    if any(not secret.isprintable() for secret in secrets):
        raise PydanticCustomError("unprintable", "holds a line break, or another character that is not shown")
    if any(len(secret) < SHORTEST_SECRET for secret in secrets):
        problem = "one is shorter than {count} characters" if len(secrets) > 1 else "shorter than {count} characters"
        raise PydanticCustomError("short", problem, {"count": SHORTEST_SECRET})
    return tuple(map(Secret, secrets))


def _check_token(text: str) -> Secret:
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        empty, odd = "is empty", "holds characters that an HTTP header cannot"
        raise PydanticCustomError("token", odd if text else empty)
    return Secret(text)


def _check_password(text: str) -> Secret:
    if not text.isprintable():
        raise PydanticCustomError("unprintable", "holds a line break, or another character that is not shown")
    if len(text) < SHORTEST_PASSWORD:
        raise PydanticCustomError("short", "is shorter than {count} characters", {"count": SHORTEST_PASSWORD})
    return Secret(text)


def _name_repository(text: str) -> str:
    target = read_repository(text)
    if target is None:
        raise PydanticCustomError("repository", "does not name a repository")
    return target.name


def _check_sentry_url(text: str) -> str:
    if urlsplit(text).scheme not in {"https", "http"} or not _is_bare(text):
        raise PydanticCustomError("sentry_url", "is not an address without user, query or fragment")
    return text.rstrip("/")


def _check_api_url(text: str) -> str:
    url = urlsplit(text)
    is_private = url.scheme == "https" or (url.scheme == "http" and url.hostname in LOOPBACK)
    if not is_private or not _is_bare(text):
        raise PydanticCustomError("api_url", "is not an https address without user, query or fragment")
    if url.hostname in GITHUBS and text.rstrip("/").lower() != GITHUB_API:
        raise PydanticCustomError("api_url", "is an address of GitHub, but not that of its API")
    return text.rstrip("/")


def _is_bare(text: str) -> bool:
    """Return whether an address has a host, and neither user nor query nor fragment."""
    url = urlsplit(text)
    return bool(url.hostname) and url.port != 0 and not (url.username or url.query or url.fragment)


def _check_heartbeat_url(text: str) -> Secret:
    address = urlsplit(text)
    is_address = address.scheme in {"https", "http"} and address.hostname and address.port != 0
    if not is_address or address.username or address.fragment or not text.isprintable():
        raise PydanticCustomError("heartbeat_url", "is not an address without user or fragment")
    return Secret(text)


def _check_directory(directory: Path, info: ValidationInfo) -> Path:
    fault = state_directory.fault_of(directory) if info.context != UNTRIED else None
    if fault is not None:
        raise PydanticCustomError("state_dir", "{fault}", {"fault": fault})
    return directory


def _read_bind(text: str) -> Bind:
    try:
        return read_bind(text)
    except ValueError:
        raise PydanticCustomError("bind", "is neither an address with a port nor unix:/path") from None


def _check_number(text: str) -> str:
    if not (text.isascii() and text.isdecimal()):
        raise PydanticCustomError("number", "is not a whole number")
    return text


def _check_release(name: str) -> str:
    if name in {".", "..", "latest"}:
        raise PydanticCustomError("release", "is a name that Sentry refuses")
    return name


def _check_dsn(text: str) -> Secret:
    from sentry_sdk.utils import Dsn  # noqa: PLC0415 - takes a tenth of a second, which no command has to wait for

    try:
        Dsn(text)
    except ValueError:
        raise PydanticCustomError("dsn", "is not a DSN") from None
    return Secret(text)


WebhookSecrets = Annotated[tuple[Secret, ...], BeforeValidator(_split_secrets)]
Token = Annotated[Secret, BeforeValidator(_check_token)]
PagePassword = Annotated[Secret, BeforeValidator(_check_password)]
Repository = Annotated[str, AfterValidator(_name_repository)]
"""Becomes `owner/name`."""
SentryUrl = Annotated[str, AfterValidator(_check_sentry_url)]
ApiUrl = Annotated[str, AfterValidator(_check_api_url)]
"""Without a slash at its end: GitHub answers 404 to a doubled one."""
HeartbeatUrl = Annotated[Secret, BeforeValidator(_check_heartbeat_url)]
"""Whoever knows it can say that all is well."""
StateDirectory = Annotated[Path, AfterValidator(_check_directory)]
MetricsBind = Annotated[Bind, BeforeValidator(_read_bind)]
WholeNumber = Annotated[int, BeforeValidator(_check_number)]
Release = Annotated[str, Field(pattern=r"^[^\s/\\]{1,200}\Z"), AfterValidator(_check_release)]
SentryDsn = Annotated[Secret, BeforeValidator(_check_dsn)]
