"""The only place that picks implementations: which clock, which state, which people, which providers.

`session` is what every command opens first; everything else is opened with it.
"""
