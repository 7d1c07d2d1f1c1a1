"""What GitHub's runner runs: plan, approval, ship, github_release, sentry_release, each by `python3 -m`.

They need a checkout and the standard library; `sentry_release` alone needs `requests`.
"""
