"""The journal in words: its lines, the story of one problem, what comes next."""
