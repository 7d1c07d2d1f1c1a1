"""What the droplet runs, keeps or would change: text for a person, one line of JSON for a machine."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict
from typing import Any

from booty_release import drift, health, lock, records, units, venvs
from booty_release.layout import Layout
from booty_release.request import Request


def look(layout: Layout) -> dict[str, Any]:
    """Return what serves, since when, deployed by whom, and whether a deploy is running."""
    current = layout.current()
    record = records.load(layout, current) if current else None
    running = units.running()
    answer = health.ask(layout.live) if current or running else health.Answer(0, None)
    return {
        "host": socket.gethostname(),
        "current": current,
        "answers": {"status": answer.status, "release": answer.sha and f"booty@{answer.sha}"},
        "healthy": bool(current and answer.is_from(current)),
        "instead": None if current in running else answer.sha,
        "since": record and record.at,
        "actor": record and record.actor,
        "run": record and record.run,
        "lock": lock.holder(layout),
        "units": [*map(units.service, running), *map(units.twin, units.running(units.TWINS))],
        "drift": drift.drifted(layout.release(current)) if current else [],
        "drop_ins": drift.drop_ins(layout.release(current)) if current else [],
    }


def status(found: dict[str, Any], request: Request) -> str:
    """Return what `look` found, for the person or the machine that asked."""
    return json.dumps(found) if request.json else _as_text(found)


def serving(layout: Layout) -> str:
    """Return which release answers on the live socket now, in words."""
    answer = health.ask(layout.live)
    if answer.sha is None:
        return "nobody answers"
    return answer.sha if answer.is_from(answer.sha) else f"{answer.sha}, unhealthy (status {answer.status})"


def releases(layout: Layout, request: Request) -> str:
    """Return the list of releases that are here, the latest to go live first, those that never did at the end."""
    known = [asdict(record) for record in records.verified(layout)]
    served = {entry["sha"] for entry in known}
    for sha in layout.present():
        if sha not in served:
            record = records.load(layout, sha)
            known.append(asdict(record) if record else {"sha": sha, "state": "unproven"})
    current = layout.current()
    if request.json:
        return json.dumps([{**entry, "current": entry["sha"] == current} for entry in known])
    lines = [
        f"{'*' if entry['sha'] == current else ' '} {entry['sha']} {entry['state']:8} "
        f"{entry.get('at', '')} {entry.get('actor', '')} {entry.get('note', '')}".rstrip()
        for entry in known
    ]
    return "\n".join(lines) or "no release is here yet: ./deploy.sh deploy"


def plan(layout: Layout, request: Request, lockfile: bytes) -> str:
    """Return what a deploy of that SHA, with that requirements.txt, would change."""
    sha = str(request.sha)
    leaving = records.superfluous(layout, arriving=sha)
    return "\n".join(
        [
            f"serves now:   {layout.current() or 'nothing'}",
            f"would serve:  {sha}{' (already unpacked)' if sha in layout.present() else ''}",
            f"dependencies: {'shared with a kept release' if venvs.sound(layout, lockfile) else 'to be installed'}",
            f"would remove: {', '.join(leaving) or 'nothing'}",
            f"at work:      {lock.holder(layout) or 'nobody'}",
        ]
    )


def _as_text(found: dict[str, Any]) -> str:
    answers = found["answers"]
    lock = found["lock"]
    theirs = " ".join(found["drop_ins"])
    differing = " ".join(path for path in found["drift"] if path not in found["drop_ins"])
    lines = {
        **found,
        "answers": f"{answers['release'] or 'nobody'} (status {answers['status'] or '-'})",
        "healthy": "yes" if found["healthy"] else "NO",
        "instead": found["instead"]
        and f"{found['instead']} serves; ./deploy.sh deploy or rollback puts things in order",
        "lock": lock and "{verb} {sha} by {actor} since {since} (run {run})".format(**lock),
        "units": " ".join(found["units"]),
        "drift": "; ".join(
            [
                *([f"{differing} (differs from the release; ./deploy.sh setup)"] if differing else []),
                *([f"{theirs} {drift.THEIRS}"] if theirs else []),
            ]
        ),
    }
    return "\n".join(f"{name + ':':9}{value or '-'}" for name, value in lines.items() if name != "drop_ins")
