"""From the bytes on stdin to a complete release folder, or to nothing at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, BinaryIO

from booty_release.layout import Layout, sync_folder
from booty_release.outcome import FREE_SPACE, NO_SPACE, ExitCode, Stopped

LIMIT = 200 * 1024 * 1024  # bytes of compressed tree; the whole project is under one MiB
NEEDED = ("gunicorn.conf.py", "requirements.txt")
_AGAIN = "run the same deploy again; the droplet kept nothing of this upload"


def receive(source: BinaryIO, layout: Layout) -> IO[bytes]:
    """Read `source` to its end into a file without a name, which the kernel removes whatever happens to us."""
    # the caller keeps it open and closes it with the request
    bundle = tempfile.TemporaryFile(dir=layout.root)  # noqa: SIM115 - handed to the caller
    while chunk := source.read(1 << 20):
        bundle.write(chunk)
        if bundle.tell() > LIMIT:
            raise Stopped(
                ExitCode.BAD_UPLOAD, f"the upload is larger than {LIMIT >> 20} MiB", "look for a large file in git"
            )
    bundle.flush()
    bundle.seek(0)
    return bundle


def unpack(bundle: IO[bytes], sha: str, layout: Layout) -> None:
    """Make `releases/<sha>.partial` from `bundle`, which must be `git archive` of that very commit.

    Raises Stopped(ExitCode.BAD_UPLOAD) when it is cut short, names another commit, or is not a release of Booty.
    """
    archived = _commit_of(bundle)
    if archived != sha:
        raise Stopped(ExitCode.BAD_UPLOAD, f"the upload is commit {archived}, not {sha}", "deploy with ./deploy.sh")
    folder = partial(layout, sha)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    bundle.seek(0)
    try:
        _extract(bundle, folder, full=layout.is_full)
        _require_release(folder, sha)
    except BaseException:  # what filled the disk must not keep the next upload out
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _extract(bundle: IO[bytes], folder: Path, *, full: Callable[[], bool]) -> None:
    # GNU tar refuses "..", strips a leading "/" and checks gzip's checksum
    tar = ["tar", "--extract", "--gzip", "--no-same-owner", "--no-same-permissions", "--directory", str(folder)]
    done = subprocess.run(tar, stdin=bundle, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    if done.returncode != 0:
        # that it strips names is a note, not the cause
        said = [line for line in done.stderr.splitlines() if "Removing leading" not in line]
        reason = said[0] if said else "no reason given"
        if full():
            raise Stopped(ExitCode.FAILED, f"{NO_SPACE}: {reason}", FREE_SPACE)
        raise Stopped(ExitCode.BAD_UPLOAD, f"the upload cannot be unpacked: {reason}", _AGAIN)


def _require_release(folder: Path, sha: str) -> None:
    for name in NEEDED:
        if not (folder / name).is_file():
            raise Stopped(ExitCode.BAD_UPLOAD, f"commit {sha} has no {name}", "deploy a commit of this repository")
    if os.path.lexists(folder / ".venv"):  # the droplet's own place for the release's dependencies
        raise Stopped(ExitCode.BAD_UPLOAD, f"commit {sha} has a .venv in git", "remove it from git, deploy again")


def publish(sha: str, layout: Layout) -> None:
    """Turn the partial folder into the release, in one rename."""
    os.sync()  # a power cut must not leave a release of files that never reached the disk
    partial(layout, sha).rename(layout.release(sha))
    sync_folder(layout.releases)


def partial(layout: Layout, sha: str) -> Path:
    """Return the folder in which release `sha` grows."""
    return layout.releases / f"{sha}.partial"


def _commit_of(bundle: IO[bytes]) -> str | None:
    """Return the commit id that `git archive` writes into the global header (git-get-tar-commit-id(1))."""
    try:
        with tarfile.open(fileobj=bundle, mode="r:gz") as archive:
            return archive.pax_headers.get("comment")
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Stopped(ExitCode.BAD_UPLOAD, f"the upload is not a gzipped tar file: {error}", _AGAIN) from error
