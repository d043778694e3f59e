"""The hash tree over the rows of a ledger, built row by row: RFC 6962 §2.1 (Certificate Transparency).

leaf = SHA-256(0x00 ‖ row), node = SHA-256(0x01 ‖ left ‖ right), and the left side of every node is the
largest full tree that fits. The root of no rows is SHA-256 of nothing. The two prefixes keep a node
from being passed off as a row.
"""

from __future__ import annotations

from hashlib import sha256


class HashTree:
    """Takes rows in order and holds one digest per level: 10 million rows are 24 digests."""

    def __init__(self) -> None:
        self._full: list[tuple[int, bytes]] = []
        self.rows = 0

    def add(self, row: bytes) -> None:
        """Append one row (its bytes without the line's end)."""
        level, node = 0, sha256(b"\x00" + row).digest()
        while self._full and self._full[-1][0] == level:
            node = sha256(b"\x01" + self._full.pop()[1] + node).digest()
            level += 1
        self._full.append((level, node))
        self.rows += 1

    def root(self) -> str:
        """Return `sha256:<64 hex>` over the rows so far."""
        if not self._full:
            return "sha256:" + sha256().hexdigest()
        node = self._full[-1][1]
        for _, left in reversed(self._full[:-1]):
            node = sha256(b"\x01" + left + node).digest()
        return "sha256:" + node.hex()
