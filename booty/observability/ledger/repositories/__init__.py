"""Which repository a problem's records belong to: the numbers of two never meet."""
