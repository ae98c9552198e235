"""Pictures of numbers: their geometry in plain Python, one module a chart; `templates/charts` draws it."""
