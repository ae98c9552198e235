"""HTTP: parse, one call, render or redirect; no rule, no query."""
