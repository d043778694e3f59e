"""Write approved changes into the state, all or none. Nothing is sent here.

Takes a fresh plan and what was approved; returns what was written. The only effect is one ledger
transaction under a lease.
"""
