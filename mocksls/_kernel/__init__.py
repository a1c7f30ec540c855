"""Shared leaves: what every other layer stands on, and nothing above it."""
