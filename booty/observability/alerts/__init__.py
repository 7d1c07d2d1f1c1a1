"""An alert and its problem in our own words, frozen; the decision about it, pure."""
