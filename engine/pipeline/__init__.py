"""The order of things: read → lint → plan → apply → dispatch → report. Nobody else knows it.

One file per step, and two for what steps compare: `wanted` (by the files) and `deployed` (by the
state). `dispatch` needs no file here: it goes by the state alone. Every function takes what it works
on and the ports it works through; `app` has opened those.
"""
