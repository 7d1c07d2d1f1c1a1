"""JSON read as types say: what the readers of GitHub's answers share with those of Sentry's."""
