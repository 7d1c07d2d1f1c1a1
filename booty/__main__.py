"""The operator's door: `booty`, or `python -m booty`."""

from __future__ import annotations

from booty.observability.ops.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
