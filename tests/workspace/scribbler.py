"""Writes YAML as no two people would: every style, comments and blanks at every gap, any order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random

KEYS = (
    *("kind", "id", "title", "audience", "exclude", "channels", "message", "ko", "en", "body"),
    *("schedule", "at", "redefine", "with", "a b", "가나", "locales", "attribute", "eq", "all"),
    *("universal", "experiment", "variants"),
)
FLOW_SCALARS = (
    *("x", "'it''s'", '"q\\"u"', "가 나", "10", "-1.5", "true", "null", "~", "21:00", "NO"),
    *("2026-01-01", "'a: b'", '"# no"', "a#b", '"{{ x }}"', "'[x]'", '"\\u200b"', "'  pad '"),
    "http://x/y?z=1&w=2",
)
SCALARS = (*FLOW_SCALARS, "", "-x", "?x", "a, b")


@dataclass(slots=True)
class Scribbler:
    """One document's writer."""

    rng: Random
    comments: int = 0

    def document(self) -> str:
        """Return a mapping with anything in it."""
        return "\n".join(self.mapping(0, 3)) + "\n"

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}" + self.rng.choice(["", " pushform: x", " 가나: {x}", "  "])

    def maybe(self, share: float = 0.15) -> str:
        blanks = " " * self.rng.randrange(1, 4)
        return blanks + self.comment() if self.rng.random() < share else ""

    def junk(self, indent: int) -> list[str]:
        lines = []
        while self.rng.random() < 0.2:
            at = self.rng.choice([0, indent, indent, indent + 2, indent + 1, max(0, indent - 2)])
            lines.append(" " * at + self.comment() if self.rng.random() < 0.7 else "")
        return lines

    def keys(self) -> list[str]:
        chosen = self.rng.sample(KEYS, self.rng.randrange(1, 5))
        return [
            self.rng.choice([key, key, key, json.dumps(key, ensure_ascii=False), f"'{key}'"])
            for key in chosen
        ]

    def gap(self) -> str:
        chance = self.rng.random()
        if chance < 0.12:
            return f" {self.comment()}\n" + " " * self.rng.randrange(30, 40)
        if chance < 0.2:
            return "\n" + " " * self.rng.randrange(30, 40)
        return self.rng.choice(["", " "])

    def flow(self, depth: int) -> str:
        if depth <= 0 or self.rng.random() < 0.4:
            return self.rng.choice(FLOW_SCALARS)
        gap = self.gap
        if self.rng.random() < 0.5:
            pairs = [f"{gap()}{k}: {gap()}{self.flow(depth - 1)}{gap()}" for k in self.keys()]
            return "{" + ",".join(pairs) + self.rng.choice(["", " ,"]) + gap() + "}"
        items = [f"{gap()}{self.flow(depth - 1)}{gap()}" for _ in range(self.rng.randrange(4))]
        return "[" + ",".join(items) + gap() + "]"

    def block_text(self, indent: int) -> list[str]:
        pad = " " * (indent + 2)
        words = ["text", "# no comment", "가나: {x", "  deeper"]
        lines = [pad + "first"]
        lines += [pad + self.rng.choice(words) for _ in range(self.rng.randrange(3))]
        if self.rng.random() < 0.3:
            lines.insert(1, "")
        return [*lines, ""] if self.rng.random() < 0.3 else lines

    def value(self, indent: int, depth: int) -> tuple[str, list[str]]:
        """Return what stands on the key's line, and the lines below it."""
        chance = self.rng.random()
        if depth <= 0 or chance < 0.3:
            return " " + self.rng.choice(SCALARS) + self.maybe(), []
        if chance < 0.38:
            head = self.rng.choice(["|", "|-", ">", ">-", "|+", ">+"])
            return f" {head}{self.maybe()}", self.block_text(indent)
        if chance < 0.6:
            return f" {self.flow(3)}{self.maybe()}", []
        if chance < 0.65:
            below = self.rng.choice(["plain", "'q'", '"d"'])
            return self.maybe(0.3), [" " * (indent + 2) + below + self.maybe()]
        if chance < 0.7:
            return " word", [" " * (indent + 3) + "more words" + self.maybe()]
        deeper = indent + self.rng.choice([2, 2, 2, 4, 1])
        write = self.mapping if self.rng.random() < 0.6 else self.sequence
        return self.maybe(0.2), write(deeper, depth - 1)

    def mapping(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for key in self.keys():
            lines += self.junk(indent)
            head, below = self.value(indent, depth)
            lines += [" " * indent + f"{key}:{head}", *below]
        return lines + self.junk(indent)

    def sequence(self, indent: int, depth: int) -> list[str]:
        lines: list[str] = []
        for _ in range(self.rng.randrange(1, 4)):
            lines += self.junk(indent)
            chance = self.rng.random()
            dash = " " * indent + "-"
            if chance < 0.5 or depth <= 0:
                lines.append(f"{dash} {self.flow(2)}{self.maybe()}")
                continue
            inner = self.mapping(indent + 2, depth - 1)
            if chance < 0.8:
                while not inner[0].strip() or inner[0].lstrip().startswith("#"):
                    inner.pop(0)
                lines += [f"{dash} {inner[0].lstrip()}", *inner[1:]]
            else:
                lines += [dash + self.maybe(0.3), *inner]
        return lines + self.junk(indent)
