"""The exit codes: one list, for the programs as for the documentation."""

from __future__ import annotations

from support.pages import page, rows

from deploy.pipeline.exit_codes import ExitCode
from deploy.pipeline.shipping.outcome import NOT_DEPLOYED, read_exit
from deploy.pipeline.target import PRODUCTION


def test_the_documentation_lists_every_exit_code_with_its_headline() -> None:
    listed = dict(rows(page("docs/approving.md"), "code"))
    headlines = {str(int(code)): read_exit(code, target=PRODUCTION).headline.split(" ", 1)[1] for code in NOT_DEPLOYED}

    assert listed == {"0": "Deployed", **headlines}
    assert set(NOT_DEPLOYED) == set(ExitCode) - {ExitCode.DONE}
