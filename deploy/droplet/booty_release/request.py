"""The one line that the deploy key may say, parsed into a typed request; nothing else gets past this file.

The line is what sshd hands over in SSH_ORIGINAL_COMMAND. It is matched whole against one pattern a verb and is never
given to a shell.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from booty_release.outcome import ExitCode, Stopped

_SHA = r"[0-9a-f]{40}"
_WHO = r" (?P<actor>[A-Za-z0-9._@\[\]-]{1,64}) (?P<run>-|https?://[A-Za-z0-9._:/-]{1,200})"
_JSON = r"(?P<json> --json)?"
_SINCE = r"[0-9]{1,6}[smhd]|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?"
_BASE64 = r"(?:[A-Za-z0-9+/]{4}){0,100}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
_WORD = r"[A-Za-z0-9#][A-Za-z0-9#@._:/=?&,+~-]{0,299}"
_BOOTY = (
    r"status(?: --json)?|retry (?:--all|[A-Za-z0-9][A-Za-z0-9._:-]{0,199})(?: --json)?"
    r"|(?:log|why|doctor|test-alert|reconcile|rebuild|route)"
    rf"(?: (?:--[a-z][a-z-]{{1,30}}(?:={_WORD})?|{_WORD})){{0,9}}"
)
_GRAMMAR = {
    "accepts": re.compile(r""),
    "current": re.compile(r""),
    "deploy": re.compile(rf" (?P<sha>{_SHA}) (?P<seen>{_SHA}|none){_WHO}(?: (?P<soak>\d{{1,3}}))?"),
    "rollback": re.compile(rf" (?P<sha>{_SHA}|previous)(?: (?P<seen>{_SHA}))?{_WHO}"),
    "restart": re.compile(rf" (?P<sha>{_SHA}|current){_WHO}(?: (?P<soak>\d{{1,3}}))?"),
    "plan": re.compile(rf" (?P<sha>{_SHA})"),
    "status": re.compile(_JSON),
    "releases": re.compile(_JSON),
    "logs": re.compile(rf"(?P<follow> --follow)?(?: --since=(?P<since>{_SINCE}))?(?: --grep=(?P<grep>{_BASE64}))?"),
    "booty": re.compile(rf" (?P<words>{_BOOTY})"),
    "cancel": re.compile(rf" (?P<sha>{_SHA}|any){_WHO}"),
}
_FORMS = """\
accepts | current | status [--json] | releases [--json]
logs [--follow] [--since=15m|2h|3d|2026-01-31T12:00] [--grep=BASE64]
booty status | booty retry FINGERPRINT|--all | booty log|why|doctor|test-alert|reconcile|rebuild|route WORD...
cancel SHA|any ACTOR RUN_URL|-
plan SHA                                      (its requirements.txt on stdin)
deploy SHA CURRENT_SHA|none ACTOR RUN_URL|- [SOAK_SECONDS]   (the commit's objects on stdin, as deploy.sh sends them)
rollback SHA|previous [CURRENT_SHA] ACTOR RUN_URL|-
restart SHA|current ACTOR RUN_URL|- [SOAK_SECONDS]"""


SOAK_SECONDS = 5.0
"""For how long a new release is watched after the cutover, where the request does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for. Absent parts are None; a `seen` of None means that nothing was current.

    A rollback need not say what it saw: None then.
    """

    verb: str
    sha: str | None = None
    seen: str | None = None
    actor: str = "unknown"
    run: str = "-"
    json: bool = False
    soak_seconds: float = SOAK_SECONDS
    follow: bool = False
    since: str = ""
    grep: str = ""
    words: tuple[str, ...] = ()


def parse(line: str) -> Request:
    """Return the request that `line` spells.

    Raises Stopped: REFUSED for anything that is not one of our verbs, BAD_INPUT for a verb with wrong arguments.
    """
    verb, _, _ = line.partition(" ")
    pattern = _GRAMMAR.get(verb)
    if pattern is None:
        raise Stopped(ExitCode.REFUSED, "this key runs nothing but deploys", f"what it can say:\n{_FORMS}")
    match = pattern.fullmatch(line, len(verb))
    if match is None:
        advice = f"what it can say:\n{_FORMS}\nIf deploy.sh is newer than the droplet, run: ./deploy.sh setup"
        raise Stopped(ExitCode.BAD_INPUT, f"wrong arguments for {verb}", advice)
    parts = match.groupdict()
    return Request(
        verb=verb,
        sha=None if parts.get("sha") in {"previous", "any", "current"} else parts.get("sha"),
        seen=None if parts.get("seen") == "none" else parts.get("seen"),
        actor=parts.get("actor") or "unknown",
        run=parts.get("run") or "-",
        json=bool(parts.get("json")),
        follow=bool(parts.get("follow")),
        since=parts.get("since") or "",
        grep=base64.b64decode(parts.get("grep") or "").decode(errors="replace"),
        words=tuple((parts.get("words") or "").split()),
        soak_seconds=float(parts.get("soak") or SOAK_SECONDS),
    )
