"""The issue about the pipe itself, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping

from booty.observability.issues.draft import Draft

LABEL = "booty:pipe"
FINGERPRINT = "booty:pipe"
"""No problem of Sentry's has it."""
MARKER = f"<!-- booty:fingerprint={FINGERPRINT} event=pipe -->"
TITLES = {
    "silence": "Sentry sends no alerts",
    "token_ends": "the token for GitHub is about to end",
    "token_ends_soon": "the token for GitHub ends soon",
}
ADVICE = {
    "silence": "Run `booty test-alert` where the service runs. If it is `ok`, look in Sentry: do the"
    " alert rules still use the integration, and is the address of its webhook right? If it does not arrive: `curl"
    " https://YOUR.SERVER/health`. Where errors are rare, raise `OBSV_SILENCE_HOURS`.",
    "token_ends": "Make a new one, put it in the place of `GITHUB_TOKEN`, and restart the service.",
    "token_ends_soon": "Make a new one, put it in the place of `GITHUB_TOKEN`, and restart the service.",
}
BEGINNING = "The service that files Sentry's alerts here says of itself:"
END = "The service rewrites this text, and closes the issue by itself once all is well. Comments stay."
HEALED = "All is well again. What stood here is in the history of this text."


def render(troubles: Mapping[str, str]) -> Draft:
    """Write the issue about `troubles`, the words of each by its kind; without any, as it is closed."""
    lines = [f"- **{words}.** {ADVICE[kind]}" for kind, words in troubles.items()]
    paragraphs = [BEGINNING, "\n".join(lines), END] if lines else [HEALED]
    return Draft(
        title=f"Alerts: {'; '.join(TITLES[kind] for kind in troubles)}",
        body="\n\n".join([*paragraphs, MARKER]),
        labels=(LABEL,),
        marker=MARKER,
    )
