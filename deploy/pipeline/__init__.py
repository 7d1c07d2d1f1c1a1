"""What GitHub's runner runs: plan, approval, ship, record, sentry_release, each by `python3 -m`.

They need a checkout and the standard library, nothing that has to be installed.
"""
