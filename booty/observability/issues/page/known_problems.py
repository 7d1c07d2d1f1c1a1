"""What Sentry, its SDKs, browsers call the problems that they find: no word of anybody else's."""

from __future__ import annotations

NAMES = (
    *("N+1 Query", "N+1 API Call", "MN+1 Query", "Slow DB Query", "Consecutive DB Queries", "Consecutive HTTP"),
    *("Large HTTP payload", "HTTP/1.1 Overhead", "Large Render Blocking Asset", "Uncompressed Asset", "Frame Drop"),
    *("File IO on Main Thread", "File I/O on Main Thread", "DB on Main Thread", "Regex on Main Thread"),
    *("Image Decoding on Main Thread", "JSON Decoding on Main Thread", "Core Data on Main Thread"),
    *("Endpoint Regression", "Function Regression", "Transaction Duration Regression", "Query Injection Vulnerability"),
    *("Rage Click", "Hydration Error", "User Feedback", "Monitor failure", "Cron failure", "Missed check-in"),
    *("Uptime Check Failed", "Uptime Domain Monitor Failure", "Downtime detected", "Metric Issue", "Metric alert"),
    *(
        "App Hanging",
        "App Hang Fully Blocked",
        "App Hang Non Fully Blocked",
        "Fully Blocked App Hang",
        "Background ANR",
    ),
    *("Assertion failed", "Ensure failed", "Script error", "Shader error"),
    *("CSP violation", "HPKP failure", "Expect-CT failure", "Expect-Staple failure", "network error"),
)


def known_problem(text: str | None) -> str | None:
    """Return the known name that `text` begins with; what follows it may be anybody's words."""
    words = (text or "").casefold()
    return next((known for known in NAMES if words.startswith(known.casefold())), None)
