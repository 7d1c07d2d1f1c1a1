"""The tracker for a look at the issues without GitHub: Markdown files."""
