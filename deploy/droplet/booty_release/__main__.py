"""Starts the droplet's side of a deploy; installed as /usr/local/lib/booty-release, root's property."""

from __future__ import annotations

import sys

from booty_release.cli import main
from booty_release.layout import Layout

sys.exit(main(sys.argv[1:], Layout()))
