"""How a command ends."""

from __future__ import annotations

import pytest

from booty.observability.ops.console.exits import Unreachable, reaching_the_ledger


def test_nothing_in_a_fault_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Unreachable) as end, reaching_the_ledger():
        raise OSError("\x1b[2Jgone\u202e\n! all is well")

    end.value.show()

    assert capsys.readouterr().err == (
        "The ledger cannot be used: \\x1b[2Jgone\\u202e\\n! all is well\n"
        "  Look at the space and the rights of its directory, and who runs this.\n"
    )
