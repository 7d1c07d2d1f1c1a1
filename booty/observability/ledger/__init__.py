"""The ledger: what must survive kill -9, behind one door for each caller.

`claims` is the webhook's door, `queue` the courier's (with `closings` for what it reads on GitHub), `inspection` the
operator's. Behind them: `schedule` is what is due when, `problems` what is known of each, `engines` where it is kept.
Times are unix seconds, given by the caller.

Guarantees, under kill -9, a full disk, several workers or releases at once
- An alert that was accepted is on disk until its issue is known to exist or GitHub refused it. Nothing drops it.
- Of any number of simultaneous claims of one fingerprint, one is accepted.
- A job has at most one holder: a lease, which runs out when its holder dies. A holder that outlives its lease can still
  report that the issue exists, since that is a fact, but changes nothing else.
- That a post was begun is on disk before the post: whoever takes over afterwards knows that its outcome is unknown.
- Over all workers one job of a token is being done at a time, the next begins a second after its end at the earliest.

Keys: `alert/<name>` is the history, `owed/<name>` a job, `due/<ms>/<name>` its place in the order of time,
`rank/<rank>/<name>` its place in the order in which what is due is done,
`refused/<name>` a dead letter, `forget/<ms>/<name>` when a settled history has had its use,
`events/<name>/<digit>` which events it counted, `issue/<number>` an issue's problem, `alias/<name>` that of
a problem with several names, `release/<hash>` when a release was seen, `live/<project>/<place>` the releases of one
line, `verify/<name>` a closing that may be verified, `verify_at/<ms>/<name>` when it is looked at, `journal/<place>` a
line of the journal, `turned_away/<minute>` how many requests were, `storm` what is known of one,
`row/<digest>/<rank>/<name>` a problem of its digest,
`gate` whether GitHub may be called, `gate/<name>` with another token, `gate@acme:shop` for another repository,
`schema` whose records these are,
`checked_at` the last proof that they can be written, `rebuild` how far a lost ledger was made anew, `refused_at` when
something was refused last, `watch` how the pipe was when somebody was told, `pipe` the issue about it, `token` when
that for GitHub ends, `alive` when a process lived, `reconcile` what is to be read from Sentry, `link/<name>` a
link that Sentry is owed, `links` who does those, `installation` who sends the webhooks, `home` the repository that the
ledger began with, `handed_over/<day>` how many issues were on that day, `handover/<name>` what a job was told of that,
`assignment/<ms>/<name>` an assignment that is owed, `said/<what>` when it was said last what GitHub leaves out. A
problem's name is its fingerprint; in another repository than the home, with the mark of that one
after it, as in `1:42@acme:shop`, and the keys of its order and its number have the mark as well: `due@acme:shop/…`,
`issue@acme:shop/<number>`, which an older release leaves alone. A job's name is a problem's, with `~` before it
for a status change. Reading any of them takes the same time whatever else the ledger holds.
"""
