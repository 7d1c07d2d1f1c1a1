"""How a release gets from a commit to the droplet."""
