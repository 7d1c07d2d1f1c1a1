"""A job, as it is leased, given back or settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.handover.terms import Handing
from booty.observability.alerts.issue import Standing
from booty.observability.alerts.problem import Problem
from booty.observability.alerts.routing.destination import HERE, Destination
from booty.observability.alerts.status_change import StatusChange
from booty.observability.ledger.schedule.gates import HOME, Gates

STATUS = "~"
"""What the name of a job about a status change begins with; no fingerprint does."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A post of unknown outcome: when it began (unix seconds), and how often its issue was looked for in vain."""

    began_at: float
    looks: int = 0


@dataclass(frozen=True, slots=True)
class JobNotes:
    """What a holder of a job leaves to the next one.

    `missing_at` is when its issue was not there, or busy (unix seconds), which is believed only when it is seen again;
    `labels` were about to be put on when the issue was changed; `label_sets` is how many sets of labels GitHub refused;
    `stopped_at` is when a refusal of it stopped all deliveries.
    """

    missing_at: float | None = None
    labels: tuple[str, ...] = ()
    label_sets: int = 0
    stopped_at: float | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Why no worker calls GitHub, unix seconds: it was asked again `tries` times in vain, and will be at `next_at`."""

    reason: str
    remedy: str
    since: float
    tries: int
    next_at: float


@dataclass(frozen=True, slots=True)
class Lease:
    """The terms on which a job is held: the lease's name, the way there, what is known from earlier holders."""

    name: str
    attempt: Attempt | None
    failures: int
    notes: JobNotes = field(default_factory=JobNotes)
    stop: Stop | None = None
    gates: Gates = HOME


@dataclass(frozen=True, slots=True)
class Leased:
    """What every leased job says.

    `fingerprint` is the problem's name in the ledger, `destination` was decided when the alert came. `attempt` is the
    post whose outcome is unknown, None when there is none; `failures` counts the calls to GitHub that failed in a row,
    whatever they were for; `stop` is in force, and this is the try to end it.
    """

    fingerprint: str
    lease: str
    attempt: Attempt | None
    failures: int
    problem: Problem
    notes: JobNotes = field(default_factory=JobNotes)
    stop: Stop | None = None
    destination: Destination = HERE
    gates: Gates = HOME


@dataclass(frozen=True, slots=True)
class FilingJob(Leased):
    """A leased job: file this alert. Since `doubted_since` an issue may have been made that the ledger lacks."""

    alert: Alert = field(kw_only=True)
    doubted_since: float | None = field(kw_only=True, default=None)

    @property
    def key(self) -> str:
        """The name of the job."""
        return self.fingerprint


@dataclass(frozen=True, slots=True)
class StatusJob(Leased):
    """A leased job: show the change in the issue that `problem` names."""

    change: StatusChange = field(kw_only=True)

    @property
    def key(self) -> str:
        """The name of the job; one that no fingerprint can have."""
        return f"{STATUS}{self.fingerprint}"


Job = FilingJob | StatusJob
Done = Literal["updated", "reopened", "closed", "muted", "unchanged"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an issue is like after it was followed up: how it stands, and whether it says all that is known.

    `is_muted_by_sentry`: the mute is Sentry's archive, None: as before. `title` is its new one, `became` what was done.
    """

    standing: Standing
    is_shown: bool = True
    is_muted_by_sentry: bool | None = None
    title: str | None = None
    became: Done = "updated"
    handing: Handing | None = None  # who gets it


@dataclass(frozen=True, slots=True)
class Pause:
    """No worker calls GitHub before `until` (unix seconds); `is_of_all`: it is for nothing about the job itself."""

    until: float
    reason: str
    is_of_all: bool = False


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing to do before `until` (unix seconds), or before the next claim when None.

    `is_closed`: a new claim would have to wait as well. `stops`: where that is for a stop, None: the home.
    """

    until: float | None
    is_closed: bool = False
    stops: tuple[tuple[str | None, Stop], ...] = ()
