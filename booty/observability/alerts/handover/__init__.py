"""Who gets an issue: the agent at once, or a person first."""
