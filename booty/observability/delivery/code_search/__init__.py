"""The search for the code behind an alert, within a time limit."""
