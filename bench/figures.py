"""What is no row of answers: memory, the start, the way to the issue; an honest alert beside hostile ones."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from statistics import median

from bodies import Body
from callers import NUMBERS, Answers, issue_of
from pretend_github import PretendGitHub
from servers import Server
from support.service import eventually

LARGE_AT_ONCE = 8
LOOK_SECONDS = 0.02
HONEST = 32
"""Threads of the honest sender, which never waits for an answer before it sends again."""
HONEST_SECONDS = 0.1
STEP_SECONDS = 1.5
"""Between two alerts that are filed: longer than the spacing of deliveries."""
NEXT = count(NUMBERS)
"""Of alerts that the callers do not send."""


class NotTaken(Exception):
    """An alert was not answered, or not filed, as it should be; says which."""


def send(server: Server, body: Body) -> int:
    """Send one more alert of an issue of its own; return the status."""
    number = f"{issue_of(next(NEXT)) + 1:010d}"
    return server.post(body.before + body.end(number)).status


def memory_of_large(server: Server, bodies: list[bytes]) -> float:
    """Send large bodies, several at once; return the most MiB that the server used meanwhile. Raises `NotTaken`."""
    most = server.memory()
    with ThreadPoolExecutor(LARGE_AT_ONCE) as threads:
        waiting = [threads.submit(server.post, body) for body in bodies]
        while not all(each.done() for each in waiting):
            most = max(most, server.memory())
            time.sleep(LOOK_SECONDS)
    if wrong := Counter(each.result().status for each in waiting if each.result().status not in {200, 202}):
        raise NotTaken(f"{server.name}: large bodies were answered {dict(wrong)}")
    return most


def way_to_the_issue(server: Server, github: PretendGitHub, body: Body, times: int) -> float:
    """Return the milliseconds from an acknowledgement to the issue, when nothing else is owed. Raises `NotTaken`."""
    waits = []
    for number in range(times):
        send(server, body)
        answered_at = time.monotonic()
        if not eventually(partial(_has_created, github, number + 1)):
            raise NotTaken(f"the issue did not come; see {server.log}")
        waits.append(max(github.created_at[-1] - answered_at, 0.0) * 1000)
        time.sleep(STEP_SECONDS)
    return median(waits)


def _has_created(github: PretendGitHub, issues: int) -> bool:
    return len(github.created_at) >= issues


def honest(server: Server, body: Body, seconds: float) -> Answers:
    """Send an alert every 100 ms, each on a connection of its own."""
    ends_at, waiting = time.monotonic() + seconds, []
    with ThreadPoolExecutor(HONEST) as threads:
        while time.monotonic() < ends_at:
            waiting.append(threads.submit(_timed, server, body))
            time.sleep(HONEST_SECONDS)
    seen = [each.result() for each in waiting]
    return Answers(
        rate=len(seen) / seconds,
        latencies=tuple(sorted(milliseconds for milliseconds, _ in seen)),
        statuses=dict(Counter(status for _, status in seen)),
        spent=0.0,
    )


def _timed(server: Server, body: Body) -> tuple[float, int]:
    began_at = time.monotonic()
    status = send(server, body)
    return (time.monotonic() - began_at) * 1000, status
