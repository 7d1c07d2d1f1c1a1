"""GitHub's JSON, as far as we read it: nothing outside `github` knows its keys."""
