"""The settings that a command is given: its environment, completed by the service's own files.

On a droplet these are /etc/booty/*.env, as far as this user may read them; elsewhere `.env` in the working directory,
which script/server reads too. What the environment gives wins. Each command checks only what it needs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from booty.observability.config import state_directory
from booty.observability.config.environment import KNOWN, OFF, is_given
from booty.observability.ledger.engines.ports.store import Store
from booty.observability.ledger.engines.sqlite_store import SqliteStore
from booty.observability.ops.console.exits import WrongSettings, asking_for_settings

if TYPE_CHECKING:
    from booty.observability.config import Settings

DROPLET, DROPLETS_STATE = Path("/etc/booty"), Path("/var/lib/booty")
LEDGER_URL = "BOOTY_LEDGER_URL"
UNASKED = {
    "SENTRY_WEBHOOK_SECRET": "not-asked-for-by-this-command",
    "TARGET_REPO_URL": "not-asked-for/by-this-command",
    "GITHUB_TOKEN": "not-asked-for-by-this-command",
}
"""What stands for a required setting that a command has no use for."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is set, by name, unchecked."""

    environ: Mapping[str, str]

    @property
    def state_directory(self) -> Path:
        """The ledger's directory. Raises `WrongSettings`."""
        directory = state_directory.named_in(self.environ)
        if (fault := state_directory.shape_fault(directory)) is not None:
            raise WrongSettings(f"BOOTY_STATE_DIR: {fault}")
        return directory

    def store(self) -> Store:
        """Return the ledger's store; nothing is opened yet. Raises `WrongSettings`."""
        if not is_given(self.environ, LEDGER_URL) or self.environ.get("BOOTY_CANDIDATE", "0").lower() not in OFF:
            return SqliteStore(self.state_directory)
        from booty.observability.ledgers import store_for  # noqa: PLC0415 - takes a while, for whoever has a database

        url = self.settings_for(LEDGER_URL).ledger_url
        return store_for(self.state_directory, url.reveal() if url else None)

    def settings(self) -> Settings:
        """Return all settings, as the service would start with. Raises `WrongSettings`."""
        from booty.observability.config import Settings  # noqa: PLC0415 - takes a while, for the commands that ask

        with asking_for_settings():
            return Settings.load(self.environ)

    def settings_for(self, *names: str) -> Settings:
        """Return the settings with those of `names` checked, all others as if they were not set.

        A required one that is not among them is nonsense. Raises `WrongSettings`.
        """
        from booty.observability.config import Settings  # noqa: PLC0415 - as in `settings`

        unasked_for = {name for name in KNOWN if name.removesuffix("_FILE") not in names} - {"BOOTY_STATE_DIR", *names}
        kept = {name: value for name, value in self.environ.items() if name not in unasked_for}
        unasked = {name: value for name, value in UNASKED.items() if name not in names}
        with asking_for_settings():
            return Settings.load(unasked | kept, is_directory_tried=False)  # root may look into another user's


def given(environ: Mapping[str, str], *, droplet: Path = DROPLET, folder: Path | None = None) -> Given:
    """Return what is set in `environ`, then in the droplet's files, or else in `folder`'s (default: where it runs).

    Raises `WrongSettings`: without the settings of a file that is not text another ledger would be looked at.
    """
    files = sorted(droplet.glob("*.env"))
    filed: dict[str, str] = {}
    for path in files or [(folder or Path.cwd()) / ".env"]:
        filed |= _read(path)
    if files and filed and DROPLETS_STATE.is_dir():
        filed = {"STATE_DIRECTORY": str(DROPLETS_STATE)} | filed
    own = {name: value.strip() for name, value in environ.items() if value.strip()}
    return Given({name: value for name, value in filed.items() if value} | own)


def _read(path: Path) -> dict[str, str]:
    """Return what a file sets, in systemd's form; nothing, where it cannot be read or another user could write it."""
    try:
        if path.stat().st_uid not in {0, os.geteuid()}:
            return {}
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        return {}
    except UnicodeDecodeError:
        raise WrongSettings(f"{path}: is not UTF-8 text, so that no setting can be read; save it as UTF-8") from None
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines if line.lstrip()[:1] not in "#;")
    return {name.strip(): _unquoted(value.strip()) for name, is_set, value in pairs if is_set}


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if is_quoted else value
