"""The environment's values: where each is given, which contradict each other."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from booty.observability.config.bind import read_bind
from booty.observability.config.repository import GITHUB_API, misfit
from booty.observability.config_errors import REMEDIES, Fault

SECRETS = (
    "SENTRY_WEBHOOK_SECRET", "GITHUB_TOKEN", "SENTRY_DSN", "SENTRY_AUTH_TOKEN",
    "OBSV_HEARTBEAT_URL", "OBSV_PAGE_PASSWORD", "GITHUB_APP_PRIVATE_KEY", "BOOTY_LEDGER_URL",
)  # fmt: skip
"""Each can be given as `NAME_FILE` as well: the path of a file that holds it (systemd's `LoadCredential`)."""
KNOWN = frozenset({*REMEDIES, *(f"{name}_FILE" for name in SECRETS)})
PAIRS = (("SENTRY_AUTH_TOKEN", "SENTRY_ORG"), ("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"))
"""Settings that only work together."""
APP = PAIRS[1]
"""They take the place of GITHUB_TOKEN."""
GITHUBS = ("GITHUB_TOKEN", *APP, "GITHUB_API_URL", "GITHUB_API_VERSION")
"""What a command needs that calls GitHub."""
PRIVATE = "use 127.0.0.1:9464 or unix:/path; or let everybody who reaches it read it: OBSV_METRICS_PUBLIC=1"
ON = frozenset({"1", "on", "t", "true", "y", "yes"})
OFF = frozenset({"0", "off", "f", "false", "n", "no"})
"""The words of a switch, in any case."""


def lacks(given: Mapping[str, str], name: str) -> bool:
    """Return whether neither `name` nor `name_FILE` was given; an unreadable file is reported separately."""
    return name not in given and f"{name}_FILE" not in given


def is_given(given: Mapping[str, str], name: str) -> bool:
    """Return whether a secret is set, in whatever way: by itself, by a file, as systemd's credential."""
    credential = Path(given.get("CREDENTIALS_DIRECTORY", "/nonexistent"), name)
    return not lacks(given, name) or os.access(credential, os.R_OK)


def read_secret_files(given: dict[str, str]) -> list[Fault]:
    """Put the content of every `NAME_FILE` under `NAME`; return what could not be read.

    A secret that is given neither way is looked for among systemd's credentials, under its own name.
    """
    faults = []
    for name in SECRETS:
        path = given.get(f"{name}_FILE")
        if path is None:
            credential = Path(given.get("CREDENTIALS_DIRECTORY", "/nonexistent"), name)
            if name in given or not os.access(credential, os.R_OK):  # in some containers the folder stays shut
                continue
            path = str(credential)
        if name in given:
            faults.append(Fault(f"{name}_FILE", f"is set beside {name}", f"keep one of {name} or {name}_FILE"))
            continue
        try:
            given[name] = Path(path).read_text(encoding="utf-8-sig").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            if path.startswith("/"):
                faults.append(Fault(f"{name}_FILE", f"{path!r} cannot be read: {reason}", "name a readable file"))
            else:  # it may be the secret itself, which must not be shown
                remedy = f"name a readable file by its whole path, or set {name} to the secret itself"
                faults.append(Fault(f"{name}_FILE", f"what it names cannot be read: {reason}", remedy))
    return faults


def wrong_together(given: Mapping[str, str]) -> list[Fault]:
    """Find what is missing or wrong only because of another setting."""
    misfitting = misfit(given.get("TARGET_REPO_URL", ""), given.get("GITHUB_API_URL", GITHUB_API))
    faults = [misfitting] if misfitting else []
    app = [name for name in APP if not lacks(given, name)]
    if not app and lacks(given, "GITHUB_TOKEN") and given.get("BOOTY_PREVIEW", "0").lower() in OFF:
        faults.append(Fault("GITHUB_TOKEN", "is not set", REMEDIES["GITHUB_TOKEN"]))
    if app and not lacks(given, "GITHUB_TOKEN"):
        faults.append(Fault(app[0], "is set beside GITHUB_TOKEN", "keep one: the token, or the App's two settings"))
    environment = given.get("SENTRY_ENVIRONMENT", "").lower()
    if environment in {"production", "prod"} and lacks(given, "SENTRY_DSN"):
        faults.append(Fault("SENTRY_DSN", "is not set, in production", REMEDIES["SENTRY_DSN"]))
    if _is_public(given.get("OBSV_METRICS_BIND", "")) and given.get("OBSV_METRICS_PUBLIC", "0").lower() in OFF:
        faults.append(Fault("OBSV_METRICS_BIND", "is an address that other machines may reach", PRIVATE))
    for one, other in (*PAIRS, *(pair[::-1] for pair in PAIRS)):
        if lacks(given, one) and not lacks(given, other):
            faults.append(Fault(one, f"is not set, but {other} is", REMEDIES[one]))
    return faults


def _is_public(bind: str) -> bool:
    """Return whether an address is one that other machines may reach; what is wrong with it is reported elsewhere."""
    try:
        return bool(bind) and read_bind(bind).is_public
    except ValueError:
        return False
