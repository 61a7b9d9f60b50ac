"""Evaluates the catalogue and writes everything that the pages include."""
