"""The books of a campaign, rebuilt from the ledger at any time, and how they are shown.

Takes what the state knows; returns reports in counts. Only `trace`, which is for a terminal, tells
of one person.
"""
