"""What ./deploy.sh needs, checked before anything is done."""

from __future__ import annotations

import re
from collections.abc import Mapping

from deploy.pipeline.github.actions import Refused
from deploy.pipeline.release import SHA
from deploy.pipeline.target import Target

DEFAULT_PATIENCE_SECONDS = "20"
NOT_SET = "Nothing is deployed: {names} not set. Set what is missing and run the job again:\n{commands}"
NOT_A_PATIENCE = "Nothing is deployed: the variable HEALTH_PATIENCE_SECONDS must be a whole number from 0 to 999."
NOT_OURS = "Nothing is deployed: the plan asked for {verb!r} of {sha!r}, which this program does not know."


def check_settings(environment: Mapping[str, str], *, target: Target) -> list[str]:
    """Return the arguments for ./deploy.sh; raises `Refused`, naming all that is missing."""
    required = {
        "DEPLOY_SSH_KEY": target.command_for_secret("DEPLOY_SSH_KEY", file="KEYFILE"),
        "DEPLOY_HOST": target.command_for_variable("DEPLOY_HOST", value="--body HOST"),
        "DEPLOY_KNOWN_HOSTS": target.command_for_variable("DEPLOY_KNOWN_HOSTS", value="< KNOWN_HOSTS_FILE"),
        "SERVER_NAME": "gh variable set SERVER_NAME --body NAME",
    }
    missing = [name for name in required if not environment.get(name)]
    if missing:
        names = ", ".join(missing) + (" is" if len(missing) == 1 else " are")
        raise Refused(NOT_SET.format(names=names, commands="\n".join(required[name] for name in missing)))
    verb, sha = environment["VERB"], environment["RELEASE_SHA"]
    if not ((verb == "deploy" and SHA.fullmatch(sha)) or (verb == "rollback" and (not sha or SHA.fullmatch(sha)))):
        raise Refused(NOT_OURS.format(verb=verb, sha=sha))
    return [verb, *([sha] if sha else [])]


def read_patience(environment: Mapping[str, str]) -> float:
    """Return how long, in seconds, the public address may take; raises `Refused`."""
    given = environment.get("HEALTH_PATIENCE_SECONDS") or DEFAULT_PATIENCE_SECONDS
    if not re.fullmatch(r"[0-9]{1,3}", given):
        raise Refused(NOT_A_PATIENCE)
    return float(given)
