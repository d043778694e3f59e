"""Reading what people write: YAML with positions, schemas, builders, references, overlays.

`read.py` is the way in. Only this room imports a YAML parser. Nothing here reaches the network,
opens a secret or looks at the clock.
"""
