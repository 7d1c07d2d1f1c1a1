"""What all commands share: the settings that they are given, what they print, how they end."""
