"""What broke: exceptions with their frames, from Sentry's shape to ours.

What led up to it is read by `context`.
"""

from __future__ import annotations

from collections.abc import Sequence

from booty.observability.alerts import limits
from booty.observability.alerts.alert import Frame, Raised
from booty.observability.alerts.limits import cut
from booty.observability.sentry.event.frames import frames_of
from booty.observability.sentry.schema.event import SentEvent
from booty.observability.sentry.schema.stack import SentException, SentThread


def raised(exceptions: Sequence[SentException], *, with_locals: bool) -> tuple[tuple[Raised, ...], int]:
    """Return the exception that was raised, then its causes, outermost to root; of a group, its members.

    Of a chain that is too long the root cause stays: what lies between says least. How many do is returned as well.
    """
    chain = _outermost_first([each for each in exceptions if each.type or each.value or each.frames])
    left_out = max(len(chain) - limits.MOST_EXCEPTIONS, 0)
    if left_out:
        chain = [*chain[: limits.MOST_EXCEPTIONS - 1], chain[-1]]
    crashed = next((position for position, each in enumerate(chain) if each.frames), None)
    kept = tuple(
        Raised(
            type=cut(each.type, limits.NAME),
            message=cut(each.value, limits.MESSAGE),
            frames=frames_of(
                each.frames,
                limits.MOST_CAUSE_FRAMES if position else limits.MOST_FRAMES,
                is_crash=position == crashed,
                with_locals=with_locals,
            ),
        )
        for position, each in enumerate(chain)
    )
    return kept, left_out


def _outermost_first(exceptions: Sequence[SentException]) -> list[SentException]:
    """Turn the list round; where the SDK numbered a group's tree, follow the numbers, in which 0 was raised."""
    chain = list(reversed(exceptions))
    numbers = [each.mechanism.exception_id for each in chain if each.mechanism]
    known = [number for number in numbers if number is not None]
    if not known or len(set(known)) < len(chain) or known[0] != min(known):
        return chain
    return [each for _, each in sorted(zip(known, chain, strict=True), key=lambda pair: pair[0])]


def stack(event: SentEvent, *, with_locals: bool) -> tuple[Frame, ...]:
    """Return the event's own stack, else the crashed thread's, the current one's, or the first there is."""
    threads = sorted(event.threads, key=_thread_rank)
    stacks = (
        frames_of(frames, limits.MOST_FRAMES, is_crash=True, with_locals=with_locals)
        for frames in (event.frames, *(each.frames for each in threads))
    )
    return next((frames for frames in stacks if frames), ())


def _thread_rank(thread: SentThread) -> tuple[bool, bool]:
    return (not thread.crashed, not thread.current)
