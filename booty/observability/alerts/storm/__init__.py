"""A storm: when many new problems are one, what is shown of them."""
