"""Running ./deploy.sh: what it needs, its key, its outcome in words."""
