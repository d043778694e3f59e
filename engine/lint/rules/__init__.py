"""One module per rule, listed in `engine.lint.catalog`.

A module has a docstring (its page), `META`, `EXAMPLES` and `check`.
"""
