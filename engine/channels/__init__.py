"""The ways out: one file per vendor, one shared transport, and a sandbox that sends nothing.

`registry` knows every provider by name. HTTP is spoken in this room only.
"""
