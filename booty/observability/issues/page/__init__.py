"""An issue's page, section by section."""
