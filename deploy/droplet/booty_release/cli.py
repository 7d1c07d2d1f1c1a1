"""From one request to one exit code; the only place that knows both."""

from __future__ import annotations

import os
import pwd
import signal
import sys
import syslog
from collections.abc import Sequence

from booty_release import journal, report, settle, trial, units, upload
from booty_release.cancel import cancel
from booty_release.deploy import deploy, rollback
from booty_release.heal import heal
from booty_release.layout import Layout
from booty_release.outcome import ExitCode, Stopped
from booty_release.progress import conclude, say
from booty_release.request import Request, parse
from booty_release.restart import restart


def main(arguments: Sequence[str], layout: Layout) -> int:
    """Run what ssh asked for, or in the droplet's own shell what the arguments say; return the exit code."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # a cut ssh must not stop a cutover half way
    os.umask(0o022)
    syslog.openlog("booty-release")
    if list(arguments)[:1] == ["trial"] and "SSH_CONNECTION" not in os.environ:
        return trial.main(arguments[1])
    if list(arguments) == ["settle"] and "SSH_CONNECTION" not in os.environ:
        return settle.main(layout)
    _become_owner(layout)
    if list(arguments) == ["heal"] and "SSH_CONNECTION" not in os.environ:
        return heal(layout)
    line = os.environ.get("SSH_ORIGINAL_COMMAND", " ".join(arguments))
    try:
        request = parse(line)
    except Stopped as stopped:
        say(f"cause:   {stopped.cause}: {line[:80]!r}")
        say(f"next:    {stopped.advice}")
        return stopped.code
    return _answer(layout, request)


def _become_owner(layout: Layout) -> None:
    """Go on as the deploy user if root runs this: what root writes there, a deploy could not change."""
    owner = layout.root.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)


def _answer(layout: Layout, request: Request) -> int:
    try:
        match request.verb:
            case "deploy":
                deploy(layout, request)
            case "rollback":
                rollback(layout, request)
            case "restart":
                restart(layout, request)
            case "cancel":
                cancel(layout, request)
            case "booty":
                return units.operate(request.words)
            case "logs":
                journal.show(request)
            case "status":
                found = report.look(layout)
                print(report.status(found, request))  # noqa: T201 - as below
                return ExitCode.DONE if found["healthy"] else ExitCode.FAILED
            case _:
                print(_said(layout, request))  # noqa: T201 - deploy.sh reads it; not worth a line in the log
    except Stopped as stopped:
        conclude(stopped, serving=report.serving(layout))
        return stopped.code
    except (OSError, units.UnitFailed) as error:  # a full disk, a missing folder, a refused sudo
        advice = "free disk space if that is the cause, else ./deploy.sh setup; then run it again"
        conclude(Stopped(ExitCode.FAILED, str(error), advice), serving=report.serving(layout))
        return ExitCode.FAILED
    return ExitCode.DONE


def _said(layout: Layout, request: Request) -> str:
    """Return the answer to a question, which changes nothing."""
    match request.verb:
        case "accepts":  # deploy.sh asks, since a droplet that was set up long ago takes an archive
            return "objects soak cancel booty seen restart"
        case "current":
            return layout.current() or "none"
        case "releases":
            return report.releases(layout, request)
        case _:
            return report.plan(layout, request, sys.stdin.buffer.read(upload.LIMIT))
