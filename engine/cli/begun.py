"""What `reports/` tells lint of campaigns that were begun, read only when a rule asks."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.model.begun import Begun
from engine.model.channel import Channel


@dataclass(frozen=True)
class Reports(Container[str]):
    """The ids with a report of any of the environments, read when the first rule asks."""

    root: Path
    environments: Sequence[str]

    @cached_property
    def ids(self) -> frozenset[str]:
        from engine.report.files import reported_campaigns

        return reported_campaigns(self.root, *self.environments)

    def __contains__(self, id_: object) -> bool:
        return id_ in self.ids


@dataclass(frozen=True, eq=False)
class Sizes(Mapping[str, int]):
    """How many KakaoTalk messages started campaigns came to, read when the first rule asks."""

    root: Path
    environment: str

    @cached_property
    def counted(self) -> Mapping[str, int]:
        from engine.report.files import counted_messages

        return counted_messages(self.root, self.environment, Channel.KAKAO)

    def __getitem__(self, id_: str) -> int:
        return self.counted[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self.counted)

    def __len__(self) -> int:
        return len(self.counted)


@dataclass(frozen=True, eq=False)
class OnKakao(Mapping[str, Begun]):
    """The started campaigns whose reports say on which profile, read when the first rule asks."""

    root: Path
    environment: str

    @cached_property
    def found(self) -> Mapping[str, Begun]:
        from engine.report.files import begun_on_kakao

        return begun_on_kakao(self.root, self.environment)

    def __getitem__(self, id_: str) -> Begun:
        return self.found[id_]

    def __iter__(self) -> Iterator[str]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)
