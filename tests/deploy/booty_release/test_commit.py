"""A commit is unpacked from its own objects, byte for byte, or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from booty_release import commit, objects
from booty_release.commit import unpack
from booty_release.objects import Unproven

AUTHOR = {f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
WRITTEN = b"author x <x> 1800000000 +0000\ncommitter x <x> 1800000000 +0000\n"


@dataclass(frozen=True)
class Clone:
    """A repository of git, in a folder."""

    folder: Path

    def git(self, *words: str, given: bytes = b"") -> bytes:
        environ = {**os.environ, **AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_NO_REPLACE_OBJECTS": "1"}
        return subprocess.run(
            ["git", *words], cwd=self.folder, env=environ, input=given, capture_output=True, check=True
        ).stdout

    def commit(self) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "$Format:%s$ `id`")
        return self.git("rev-parse", "HEAD").decode().strip()

    def upload(self, sha: str) -> bytes:
        names = self.git("rev-list", "--objects", "--no-object-names", "--no-walk", sha)
        return self.git("cat-file", "--batch", given=names)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    folder = tmp_path / "clone"
    folder.mkdir()
    made = Clone(folder)
    made.git("init", "--quiet")
    return made


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    return folder


def framed(kind: str, content: bytes) -> tuple[str, bytes]:
    """Return an object's name, and its place in an upload."""
    oid = hashlib.sha1(f"{kind} {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()
    return oid, f"{oid} {kind} {len(content)}\n".encode() + content + b"\n"


def made(*lines: tuple[str, str, bytes]) -> tuple[str, bytes]:
    """Return a commit of one tree of (mode, name, content), and its upload."""
    objects = []
    listing = b""
    for mode, name, content in lines:
        oid, text = framed("blob", content)
        objects.append(text)
        listing += f"{mode} {name}\0".encode() + bytes.fromhex(oid)
    return committed(listing, objects)


def committed(listing: bytes, objects: Iterable[bytes]) -> tuple[str, bytes]:
    tree, tree_text = framed("tree", listing)
    sha, commit_text = framed("commit", f"tree {tree}\n".encode() + WRITTEN + b"\nmessage\n")
    return sha, b"".join((commit_text, tree_text, *objects))


def listed(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Return what lies in a folder: modes and contents by path."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = stat.filemode(path.lstat().st_mode)
        content = bytes(path.readlink()) if path.is_symlink() else b"" if path.is_dir() else path.read_bytes()
        found[str(path.relative_to(folder))] = ("l" if path.is_symlink() else mode, content)
    return found


def test_the_tree_of_the_commit_is_unpacked_with_modes_and_links(clone: Clone, room: Path) -> None:
    (clone.folder / "booty").mkdir()
    (clone.folder / "booty" / "wsgi.py").write_bytes(b"print()\r\n\xff")
    (clone.folder / "deploy.sh").write_text("#!/bin/sh\n")
    (clone.folder / "deploy.sh").chmod(0o755)
    (clone.folder / "booty" / "latest").symlink_to("../deploy.sh")
    (clone.folder / "a name\nof two lines").write_text("")
    sha = clone.commit()

    unpack(io.BytesIO(clone.upload(sha)), sha, room)

    assert listed(room) == {
        "a name\nof two lines": ("-rw-r--r--", b""),
        "booty": ("drwxr-xr-x", b""),
        "booty/latest": ("l", b"../deploy.sh"),
        "booty/wsgi.py": ("-rw-r--r--", b"print()\r\n\xff"),
        "deploy.sh": ("-rwxr-xr-x", b"#!/bin/sh\n"),
    }


def test_attributes_in_the_tree_change_nothing(clone: Clone, room: Path) -> None:
    (clone.folder / ".gitattributes").write_text(
        "app.py export-subst\nleft.py export-ignore\n*.py text eol=crlf ident\n"
    )
    (clone.folder / "app.py").write_bytes(b"'$Format:%B$'\n$Id$\n")
    (clone.folder / "left.py").write_bytes(b"1\n")
    sha = clone.commit()

    unpack(io.BytesIO(clone.upload(sha)), sha, room)

    assert (room / "app.py").read_bytes() == b"'$Format:%B$'\n$Id$\n"
    assert (room / "left.py").read_bytes() == b"1\n"


def change_a_file(upload: bytes) -> bytes:
    return upload.replace(b"harmless", b"harmful!")


def change_a_mode(upload: bytes) -> bytes:
    return upload.replace(b"100644 app.py", b"100755 app.py")


def replace_a_link(upload: bytes) -> bytes:
    return upload.replace(b"120000 link", b"100644 link")


def change_the_message(upload: bytes) -> bytes:
    return upload.replace(b"\nmessage\n", b"\nmassage\n")


def cut_it_short(upload: bytes) -> bytes:
    return upload[: len(upload) // 2]


def leave_out_the_last(upload: bytes) -> bytes:
    return upload[: upload.rindex(framed("blob", b"harmless")[0].encode())]


def send_something_else(_: bytes) -> bytes:
    return b"\x1f\x8b no objects at all\n"


@pytest.mark.parametrize(
    "forge",
    [
        change_a_file,
        change_a_mode,
        replace_a_link,
        change_the_message,
        cut_it_short,
        leave_out_the_last,
        send_something_else,
    ],
)
def test_what_is_not_the_approved_commit_is_refused(forge: Callable[[bytes], bytes], room: Path) -> None:
    sha, upload = made(("120000", "link", b"app.py"), ("100644", "app.py", b"harmless"))

    with pytest.raises(Unproven):
        unpack(io.BytesIO(forge(upload)), sha, room)


def test_another_commit_is_not_taken_for_it(room: Path) -> None:
    sha, _ = made(("100644", "app.py", b"approved"))
    _, other = made(("100644", "app.py", b"another"))

    with pytest.raises(Unproven, match=sha):
        unpack(io.BytesIO(other), sha, room)


def test_a_tree_is_not_taken_for_a_commit(room: Path) -> None:
    tree, text = framed("tree", b"")

    with pytest.raises(Unproven, match=tree):
        unpack(io.BytesIO(text), tree, room)


@pytest.mark.parametrize("name", ["..", ".", "../up", "down/under", ".git", ".GIT", ".objects"])
def test_a_name_that_is_none_is_refused(name: str, room: Path) -> None:
    sha, upload = made(("100644", name, b""))

    with pytest.raises(Unproven, match="not a name"):
        unpack(io.BytesIO(upload), sha, room)


def test_a_name_that_comes_twice_is_refused(room: Path) -> None:
    sha, upload = made(("120000", "app", b"booty"), ("100644", "app", b""))

    with pytest.raises(Unproven, match="not a name"):
        unpack(io.BytesIO(upload), sha, room)


@pytest.mark.parametrize("target", ["/etc", "..", "../x", "a/../..", "./..", "", "a/../b"])
def test_a_link_that_could_lead_out_is_refused(target: str, room: Path) -> None:
    sha, upload = made(("120000", "link", target.encode()))

    with pytest.raises(Unproven, match="leads out"):
        unpack(io.BytesIO(upload), sha, room)


@pytest.mark.parametrize("mode", ["160000", "100664", "100600", "40755", "020000"])
def test_what_is_neither_a_file_a_link_nor_a_folder_is_refused(mode: str, room: Path) -> None:
    sha, upload = made((mode, "thing", b""))

    with pytest.raises(Unproven, match="neither a file"):
        unpack(io.BytesIO(upload), sha, room)


def test_a_small_upload_that_grows_without_end_is_refused(room: Path) -> None:
    oid, blob = framed("blob", b"x" * 1024 * 1024)
    names = b"".join(f"100644 {number:04}\0".encode() + bytes.fromhex(oid) for number in range(600))
    sha, upload = committed(names, [blob])

    with pytest.raises(Unproven, match="500 MiB"):
        unpack(io.BytesIO(upload), sha, room)


def test_more_files_than_a_release_has_are_refused(room: Path) -> None:
    oid, blob = framed("blob", b"")
    names = b"".join(f"100644 {number:05}\0".encode() + bytes.fromhex(oid) for number in range(objects.MOST_FILES + 1))
    sha, upload = committed(names, [blob])

    with pytest.raises(Unproven, match="20,000 files"):
        unpack(io.BytesIO(upload), sha, room)


def test_folders_in_folders_without_end_are_refused(room: Path) -> None:
    listing, objects = b"", []
    for _ in range(commit.DEEPEST + 2):
        oid, text = framed("tree", listing)
        objects.append(text)
        listing = b"40000 f\0" + bytes.fromhex(oid)
    sha, upload = committed(listing, objects)

    with pytest.raises(Unproven, match="deep"):
        unpack(io.BytesIO(upload), sha, room)
