"""Desired × deployed → changes with categories, digests, guards, and until when they hold.

Takes resolved campaigns, what the state says is deployed, and counts of people; returns a `Plan`.
Nothing is written and nobody is named.
"""
