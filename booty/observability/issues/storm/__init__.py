"""The issue of a storm."""
