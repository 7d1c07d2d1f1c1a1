"""The deploy workflow: its programs by themselves, and the whole of it under act."""
