"""A batch of people's values, by variable: what is rendered together."""

from __future__ import annotations

from dataclasses import dataclass, field

Column = list[str]
"""One text per row of a batch."""


@dataclass(slots=True)
class Columns:
    """The values of `size` rows, one list per variable.

    `aside` holds the rows that a batch cannot answer for (a value is missing, a filter fails): what
    stands in their places means nothing, and they are composed one by one afterwards.
    """

    size: int
    by_name: dict[str, list[object]]
    aside: set[int] = field(default_factory=set)

    def set_all_aside(self) -> None:
        """Give up on every row: the source reads what nobody has."""
        self.aside.update(range(self.size))
