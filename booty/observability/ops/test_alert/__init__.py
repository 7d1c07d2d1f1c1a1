"""The test alert: what is sent, what the answer means, whether its issue arrives."""
