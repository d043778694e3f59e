"""Send what is due, shard by shard, so that nobody is sent to twice and nobody is lost track of.

Takes what the state holds (never the campaign files), fresh consent and open providers; leaves every
target in a state. The order is: reserve pace, wait, look for stop orders, claim, ask the door, hand over.
"""
