"""Pages that people look at: the contact sheet of a campaign, the index over all of them.

Static HTML in one file each: no server, no network, nothing from elsewhere.
"""
