"""What GitHub's runner runs: six programs, each `python3 -m deploy.pipeline.<program>` in a checkout.

    plan             puts a release up for approval    planning/
    approval         checks that it was approved
    ship             deploys it                        shipping/
    sentry_release   tells Sentry
    record           makes the GitHub release
    gate             says what is weak about all that  (by hand, when it is set up)

On the right is what a program is made of; all of them share the modules beside them, and github/. Nothing has to be
installed: they import the standard library, and `booty.observability.text` to make untrusted text fit to show.
"""
