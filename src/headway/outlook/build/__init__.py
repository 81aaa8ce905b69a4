"""Builds the shipped table of official figures from the source files."""
