"""The doctor: what is set up, one line a check; looking is apart from judging."""
