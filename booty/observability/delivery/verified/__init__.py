"""Issues whose problem stayed away after they were closed are called verified."""
