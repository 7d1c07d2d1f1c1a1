"""The operator's side: the log, the reports of errors, the commands."""
