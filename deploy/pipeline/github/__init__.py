"""GitHub as the programs meet it: the runner, the REST API, addresses of pages."""
