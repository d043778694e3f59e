"""What may be said to whom and when: dated provisions, windows, label, lead time, the door.

Pure: no clock, no I/O beyond reading the packaged tables once.
"""
