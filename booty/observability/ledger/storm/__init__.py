"""A storm of new problems: which are filed one by one, which share one issue, the digest."""
