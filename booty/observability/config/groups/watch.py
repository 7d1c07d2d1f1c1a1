"""The settings of the watch: who is told how the pipe is."""

from __future__ import annotations

from pydantic import BaseModel, Field

from booty.observability.config.kinds import HeartbeatUrl, MetricsBind


class WatchSettings(BaseModel, defer_build=True, arbitrary_types_allowed=True):
    """What can be set of it."""

    heartbeat_url: HeartbeatUrl | None = Field(None, alias="OBSV_HEARTBEAT_URL")
    silence_hours: float = Field(0.0, alias="OBSV_SILENCE_HOURS", ge=0, le=8760, allow_inf_nan=False)
    """After how many hours without a webhook an issue says so; 0: never."""
    metrics_bind: MetricsBind | None = Field(None, alias="OBSV_METRICS_BIND")
    metrics_public: bool = Field(default=False, alias="OBSV_METRICS_PUBLIC")
    """The metrics may be served to other machines."""
