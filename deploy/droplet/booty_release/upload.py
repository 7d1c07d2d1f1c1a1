"""From the bytes on stdin to a complete release folder, or to nothing at all."""

from __future__ import annotations

import contextlib
import errno
import gzip
import os
import shutil
import signal
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from booty_release import commit
from booty_release.layout import Layout, sync_folder
from booty_release.objects import Unproven
from booty_release.outcome import FREE_SPACE, NO_SPACE, ExitCode, Stopped

LIMIT = 200 * 1024 * 1024  # bytes of compressed tree; the whole project is under one MiB
TIME_LIMIT = 300  # seconds for all of it
NEEDED = ("gunicorn.conf.py", "requirements.txt")
_AGAIN = "run the same deploy again, with the deploy.sh of that commit or a newer one; the droplet kept nothing of this"


def receive(source: BinaryIO, layout: Layout, *, within: int = TIME_LIMIT) -> IO[bytes]:
    """Read `source` to its end into a file without a name, which the kernel removes whatever happens to us.

    Raises Stopped(ExitCode.BAD_UPLOAD) when it is too large, or takes longer than `within` seconds.
    """
    # the caller keeps it open and closes it with the request
    bundle = tempfile.TemporaryFile(dir=layout.root)  # noqa: SIM115 - handed to the caller
    try:
        with _in_time(within):
            _copy(source, bundle)
    except BaseException:
        bundle.close()
        raise
    bundle.flush()
    bundle.seek(0)
    return bundle


def _copy(source: BinaryIO, bundle: IO[bytes]) -> None:
    while chunk := source.read(1 << 20):
        bundle.write(chunk)
        if bundle.tell() > LIMIT:
            raise Stopped(
                ExitCode.BAD_UPLOAD, f"the upload is larger than {LIMIT >> 20} MiB", "look for a large file in git"
            )


@contextlib.contextmanager
def _in_time(seconds: int) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise Stopped(ExitCode.BAD_UPLOAD, f"the upload took longer than {seconds} s", _AGAIN)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)  # again each second: one may come just before a read begins
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def unpack(bundle: IO[bytes], sha: str, layout: Layout) -> None:
    """Make `releases/<sha>.partial` from `bundle`, the gzipped objects of that very commit.

    Raises Stopped(ExitCode.BAD_UPLOAD) when it is cut short, is not that commit, or is not a release of Booty.
    """
    folder = partial(layout, sha)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        _check_out(bundle, sha, folder)
        _require_release(folder, sha)
    except BaseException:  # what filled the disk must not keep the next upload out
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_out(bundle: IO[bytes], sha: str, folder: Path) -> None:
    try:
        with gzip.open(bundle) as source:
            commit.unpack(cast("IO[bytes]", source), sha, folder)
    except Unproven as error:
        raise Stopped(ExitCode.BAD_UPLOAD, f"the upload is not commit {sha}: {error}", _AGAIN) from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        cause = f"the upload is cut short, or is not what deploy.sh sends: {error}"
        raise Stopped(ExitCode.BAD_UPLOAD, cause, _AGAIN) from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            cause = f"commit {sha} has a name or a link that is too long for the droplet"
            raise Stopped(ExitCode.BAD_UPLOAD, cause, "shorten it in git, deploy again") from error
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise Stopped(ExitCode.FAILED, f"{NO_SPACE}: commit {sha} needs more", FREE_SPACE) from error


def _require_release(folder: Path, sha: str) -> None:
    for name in NEEDED:
        if not (folder / name).is_file():
            raise Stopped(ExitCode.BAD_UPLOAD, f"commit {sha} has no {name}", "deploy a commit of this repository")
    for name in (".venv", ".venv.new"):  # the droplet's own place for the release's dependencies
        if os.path.lexists(folder / name):
            raise Stopped(ExitCode.BAD_UPLOAD, f"commit {sha} has a {name} in git", "remove it from git, deploy again")


def publish(sha: str, layout: Layout) -> None:
    """Turn the partial folder into the release, in one rename."""
    os.sync()  # a power cut must not leave a release of files that never reached the disk
    partial(layout, sha).rename(layout.release(sha))
    sync_folder(layout.releases)


def partial(layout: Layout, sha: str) -> Path:
    """Return the folder in which release `sha` grows."""
    return layout.releases / f"{sha}.partial"
