"""What every room stands on: places in files, findings, exit codes, digests, instants.

Only the standard library may be imported here.
"""
