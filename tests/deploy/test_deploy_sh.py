"""deploy.sh without a droplet: what it refuses before it calls anybody, how it calls ssh, what it makes of answers."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from contextlib import suppress
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
case "$*" in *"${FAKE_FAILING:-nothing}"*) exit 1 ;; esac
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


FAKE_GH = """\
#!/bin/sh
[ -z "$FAKE_GH_AWAY" ] || exit 4
case "$*" in "repo view "*) echo captain/booty ;; "auth token") echo gho_x ;; *) exit 64 ;; esac
"""
FAKE_GATE = """\
import os, sys
print("- weak:", *sys.argv[1:], *(os.environ[f"GITHUB_{name}"] for name in ("API_URL", "REPOSITORY", "SHA", "TOKEN")))
sys.exit(1)
"""


def test_setup_says_what_weakens_the_gate_where_gh_is_logged_in(clone: Clone) -> None:
    key, programs = Path(clone.settings["DEPLOY_SSH_KEY_FILE"]), Path(clone.settings["PATH"].split(":")[0])
    key.unlink()
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (programs / "gh").write_text(FAKE_GH)
    (programs / "gh").chmod(0o755)
    gate = clone.folder / "deploy" / "pipeline" / "gate.py"
    gate.parent.mkdir(parents=True)
    gate.write_text(FAKE_GATE)
    (clone.folder / ".env.example").touch()
    clone.git("add", "--all")
    clone.git("update-ref", "refs/remotes/origin/main", clone.commit())

    assert clone.run("setup") == (0, "")
    (clone.folder / ".github" / "workflows").mkdir(parents=True)
    (clone.folder / ".github" / "workflows" / "deploy.yml").touch()

    code, said = clone.run("setup")
    values = f"https://api.github.com captain/booty {clone.git('rev-parse', 'HEAD')} gho_x"
    assert (code, said.splitlines()[-1]) == (0, f"- weak: {values}")
    assert clone.run("setup", FAKE_GH_AWAY="1") == (0, "")
    gate.write_text("what an older Python cannot read")
    assert clone.run("setup") == (0, "")


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
        ["deploy", "nothing"],
        ["deploy", "--all"],
        ["logs", "--since=yesterday;id"],
        ["status", "--follow"],
        ["deploy", "a" * 39],
        ["deploy", "a" * 41],
        ["deploy", "A" * 40],
        ["deploy", "a" * 40, "b" * 40],
        ["rollback", "previous;id"],
        ["rollback", "main\nid"],
        ["rollback", "\x1b[2Jmain"],
        ["rollback", ""],
        ["deploy", ""],
        ["status", ""],
        ["status", "a" * 40],
        ["rollback", "--dry-run"],
        ["rollback", "--json"],
        ["logs", "--since", "2h"],
        ["logs", "--grep="],
        ["status", "--target"],
        ["deploy", "--force"],
    ],
)
def test_words_that_mean_nothing_are_refused_before_anybody_is_called(clone: Clone, words: list[str]) -> None:
    code, said = clone.run(*words)

    assert code == 64
    assert re.fullmatch(r"deploy\.sh: [^\n\x1b]+\n", said)
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
    assert "only commits of main can be deployed: merge it first" in said
    assert clone.run("deploy", stray, DEPLOY_BRANCH="feature")[0] == 0
    assert clone.run("deploy", stray, DEPLOY_BRANCH="gone")[0] == 66
    assert clone.run("deploy", pushed)[0] == 0


def test_a_commit_of_main_that_is_not_pushed_goes_out_with_a_note(clone: Clone) -> None:
    clone.git("update-ref", "refs/remotes/origin/main", clone.git("rev-parse", "HEAD"))
    unpushed = clone.commit()

    code, said = clone.run("deploy")

    assert code == 0
    assert f"note: commit {unpushed} is not on origin/main" in said


@pytest.mark.parametrize(("accepts", "sent"), [("objects soak seen", True), ("objects soak", False), ("", False)])
def test_a_rollback_says_what_was_current_to_a_droplet_that_compares_it(
    clone: Clone, accepts: str, *, sent: bool
) -> None:
    seen = "a" * 40

    code, said = clone.run("rollback", DEPLOY_SEEN=seen, FAKE_ACCEPTS=accepts)

    assert code == 0, said
    assert clone.calls()[-1].endswith(f" rollback previous{f' {seen}' if sent else ''} octocat -")
    assert ("run: ./deploy.sh setup" in said) is not sent


def test_a_rollback_assumes_nothing_unless_told(clone: Clone) -> None:
    assert clone.run("rollback", FAKE_ACCEPTS="seen")[0] == 0
    (call,) = clone.calls()
    assert call.endswith(" rollback previous octocat -")
    assert clone.run("rollback", DEPLOY_SEEN="a;id")[0] == 64


@pytest.mark.parametrize("verb", ["deploy", "rollback"])
def test_a_commit_may_be_named_by_a_short_id_a_tag_or_a_branch_the_droplet_gets_the_whole(
    clone: Clone, verb: str
) -> None:
    sha = clone.commit()
    clone.git("tag", "--annotate", "--message", "a tag", "v1")
    for name in ("main", "v1", "HEAD", sha[:7], f"booty@{sha}", "refs-like/x"):
        if name == "refs-like/x":
            clone.git("branch", name)
        code, said = clone.run(verb, name)
        assert code == 0, said
        assert f" {verb} {sha} " in clone.calls()[-1]


def test_a_name_for_two_commits_is_refused(clone: Clone) -> None:
    clone.git("tag", "main")
    clone.commit()

    code, said = clone.run("deploy", "main")

    assert code == 64
    assert "main names several commits" in said
    assert clone.calls() == []


def test_history_that_this_clone_made_up_is_not_believed(clone: Clone) -> None:
    main = clone.git("rev-parse", "HEAD")
    clone.git("update-ref", "refs/remotes/origin/main", main)
    clone.git("checkout", "--quiet", "-b", "feature")
    stray = clone.commit()
    clone.git("replace", "--graft", main, stray)
    (clone.folder / ".git" / "info").mkdir(exist_ok=True)
    (clone.folder / ".git" / "info" / "grafts").write_text(f"{main} {stray}\n")

    code, said = clone.run("deploy", stray)

    assert code == 77, said
    assert clone.calls() == []


@pytest.mark.parametrize("name", ["origin/main", "main", "refs/tags/main"])
def test_a_tag_is_no_branch(clone: Clone, name: str) -> None:
    clone.git("update-ref", "refs/remotes/origin/main", clone.git("rev-parse", "HEAD"))
    clone.git("checkout", "--quiet", "-b", "feature")
    stray = clone.commit()
    clone.git("tag", name.removeprefix("refs/tags/"), stray)

    for settings in ({}, {"DEPLOY_BRANCH": name}):
        code, said = clone.run("deploy", stray, **settings)
        assert code in {66, 77}, said
        assert "only commits of" in said or "there is no branch" in said
    assert clone.calls() == []


@pytest.mark.parametrize("name", ["refs/remotes/origin/main", "refs/heads/main"])
def test_a_branch_that_is_named_like_the_reference_of_main_is_not_main(clone: Clone, name: str) -> None:
    clone.git("update-ref", "refs/remotes/origin/main", clone.git("rev-parse", "HEAD"))
    clone.git("checkout", "--quiet", "-b", "feature")
    stray = clone.commit()
    for folder in ("refs/heads", "refs/remotes"):
        clone.git("update-ref", f"{folder}/{name}", stray)

    code, said = clone.run("deploy", stray)

    assert code == 77, said
    assert clone.calls() == []


def test_changes_that_are_not_committed_are_named(clone: Clone) -> None:
    assert "not committed" not in clone.run("deploy")[1]

    (clone.folder / "requirements.txt").write_text("more\n")

    code, said = clone.run("deploy")
    assert code == 0
    assert "note: this clone has changes that are not committed" in said


def test_status_asks_every_host_and_ends_with_the_first_failure(clone: Clone) -> None:
    code, said = clone.run("status", DEPLOY_HOST="one.example.com two.example.com", FAKE_CODE="1")

    assert code == 1
    assert "two.example.com does not serve" in said
    assert len(clone.calls()) == 2


@pytest.mark.parametrize("back", [True, False])
def test_a_failure_on_the_second_host_takes_the_first_one_back_if_that_is_wanted(clone: Clone, *, back: bool) -> None:
    before = clone.git("rev-parse", "HEAD")
    sha = clone.commit()
    hosts = {"DEPLOY_HOST": "one.example.com two.example.com", "FAKE_FAILING": "two.example.com deploy"}

    code, said = clone.run("deploy", *(["--rollback-all"] if back else []), FAKE_CURRENT=before, **hosts)

    assert code == 1, said
    went = f"-- deploy@one.example.com rollback {before} octocat -" in clone.calls()[-1]
    assert went is back
    assert (f"one.example.com runs booty@{sha}; to go back there" in said) is not back


def test_a_restart_names_what_runs_and_how_long_to_watch_it(clone: Clone) -> None:
    running = clone.git("rev-parse", "HEAD")

    code, said = clone.run("restart", FAKE_CURRENT=running, SOAK_SECONDS="7")

    assert code == 0, said
    assert clone.calls()[-1].endswith(f" restart {running} octocat - 7")
    assert clone.run("restart")[0] == 66
    refused = clone.run("restart", FAKE_CURRENT=running, FAKE_CODE="77")
    assert refused[0] == 77
    assert "set up by an earlier release, run: ./deploy.sh setup" in refused[1]


def test_logs_hand_on_what_to_show(clone: Clone) -> None:
    code, _ = clone.run("logs", "--follow", "--since=2h", "--grep=$(id) 'x'")

    assert code == 0
    assert clone.calls()[-1].endswith(" logs --follow --since=2h --grep=JChpZCkgJ3gn")


def test_a_public_address_that_cannot_be_seen_from_here_is_a_warning_with_the_tools_own_words(clone: Clone) -> None:
    before = clone.git("rev-parse", "HEAD")
    clone.commit()
    unseen = {"SERVER_NAME": "booty.invalid", "HEALTH_PATIENCE_SECONDS": "1"}

    code, said = clone.run("deploy", FAKE_CURRENT=before, **unseen)

    assert code == 3, said
    assert "curl: (" in said
    assert "cannot be seen from here" in said
    assert not any("rollback" in call for call in clone.calls())


OTHERS = [
    "booty why #12",
    "booty why https://acme.sentry.io/issues/7/?project=1&query=x --json",
    "booty log --since 24h --reason=cooldown",
    "booty doctor --offline",
]


@pytest.mark.parametrize(
    "line", ["booty status", "booty status --json", "booty retry --all", "booty retry python:7", *OTHERS]
)
def test_the_services_own_commands_are_handed_on(clone: Clone, line: str) -> None:
    assert clone.run(*line.split())[0] == 0
    assert clone.calls()[-1].endswith(f" {line}")


@pytest.mark.parametrize(
    "line",
    ["booty", "booty shell", "booty retry", "booty retry $(id)", "booty why $(id)", "booty why %h", "status --all"],
)
def test_other_commands_of_the_service_are_refused(clone: Clone, line: str) -> None:
    assert clone.run(*line.split())[0] == 64
    assert clone.calls() == []


STAGING = "DEPLOY_HOST=staging.example.com\nDEPLOY_KNOWN_HOSTS='staging.example.com ssh-ed25519 BBBB'\n"


@pytest.mark.parametrize("option", [["--target", "staging"], ["--target=staging"]])
@pytest.mark.parametrize("verb", ["deploy", "rollback", "status", "logs", "booty status"])
def test_a_target_has_settings_of_its_own(clone: Clone, option: list[str], verb: str) -> None:
    key = clone.settings["DEPLOY_SSH_KEY_FILE"]
    (clone.folder / ".deploy.staging.env").write_text(f"{STAGING}DEPLOY_SSH_KEY_FILE={key}\nexport DEPLOY_PORT=2222\n")

    code, said = clone.run(*option, *verb.split(), DEPLOY_USER="somebody", SOAK_SECONDS="x")

    assert code == 0, said
    assert f" -- deploy@staging.example.com {verb}" in clone.calls()[-1]
    assert {call.partition("-p ")[2][:4] for call in clone.calls()} == {"2222"}


def test_nothing_that_a_target_lacks_is_taken_from_the_environment(clone: Clone) -> None:
    (clone.folder / ".deploy.staging.env").write_text(STAGING)

    code, said = clone.run("deploy", "--target", "staging")

    assert code == 64
    assert said.startswith("deploy.sh --target staging: DEPLOY_SSH_KEY_FILE is not a readable file")
    assert clone.calls() == []


def test_advice_is_for_the_target(clone: Clone) -> None:
    before = clone.git("rev-parse", "HEAD")
    sha = clone.commit()
    lines = {name: value for name, value in clone.settings.items() if name.startswith("DEPLOY_K") or "KEY" in name}
    hosts = {"DEPLOY_HOST": "one.example.com two.example.com"}
    text = "".join(f"{name}='{value}'\n" for name, value in (lines | hosts).items())
    (clone.folder / ".deploy.staging.env").write_text(text)

    code, said = clone.run("deploy", "--target", "staging", FAKE_CURRENT=before, FAKE_FAILING="two.example.com deploy")

    assert code == 1, said
    assert f"one.example.com runs booty@{sha}; to go back there: ./deploy.sh --target staging rollback {before}" in said
    assert "deploy.sh --target staging: deploy failed on two.example.com (exit 1)" in said
    assert "./deploy.sh " not in said.replace("./deploy.sh --target staging ", "")


@pytest.mark.parametrize(
    "words",
    [
        ["--target", "staging"],
        ["--target"],
        ["--target="],
        ["--target", ""],
        ["--target", "../x"],
        ["--target", "?"],
        ["--target", "-x"],
        ["--target", "broken"],
    ],
)
def test_a_target_that_is_not_set_up_or_is_not_one_is_refused(clone: Clone, words: list[str]) -> None:
    (clone.folder / ".deploy.broken.env").write_text("DEPLOY_HOST='\n")

    code, said = clone.run("deploy", *words)

    assert code == 64, said
    assert clone.calls() == []


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


SSH_TO_A_DEPLOY_THAT_BEGINS_LATE = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$FAKE_LOG"
case "$*" in
  *" current") echo none ;;
  *" deploy "*) echo >"$FAKE_LOG.begun"; read -r _ <"$FAKE_LOG.ended"; exit 130 ;;
  *" cancel "*)
    [ "$(grep -c " cancel " "$FAKE_LOG")" = 2 ] || { echo "it is not running any more; nothing was cancelled"; exit; }
    echo >"$FAKE_LOG.ended"
    echo cancelled ;;
esac
"""


@pytest.mark.parametrize("is_read", [True, False])
def test_a_deploy_that_began_while_it_was_being_ended_is_ended_too(clone: Clone, *, is_read: bool) -> None:
    """Whoever reads what deploy.sh says may be gone by then: GitHub's runner, a pager."""
    log, ssh = Path(clone.settings["FAKE_LOG"]), Path(clone.settings["PATH"].split(":")[0]) / "ssh"
    ssh.write_text(SSH_TO_A_DEPLOY_THAT_BEGINS_LATE)
    for name in ("begun", "ended"):
        os.mkfifo(f"{log}.{name}")

    with subprocess.Popen(
        ["./deploy.sh", "deploy"], cwd=clone.folder, env=clone.settings, stdout=subprocess.PIPE, text=True
    ) as process:
        Path(f"{log}.begun").read_text()
        if not is_read and process.stdout:
            process.stdout.close()
        process.send_signal(signal.SIGTERM)
        try:
            said = process.communicate(timeout=20)[0] if is_read else ""
            code = process.wait(timeout=20)
        finally:
            with suppress(OSError):  # nobody waits for its end any more
                os.close(os.open(f"{log}.ended", os.O_WRONLY | os.O_NONBLOCK))

    assert code == 130
    assert [" cancel " in call for call in clone.calls()][-2:] == [True, True]
    assert ("\ncancelled\n" in said) is is_read
