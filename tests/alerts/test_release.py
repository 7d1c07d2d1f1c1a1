"""A release names its commit, what was deployed, and where."""

from __future__ import annotations

import pytest
from support.code_search import told
from support.repository_stand_in import SHA

from booty.observability.alerts.release import commit_of, deployment_of


@pytest.mark.parametrize(
    ("name", "deployment"),
    [
        (SHA, " production"),
        (f"booty@{SHA}", "booty production"),
        (f"my shop@eu@{SHA}", "my shop@eu production"),
        (f"shop@1.4.2+{SHA}", "shop production"),
        (f"com.acme.shop@1.4.2+7.{SHA}", "com.acme.shop production"),
        (f"1.4.2+{SHA}", " production"),
        (f"shop-{SHA}", " production"),
    ],
)
def test_reads_commit_and_package_of_a_release_in_all_its_forms(name: str, deployment: str) -> None:
    assert commit_of(name) == SHA
    assert deployment_of(told(name)) == deployment
