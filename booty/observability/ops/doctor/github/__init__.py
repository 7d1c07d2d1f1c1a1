"""What the doctor asks GitHub, what it makes of the answers."""
