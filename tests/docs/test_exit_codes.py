"""The exit codes that the pages list are those that the programs have."""

from __future__ import annotations

import re

from booty_release.outcome import ExitCode
from support.pages import page, rows, section

from booty import wsgi
from booty.observability.ops import cli
from booty.observability.ops.console import exits
from deploy.pipeline.shipping.outcome import NOT_DEPLOYED

DONE, WRONG_USAGE = 0, 2  # click's own
UNSEEN = 3
"""deploy.sh's own: the public address could not be looked at from where it runs."""
SSH_FAILED = 255  # ssh's own
INTERRUPTED = {130, 143}  # the shell's, for a signal that a person sends
LOOKING = section(page("docs/operating.md"), "Looking and trying again")
DEPLOY_SH = page("deploy.sh")


def listed(text: str, head: str) -> set[int]:
    """Return the exit codes in the first column of a table."""
    return {int(code) for code, *_ in rows(text, head)}


def named_in(sentence: str) -> set[int]:
    """Return the exit codes of a sentence such as `0 done; 64-66 wrong input`."""
    found = re.findall(r"(?:^|; )\s*(\d+)(?:-(\d+))? ", sentence)
    return {code for first, last in found for code in range(int(first), int(last or first) + 1)}


def constants(module: object, prefix: str = "") -> set[int]:
    """Return the numbers among a module's constants."""
    return {value for name, value in vars(module).items() if name.startswith(prefix) and type(value) is int}


def test_the_command_has_the_exit_codes_that_are_listed() -> None:
    assert listed(LOOKING, "exit code") == constants(exits, "EX_") | {DONE, WRONG_USAGE}


def test_the_commands_help_names_the_same() -> None:
    (sentence,) = re.findall(r"exit codes: (.*)", " ".join(cli.EPILOG.split()))

    assert named_in(sentence) == listed(LOOKING, "exit code")


def test_a_start_with_wrong_settings_ends_as_is_said() -> None:
    assert f"ends with exit code {wsgi.EX_CONFIG}" in " ".join(page("docs/settings.md").split())


def test_a_deploy_has_the_exit_codes_that_are_listed() -> None:
    droplets = {*map(int, ExitCode), SSH_FAILED}

    assert listed(page("docs/deploying.md"), "code") == droplets | {UNSEEN}
    assert {int(code) for code in re.findall(r"abort (\d+) ", DEPLOY_SH)} <= droplets


def test_deploy_sh_names_the_same() -> None:
    header = DEPLOY_SH.partition("\nset -")[0].replace("\n#", "")
    (sentence,) = re.findall(r"Exit codes: (.*)", header)

    assert named_in(sentence) == listed(page("docs/deploying.md"), "code")


def test_the_workflow_has_words_for_each_of_them() -> None:
    assert set(NOT_DEPLOYED) == (listed(page("docs/deploying.md"), "code") - {DONE}) | INTERRUPTED
