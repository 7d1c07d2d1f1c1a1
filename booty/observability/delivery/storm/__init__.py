"""The digest of a storm is kept true on the tracker."""
