"""What a pull request sees: annotations on its lines, and SARIF for code scanning.

Takes findings and their sources; returns text for GitHub. Knows no rule and reads no file.
"""
