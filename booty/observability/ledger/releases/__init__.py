"""The releases that are live."""
