"""The alert path: a signed Sentry webhook becomes one GitHub issue.

    webhook   RECEIVE   the route, with every HTTP status
    sentry    PARSE     verify the signature, read Sentry's bytes as values of ours
    alerts    DECIDE    what an alert is; whether it is filed or ignored
    ledger    STORE     what must survive `kill -9`; then Sentry is answered
    delivery  DELIVER   the second loop: what the ledger owes
    issues    RENDER    an alert as Markdown; the life of its issue
    github    SEND      GitHub's REST API

Below them: `config`, the settings; `text`, which makes untrusted text fit to publish. Beside them: `ops`, what the
operator sees. `wiring` builds all of it, with `loops`, `watches`, `places`, `remotes` and `ledgers`.
"""
