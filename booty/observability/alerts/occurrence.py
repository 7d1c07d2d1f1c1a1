"""What a decision, a claim, a counter know of an alert, whose whole may have to be read first."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from booty.observability.alerts.alert import Alert
from booty.observability.alerts.severity import Severity


class Occurrence(Protocol):
    """What a decision, a claim and a counter know of an alert; the `whole` may have to be read first."""

    @property
    def kind(self) -> Literal["event", "metric"]: ...  # noqa: D102 - as in `Alert`
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def event(self) -> str: ...  # noqa: D102
    @property
    def severity(self) -> Severity: ...  # noqa: D102
    @property
    def category(self) -> str: ...  # noqa: D102
    @property
    def release(self) -> str | None: ...  # noqa: D102
    @property
    def environment(self) -> str | None: ...  # noqa: D102
    @property
    def occurred_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def sentry_url(self) -> str | None: ...  # noqa: D102
    @property
    def own(self) -> bool: ...  # noqa: D102
    @property
    def aliases(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def incident(self) -> int | None: ...  # noqa: D102
    @property
    def is_reconciled(self) -> bool: ...  # noqa: D102
    @property
    def is_regression(self) -> bool: ...  # noqa: D102
    @property
    def project(self) -> str | None: ...  # noqa: D102
    @property
    def rule(self) -> str | None: ...  # noqa: D102
    @property
    def title(self) -> str | None: ...  # noqa: D102
    @property
    def tags(self) -> tuple[tuple[str, str], ...]: ...  # noqa: D102
    @property
    def is_test(self) -> bool: ...  # noqa: D102
    @property
    def whole(self) -> Alert: ...  # noqa: D102
    def marked(self, mark: str) -> Occurrence: ...  # noqa: D102
