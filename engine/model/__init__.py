"""The nouns, frozen: what was written, what was resolved, what is planned, sent and reported.

No effects here. `stored` turns any of them into plain JSON values and back.
"""
