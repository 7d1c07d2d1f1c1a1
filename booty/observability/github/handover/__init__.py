"""Handing an issue over at GitHub, which leaves out in silence what it does not allow."""
