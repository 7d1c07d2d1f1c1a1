"""Issues that are handed over: how many a day, whose assignment is still owed."""
