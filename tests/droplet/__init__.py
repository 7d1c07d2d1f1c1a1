"""The deploy path on a throw-away droplet: a systemd, nginx and sshd of its own."""
