"""What is said while a step goes on, and the limits of steps."""

from __future__ import annotations

import os
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from booty_release import progress, units, upload
from booty_release.outcome import ExitCode, Stopped
from support.droplet_folder import DropletFolder

UNITS = Path(__file__).resolve().parents[3] / "deploy/droplet/systemd"


def test_a_step_says_its_limit_and_that_it_goes_on() -> None:
    with redirect_stdout(StringIO()) as said, progress.step("install", limit=600, first_sign=0.01):
        while said.getvalue().count("\n") < 2:
            pass

    first, second, last = said.getvalue().splitlines()
    assert first == "... install (at most 600 s)"
    assert second == "    install: 0 s so far"
    assert last.startswith(" ok  install (")


def test_a_step_that_fails_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(OSError, match="no"), progress.step("unpack"):
        raise OSError("no")

    first, last = capsys.readouterr().out.splitlines()
    assert first == "... unpack"
    assert last.startswith("FAIL unpack (")


def test_the_limits_that_are_said_are_those_of_the_units() -> None:
    service, candidate = ((UNITS / f"{name}@.service").read_text() for name in ("booty", "booty-candidate"))

    assert f"\nTimeoutStartSec={units.START_LIMIT}\n" in service
    assert f"\nTimeoutStartSec={units.START_LIMIT}\n" in candidate
    assert f"\nTimeoutStopSec={units.STOP_LIMIT}\n" in service


def test_an_upload_that_hangs_ends(droplet: DropletFolder) -> None:
    reader, writer = os.pipe()

    with (
        os.fdopen(reader, "rb") as source,
        pytest.raises(Stopped, match="the upload took longer than 1 s") as stopped,
    ):
        upload.receive(source, droplet.layout, within=1)

    os.close(writer)
    assert stopped.value.code == ExitCode.BAD_UPLOAD
