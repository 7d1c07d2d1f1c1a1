"""The list of files that root installs: complete, and compared with what is there."""

from __future__ import annotations

from pathlib import Path

from booty_release import drift

DEPLOY = Path(__file__).resolve().parents[3] / "deploy"


def test_the_manifest_names_every_file_of_the_program_and_every_unit() -> None:
    lines = (DEPLOY / "manifest").read_text().splitlines()
    named = {line.split()[0] for line in lines if not line.startswith("#")}
    installed = [
        *DEPLOY.glob("droplet/booty_release/*.py"),
        *DEPLOY.glob("droplet/systemd/*"),
        *DEPLOY.glob("droplet/ssh/*"),
    ]

    assert {str(path.relative_to(DEPLOY)) for path in installed} <= named
    assert all((DEPLOY / source).is_file() for source in named)


def test_files_that_differ_from_the_release_are_named(tmp_path: Path) -> None:
    deploy = tmp_path / "release" / "deploy"
    deploy.mkdir(parents=True)
    same, other = tmp_path / "same", tmp_path / "other"
    for path in (same, other, deploy / "unit"):
        path.write_text("[Unit]\n")
    other.write_text("[Unit] # edited\n")
    (deploy / "manifest").write_text(f"# source target\nunit {same}\nunit {other}\nunit {tmp_path}/gone\n\nodd\n")

    assert drift.drifted(tmp_path / "release") == [str(other), f"{tmp_path}/gone"]


def test_a_release_without_a_manifest_has_no_drift(tmp_path: Path) -> None:
    assert drift.drifted(tmp_path) == []


def test_a_line_that_names_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    folder, installed = tmp_path / "release" / "deploy" / "units", tmp_path / "installed"
    for name in ("same", "other", "deep/gone", "__pycache__/cache"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    installed.mkdir()
    (installed / "same").write_text("same")
    (installed / "other").write_text("edited")
    (folder.parent / "manifest").write_text(f"units/ {installed}/\n")

    assert drift.drifted(tmp_path / "release") == [f"{installed}/deep/gone", f"{installed}/other"]


def test_a_drop_in_that_changes_a_unit_of_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / "release/deploy").mkdir(parents=True)
    (tmp_path / "release/deploy/unit").write_text("[Service]\n")
    known = tmp_path / "etc/booty@.service.d/hardening.conf"
    (tmp_path / "release/deploy/manifest").write_text(f"unit {known}\n")
    units = ("booty-.service", "booty.socket", f"booty@{'a' * 40}.service", "booty@.service", "service")
    ours = [f"{unit}.d/override.conf" for unit in units]
    others = ["booty.service.d/a.conf", "ssh.service.d/a.conf", "booty@.service.d/notes.txt"]
    for name in (*ours, *others):
        (tmp_path / "etc" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "etc" / name).touch()
    known.write_text("[Service]\n")

    drifted = drift.drifted(tmp_path / "release", systemd=(tmp_path / "etc", tmp_path / "none"))

    assert sorted(drifted) == sorted(str(tmp_path / "etc" / name) for name in ours)
