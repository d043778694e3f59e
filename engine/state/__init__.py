"""The state: what is deployed, who holds which lease, and what became of every delivery.

`open` is the door (`open_state`, the key), `clock` the only place that asks the machine for the
time. SQL lives here, in SQLAlchemy Core; nothing heavy is imported before a state is opened.
"""
