"""What people set up around the repository: access, labels, the gate of deploys."""
