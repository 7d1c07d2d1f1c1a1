"""What the package needs, for its build: the lines of requirements.in, which script/lock compiles too."""

from __future__ import annotations

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Requirements(MetadataHookInterface):
    """Fills in the package's dependencies."""

    def update(self, metadata: dict[str, object]) -> None:
        """Add them to `metadata`, the table `project` of pyproject.toml."""
        lines = Path(self.root, "requirements.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [need for line in lines if (need := line.partition("#")[0].strip())]
