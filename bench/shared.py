"""Distinct alerts where receivers share a ledger in PostgreSQL: all of it on this machine, callers and server too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from callers import NUMBERS, PROCESSES, Answers, Load, call
from support.postgres import PROGRAMS, Server
from support.service import Service


def is_there() -> bool:
    """Return whether PostgreSQL's programs are installed."""
    return any(PROGRAMS.glob("*/bin/postgres"))


@contextmanager
def database() -> Iterator[Server]:
    """Lend a server that syncs each commit, as one of a user's does."""
    server = Server.begun(is_durable=True)
    try:
        yield server
    finally:
        server.end()


def called(load: Load, server: Server, states: list[Path], environ: dict[str, str]) -> Answers:
    """Share the callers of a load among receivers on a new database, one for each state directory."""
    environ = environ | {"BOOTY_LEDGER_URL": server.url(server.new_database())}
    with ExitStack() as stack:
        receivers = [stack.enter_context(Service(state, environ)) for state in states]
        apart = NUMBERS // PROCESSES // len(states)
        return call(
            *(
                replace(load, port=receiver.port, callers=load.callers // len(states), first=number * apart)
                for number, receiver in enumerate(receivers)
            )
        )
