"""The areas that files belong to."""

from __future__ import annotations

import pytest

from deploy.pipeline.planning.changes import Area, area_of


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("deploy/droplet/nginx/booty.conf", Area.DROPLET),
        ("deploy/manifest", Area.DROPLET),
        ("deploy/droplet/setup", Area.DROPLET),
        ("deploy.sh", Area.DEPLOY),
        (".github/workflows/check.yml", Area.WORKFLOW),
        ("deploy/pipeline/plan.py", Area.PIPELINE),
        ("deploy/other.sh", Area.DEPLOY),
        ("requirements-dev.txt", Area.DEPENDENCIES),
        ("pyproject.toml", Area.DEPENDENCIES),
        ("tests/deploy/test_x.py", Area.TESTS),
        ("docs/picture.py", Area.DOCUMENTS),
        ("booty/observability/deploy.sh.py", Area.CODE),
        ("gunicorn.conf.py", Area.CODE),
        ("LICENSE", Area.DOCUMENTS),
        ("x/requirements.txt\n", Area.OTHER),
        (".gitattributes", Area.ATTRIBUTES),
        ("booty/observability/.gitattributes", Area.ATTRIBUTES),
        (".gitmodules", Area.ATTRIBUTES),
        ("docs/CODEOWNERS", Area.WORKFLOW),
        (".github/x\ny.md", Area.WORKFLOW),
        ("deploy/pipeline/x\ny.md", Area.PIPELINE),
        ("deploy/droplet/\x85/setup", Area.DROPLET),
        ("booty/a\nb.py", Area.CODE),
    ],
)
def test_names_what_a_file_touches(path: str, area: Area) -> None:
    assert area_of(path) is area
