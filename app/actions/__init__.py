"""Writes: one function for each thing a person can do; none commits, none knows HTTP."""
