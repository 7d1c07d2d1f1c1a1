"""What is put up for approval: what was asked for, against what, who approves, what is unusual, as one page."""
