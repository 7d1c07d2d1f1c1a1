"""What GitHub's runner runs: five programs, each `python3 -m deploy.pipeline.<program>` in a checkout.

    plan             puts a release up for approval    request protection clone changes risks approval_page
    approval         checks that it was approved
    ship             deploys it                        deploy_settings deploy_script public_health outcome
    sentry_release   tells Sentry                      clone
    record           makes the GitHub release

On the right is what each is made of; target, exit_codes, command_line, release, links, actions, github_rest,
web_request and wording are shared. Nothing has to be installed: they import the standard library, and
`booty.observability.text` to make untrusted text fit to show.
"""
