"""Where it broke: the frames that a reader wants."""
