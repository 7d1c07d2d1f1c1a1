"""The alerts of a storm: held by a process, written together."""
