"""What a person reads: templates, filters, Korean particles, values, and the composed message.

Takes a resolved campaign and one person's values, returns a `Message` (or why there is none).
Pure: no clock, no network, no files. Jinja and Babel are imported only when a template needs them.
"""
