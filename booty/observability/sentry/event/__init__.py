"""An event of Sentry's, part by part."""
