"""Who: condition trees become SQL over the sources, members become targets, targets become shards.

Takes resolved campaigns and files of people; gives facts, differences, snapshots and fresh
readings.
The only room besides `state` that speaks SQL; everything here runs on an embedded DuckDB.
"""
