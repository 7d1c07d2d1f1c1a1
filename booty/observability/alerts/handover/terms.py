"""On what terms an issue is handed over, what comes of them for one issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from booty.observability.alerts.routing.route import Handover

TRIAGE = "agent:triage"
"""The label of an issue that a person is to look at before an agent does."""
AGENT = "copilot-swe-agent[bot]"
"""The login by which GitHub's coding agent is assigned
(https://docs.github.com/copilot/how-tos/use-copilot-agents/cloud-agent/use-cloud-agent-via-the-api)."""
AGENT_NAMES = frozenset({AGENT, "copilot-swe-agent", "copilot"})
"""The logins by which GitHub names it, in small letters."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every issue: how it is handed over, how many a day (0: any number), which paths are protected."""

    handover: Handover = "label"
    per_day: int = 0
    protected: tuple[str, ...] = ()


AS_EVER = Terms()
"""Every issue gets the trigger label."""


@dataclass(frozen=True, slots=True)
class Held:
    """Why a person is to look at an issue first.

    `reason`: that is how it is set, the crash is in a protected `path`, or `per_day` issues were handed over today.
    """

    reason: Literal["gate", "protected", "budget"]
    path: str | None = None
    per_day: int = 0


@dataclass(frozen=True, slots=True)
class Handing:
    """What is done with one issue: the `trigger_label` goes on, the coding agent is assigned, or it is `held`.

    A person who hands over what was held does the same. `assignees` and `labels` it gets in any case: the trigger label
    is none of them.
    """

    trigger_label: str
    is_assigned: bool = False
    held: Held | None = None
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def label(self) -> str | None:
        """The label that says whose turn it is; None where it is the coding agent's."""
        if self.held is not None:
            return TRIAGE
        return None if self.is_assigned else self.trigger_label

    @property
    def has_agent(self) -> bool:
        """The coding agent is to be assigned."""
        return self.is_assigned and self.held is None

    @property
    def is_granted(self) -> bool:
        """An agent gets it, and with it one of the day's hand-overs."""
        return self.held is None


BUILDER = Handing("agent:builder")
"""As it is where nothing is set."""


def is_agent(login: str) -> bool:
    """Return whether a login is the coding agent's."""
    return login.lower() in AGENT_NAMES
