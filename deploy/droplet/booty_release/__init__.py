"""The droplet's side of a deploy: the only program that the deploy key may run.

Python's standard library only (3.11 to 3.14), so that a fresh droplet needs nothing to run it. It opens no
network connection of its own; pip, which it calls, fetches the locked dependencies.
"""
