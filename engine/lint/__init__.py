"""Rules over resolved campaigns: one file per rule, each with its citation and its examples.

A rule says what is wrong and where; `run` stamps the rest, so that no rule can forget it.
"""
