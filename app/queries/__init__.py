"""Reads: one function a question; visibility is decided here, once for each noun."""
