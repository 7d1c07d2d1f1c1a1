"""The page's own lines copy a ledger, save what can be read of a damaged one, put either back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from support.ledger_doors import Ledger
from support.operator import claim
from support.pages import blocks, page, section

BACKUP, RESTORE, SAVE = blocks(section(page("docs/operating.md"), "Backup"), "sh")
PAGE_BYTES = 4096
OF_THE_TABLE = 13
"""How a page with rows begins (https://sqlite.org/fileformat2.html#b_tree_pages)."""
PROBLEMS = 60


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def typed(block: str, folder: Path) -> str:
    """Run one of the page's blocks as root would on a droplet whose state directory is in `folder`."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    for name, does in (("sudo", 'shift 2; exec "$@"'), ("systemctl", f'echo "$@" >>{folder}/systemctl')):
        (programs / name).write_text(f"#!/bin/sh\n{does}\n")
        (programs / name).chmod(0o700)
    here = block.replace("/var/lib/booty", str(folder / "state")).replace("/root/", f"{folder}/")
    environ = {"PATH": f"{programs}:{os.environ['PATH']}"}
    return subprocess.run(["bash", "-ec", here], env=environ, capture_output=True, text=True, check=True).stdout


def filled(state: Path) -> Ledger:
    """Return a ledger that owes many alerts."""
    ledger = Ledger(state)
    for number in range(PROBLEMS):
        claim(ledger, f"1:{number}")
    return ledger


def test_a_copy_that_was_made_beside_the_service_takes_a_lost_ledgers_place(state: Path, tmp_path: Path) -> None:
    ledger = filled(state)
    typed(BACKUP, tmp_path)
    claim(ledger, "1:later")
    ledger.engine.close()

    typed(RESTORE, tmp_path)

    assert Ledger(state).owed == PROBLEMS
    assert (state / "ledger-1.sqlite3").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "systemctl").read_text().splitlines() == [
        "stop booty.socket booty@* booty-twin@*",
        "start booty.socket booty-settle@boot",
    ]
    assert (tmp_path / "booty-replaced/ledger-1.sqlite3").exists()


@pytest.mark.parametrize("share", [0.3, 0.7, 0.8])
def test_of_a_damaged_ledger_what_is_whole_is_owed_again(state: Path, tmp_path: Path, share: float) -> None:
    filled(state).engine.close()
    path = state / "ledger-1.sqlite3"
    with path.open("r+b") as file:
        pages = path.read_bytes()
        page = int(len(pages) * share) // PAGE_BYTES
        while pages[page * PAGE_BYTES] != OF_THE_TABLE:  # one of its index is not needed by whoever reads all
            page -= 1
        file.seek(page * PAGE_BYTES)
        file.write(os.urandom(PAGE_BYTES))
    path.rename(path.with_name("ledger-1.sqlite3.unreadable"))  # as the service does when it comes upon the damage
    claim(Ledger(state), "2:1")

    told = typed(SAVE, tmp_path)
    typed(RESTORE, tmp_path)

    assert "database disk image is malformed" in told
    assert PROBLEMS * 0.8 < Ledger(state).owed <= PROBLEMS
    assert not list(state.glob("*.unreadable"))


def test_of_one_whose_beginning_is_damaged_nothing_can_be_read(state: Path, tmp_path: Path) -> None:
    filled(state).engine.close()
    path = state / "ledger-1.sqlite3"
    path.write_bytes(os.urandom(100) + path.read_bytes()[100:])
    path.rename(path.with_name("ledger-1.sqlite3.unreadable"))

    assert typed(SAVE, tmp_path).endswith("file is not a database\n0 records could be read\n")
