"""The journal: what was decided of each alert or status change, why, what became of it."""
