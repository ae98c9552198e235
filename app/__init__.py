"""Dialogforum: from a need to an adopted recommendation whose implementation is tracked."""
