"""The page that an operator looks at, `/observability/`: imported only where a password switches it on."""
