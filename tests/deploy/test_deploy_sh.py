"""deploy.sh without a droplet: what it refuses before it calls anybody, how it calls ssh, what it makes of answers."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

DEPLOY_SH = Path(__file__).resolve().parents[2] / "deploy.sh"
FAKE_SSH = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$FAKE_LOG"
case "$*" in *" current") echo "${FAKE_CURRENT:-none}"; exit "${FAKE_CURRENT_CODE:-0}" ;;
  *" accepts") echo "$FAKE_ACCEPTS"; exit ;;
esac
cat >/dev/null
exit "${FAKE_CODE:-0}"
"""


@dataclass(frozen=True)
class Clone:
    """A repository with deploy.sh, an ssh that only writes down how it was called, and settings that are right."""

    folder: Path
    settings: dict[str, str]

    def git(self, *words: str) -> str:
        return subprocess.check_output(["git", *words], cwd=self.folder, text=True).strip()

    def commit(self) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--message", "a commit")
        return self.git("rev-parse", "HEAD")

    def run(self, *words: str, **changes: str) -> tuple[int, str]:
        """Run deploy.sh; return its exit code and what it said. An empty setting is left out."""
        environment = {name: value for name, value in (self.settings | changes).items() if value}
        done = subprocess.run(
            ["./deploy.sh", *words],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def calls(self) -> list[str]:
        """Return the lines of words with which ssh was called, without those that hang up."""
        log = Path(self.settings["FAKE_LOG"])
        lines = log.read_text().splitlines() if log.exists() else []
        return [line for line in lines if "-O exit" not in line]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    folder, programs, key = tmp_path / "clone", tmp_path / "programs", tmp_path / "key"
    folder.mkdir()
    programs.mkdir()
    key.touch()
    ssh = programs / "ssh"
    ssh.write_text(FAKE_SSH)
    ssh.chmod(0o755)
    shutil.copy2(DEPLOY_SH, folder)
    settings = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "FAKE_LOG": str(tmp_path / "log"),
        "DEPLOY_HOST": "droplet.example.com",
        "DEPLOY_KNOWN_HOSTS": "droplet.example.com ssh-ed25519 AAAA",
        "DEPLOY_SSH_KEY_FILE": str(key),
        "DEPLOY_ACTOR": "octocat",
    }
    made = Clone(folder, settings)
    made.git("init", "--quiet", "--initial-branch=main")
    made.git("config", "user.name", "A Developer")
    made.git("config", "user.email", "developer@example.com")
    (folder / "requirements.txt").touch()
    made.git("add", "--all")
    made.commit()
    return made


@pytest.mark.parametrize(("accepts", "soak"), [("objects soak", " 5"), ("objects", ""), ("", "")])
def test_ships_the_commit_over_a_connection_that_trusts_only_what_is_pinned(
    clone: Clone, accepts: str, soak: str
) -> None:
    running, sha = clone.git("rev-parse", "HEAD"), clone.commit()

    code, said = clone.run(
        "deploy", FAKE_CURRENT=running, FAKE_ACCEPTS=accepts, DEPLOY_RUN_URL="https://github.com/o/r/actions/runs/7"
    )

    assert code == 0, said
    assert ("run: ./deploy.sh setup" in said) is (accepts == "")
    asked, offered, shipped = clone.calls()
    assert asked.endswith("-- deploy@droplet.example.com current")
    assert offered.endswith("-- deploy@droplet.example.com accepts")
    line = f"deploy {sha} {running} octocat https://github.com/o/r/actions/runs/7"
    assert shipped.endswith(f"-- deploy@droplet.example.com {line}{soak}")
    for call in (asked, offered, shipped):
        assert call.startswith("-F none -p 22 -i ")
        assert " -a -x -T " in call
        for option in ("BatchMode=yes", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes", "ControlMaster=auto"):
            assert f"-o {option}" in call
        assert "-o GlobalKnownHostsFile=/dev/null" in call


@pytest.mark.parametrize(
    ("name", "value", "word"),
    [
        ("DEPLOY_HOST", "", "DEPLOY_HOST is not set"),
        ("DEPLOY_HOST", " , ", "DEPLOY_HOST names no host"),
        ("DEPLOY_HOST", "-oProxyCommand=id", "DEPLOY_HOST has no host name"),
        ("DEPLOY_KNOWN_HOSTS", "", "cat /etc/ssh/ssh_host_*_key.pub"),
        ("DEPLOY_SSH_KEY_FILE", "/nonexistent", "DEPLOY_SSH_KEY_FILE is not a readable file"),
        ("DEPLOY_PORT", "22 -v", "DEPLOY_PORT is not a port"),
        ("DEPLOY_ACTOR", "octo cat", "DEPLOY_ACTOR"),
        ("DEPLOY_ACTOR", "$(id)", "DEPLOY_ACTOR"),
        ("DEPLOY_RUN_URL", "https://example.com/;id", "DEPLOY_RUN_URL"),
        ("HEALTH_SCHEME", "ftp", "HEALTH_SCHEME"),
        ("SERVER_NAME", "example.com/../x", "SERVER_NAME"),
    ],
)
def test_a_setting_that_is_missing_or_odd_is_named_before_anybody_is_called(
    clone: Clone, name: str, value: str, word: str
) -> None:
    code, said = clone.run("deploy", **{name: value})

    assert code == 64
    assert word in said
    assert clone.calls() == []


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["destroy"],
        ["deploy", "main"],
        ["deploy", "a" * 39],
        ["deploy", "a" * 41],
        ["deploy", "A" * 40],
        ["deploy", "a" * 40, "b" * 40],
        ["rollback", "previous;id"],
        ["status", "a" * 40],
        ["rollback", "--dry-run"],
        ["deploy", "--force"],
    ],
)
def test_words_that_mean_nothing_are_refused_before_anybody_is_called(clone: Clone, words: list[str]) -> None:
    code, said = clone.run(*words)

    assert code == 64
    assert said.startswith("deploy.sh: ")
    assert clone.calls() == []


@pytest.mark.parametrize("code", [1, 2, 65, 75, 77, 255])
def test_the_exit_code_of_the_droplet_is_handed_on(clone: Clone, code: int) -> None:
    assert clone.run("deploy", FAKE_CODE=str(code))[0] == code
    assert clone.run("rollback", FAKE_CODE=str(code))[0] == code
    assert clone.run("status", FAKE_CODE=str(code))[0] == code


def test_a_droplet_that_cannot_be_asked_gets_no_release(clone: Clone) -> None:
    code, said = clone.run("deploy", FAKE_CURRENT_CODE="255")

    assert code == 255
    assert len(clone.calls()) == 1
    assert "goes on by itself: ./deploy.sh status" in said


def test_only_commits_of_the_branch_go_out(clone: Clone) -> None:
    pushed = clone.git("rev-parse", "HEAD")
    clone.git("update-ref", "refs/remotes/origin/main", pushed)
    clone.git("checkout", "--quiet", "-b", "feature")
    stray = clone.commit()

    code, said = clone.run("deploy", stray)

    assert code == 77
    assert "only commits of main go out: merge it first" in said
    assert clone.run("deploy", stray, DEPLOY_BRANCH="feature")[0] == 0
    assert clone.run("deploy", stray, DEPLOY_BRANCH="gone")[0] == 66
    assert clone.run("deploy", pushed)[0] == 0


def test_a_commit_of_main_that_is_not_pushed_goes_out_with_a_note(clone: Clone) -> None:
    clone.git("update-ref", "refs/remotes/origin/main", clone.git("rev-parse", "HEAD"))
    unpushed = clone.commit()

    code, said = clone.run("deploy")

    assert code == 0
    assert f"note: commit {unpushed} is not on origin/main" in said


def test_help_is_the_comment_at_the_top(clone: Clone) -> None:
    code, said = clone.run("--help", DEPLOY_HOST="")

    assert code == 0
    assert said.startswith("Deploys a commit of this repository to the droplet")
    assert "DEPLOY_KNOWN_HOSTS" in said
    assert "set -euo" not in said


@pytest.mark.parametrize("hosts", ["one.example.com,two.example.com", "one.example.com\ntwo.example.com\n"])
def test_machines_read_status_of_each_host_in_turn(clone: Clone, hosts: str) -> None:
    code, _ = clone.run("status", "--json", DEPLOY_HOST=hosts)

    assert code == 0
    assert [call.split("-- ")[1] for call in clone.calls()] == [
        "deploy@one.example.com status --json",
        "deploy@two.example.com status --json",
    ]
