"""Time redacting and rendering, ordinary and hostile: `python bench/redaction.py`.

It prints the slowest inputs first, in milliseconds of CPU for one call. The hostile ones fill the whole of what
`redact` reads with beginnings of secrets that never end.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from booty.observability.alerts.alert import Alert, Breadcrumb, Frame, Raised
from booty.observability.alerts.severity import Severity
from booty.observability.issues.page.body import render
from booty.observability.text.personal_data import mask
from booty.observability.text.redaction import LIMIT, redact
from booty.observability.text.secrets.shapes import BLOCKS, SHAPES
from booty.observability.text.secrets.signed import FORMS

BEGINNINGS = (
    "eyJ", "eyJeyJ.", "password=", "passwordpassword:", "password='\\", 'password="', "password=a,", "password=A_",
    "token: a ", "token=a(", "a=", "a.", "https://", "https://a:", "://a@", "-----BEGIN ", "[[[[password",
    "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY----- -", "Authorization: ", "Authorization: Basic",
    "Bearer ", "cookie=a=", "?a=", "&a", "[redacted", "<password>", "<a:", "--a-", "--password ", "('password',",
    "identified by '", "-u a:", " ", "\\", '"', "'", "\n", "é", "a1B2c3", "SG.a-", "1:AA", "aQ~", "&a==", "-", "<", ">",
    "1", "password: ", "password:\n ", "'password', ", '"key": "password", ', "value='a' ", "<password>a",
    "name=password ", "PASS a1 ", "AUTH a1 ", "echo a | ", "mysql -p", "set password ", "a:5432:b:c:", "пароль ",
    "key a1", "key is ", 'auth("', "routing_key=aB1", "--auth-token a1b2c3 ",
)  # fmt: skip
ORDINARY = (
    "could not load user 1234 from /srv/app/x.py line 12: authentication failed for token abc; see https://x.y/z "
)


def inputs() -> dict[str, str]:
    """Return the texts to redact by name, each of `LIMIT` characters or a few more."""
    hints = {sign for sign, _ in FORMS} | {hint for shape in (*BLOCKS, *SHAPES) for hint in shape.hints if hint}
    every = " ".join(sorted(hints)) + " authorization cookie bearer basic -u ' ://=?"
    texts = {repr(each): each * (LIMIT // len(each)) for each in (*BEGINNINGS, *sorted(hints))}
    # With every sign nearby, no pattern is skipped; a few of each are enough to see what that costs.
    mixed = {f"{name} and all hints": f"{every} {texts[name]}" for name in map(repr, BEGINNINGS)}
    return {**texts, **mixed, "ordinary": ORDINARY * (LIMIT // len(ORDINARY))}


def personal() -> dict[str, str]:
    """Return texts full of what begins as personal data does, by name."""
    beginnings = (
        "@",
        "a@",
        "a@b.",
        "%40",
        "1.",
        "1.2.3.4 ",
        "81.2.69.142 ",
        "2001:",
        "+1",
        "+1 (",
        "1 ",
        "12 ",
        "4111 ",
    )
    whole = ("bob@example.com ", "4111 1111 1111 1111, ", "DE89 3704 0044 0532 0130 00 ", "+49 170 1234567 ", "ab12c ")
    return {repr(each): (each * LIMIT)[:LIMIT] for each in (*beginnings, *whole)}


def full_alert() -> Alert:
    """Build an alert of some 200 kB, as large as the parser lets one be."""
    frames = tuple(
        Frame(path=f"shop/{'p' * 180}.py", line=line, function="f" * 110, source=ORDINARY * 2, in_app=True)
        for line in range(50)
    )
    raised = tuple(Raised(type="E" * 110, message=(ORDINARY * 40)[:4000], frames=frames) for _ in range(8))
    crumbs = tuple(Breadcrumb(category="query", level="info", text=(ORDINARY * 4)[:400]) for _ in range(8))
    return Alert(
        fingerprint="1:2", event="3", severity=Severity.ERROR, occurred_at=datetime(2026, 11, 23, tzinfo=UTC),
        raised=raised, breadcrumbs=crumbs,
    )  # fmt: skip


def milliseconds(call: Callable[[], object], times: int = 3) -> float:
    """Return the best of `times` calls."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slowest", type=int, default=10, help="how many of the slowest inputs to print")
    most = parser.parse_args().slowest
    timed = [(milliseconds(partial(redact, text)), name) for name, text in inputs().items()]
    timed.sort(reverse=True)
    alert = full_alert()
    print(f"redact, {len(timed)} inputs of {LIMIT:,} characters, slowest first")
    for spent, name in timed[:most]:
        print(f"  {spent:8.2f} ms  {name}")
    print(f"  {milliseconds(lambda: redact(ORDINARY * 120)):8.2f} ms  ordinary text")
    print(f"  {milliseconds(lambda: [redact(ORDINARY) for _ in range(100)]) / 100:8.3f} ms  one ordinary line")
    masked = sorted(((milliseconds(partial(mask, text)), name) for name, text in personal().items()), reverse=True)
    print(f"mask, {len(masked)} inputs of {LIMIT:,} characters, slowest first")
    for spent, name in masked[:most]:
        print(f"  {spent:8.2f} ms  {name}")
    print(f"  {milliseconds(lambda: mask(ORDINARY * 120)):8.2f} ms  ordinary text")
    size = len(str(alert.record()))
    print(f"render\n  {milliseconds(lambda: render(alert, trigger_label='x')):8.2f} ms  an alert of {size:,} bytes")


if __name__ == "__main__":
    main()
