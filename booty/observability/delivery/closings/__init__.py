"""What people do to issues on GitHub: read, learned, told to Sentry."""
