"""A file that another system reads: one JSON line per delivery."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import orjson

from engine.channels.appending import append_lines, open_private
from engine.channels.handing_on import delivery_id, preview_delivery, whole_delivery
from engine.channels.opening import Opening
from engine.channels.options import Options
from engine.kernel.digest import Plain
from engine.kernel.errors import UnavailableError
from engine.model.channel import Channel
from engine.model.message import Envelope
from engine.model.outcome import Accepted, NotActed, Outcome, Outgoing, Settled, Silent
from engine.model.ports import Provider

_SLOTS = 1000
_WAIT_S = 30.0


def open_provider(opening: Opening) -> Provider:
    """Return the provider that `opening` asks for; a relative `path` begins at the workspace."""
    return FileProvider(opening.channel, opening.options, opening.workspace)


class FileProvider:
    """`provider: file`, any channel. Option: `path`.

    A delivery is accepted when its line is on the disk; `provider_id` is the line's `id`. The file
    holds addresses: only its owner may read it, and it belongs into no repository.
    """

    def __init__(self, channel: Channel, options: Options, workspace: Path) -> None:
        self._channel = channel
        self._options = options
        self._workspace = workspace
        self._path: Path | None = None
        self._ready: list[Settled] = []

    @property
    def account(self) -> str:
        """The channel and the file as it is named in pushform.yaml."""
        return f"file:{self._channel.value}:{self._options.require('path')}"

    def encode(self, envelope: Envelope) -> Plain:
        """Return the line without address and names (`handing_on.preview_delivery`)."""
        return preview_delivery(envelope)

    def free_slots(self) -> int:
        """Return how many deliveries `submit` takes until the next `poll`.

        Raises UnavailableError if the file cannot be written, so that nothing is claimed in vain.
        """
        self._open()
        return _SLOTS - len(self._ready)

    def submit(self, batch: Sequence[Outgoing]) -> None:
        """Write `batch`. Raises ValueError if there are more deliveries than free slots."""
        free = _SLOTS - len(self._ready)
        if len(batch) > free:
            raise ValueError(f"{len(batch)} deliveries for {free} free slots")
        trouble = self._write(batch) if batch else None
        self._ready += [
            Settled(outgoing=one, outcome=trouble or Accepted(provider_id=delivery_id(one)))
            for one in batch
        ]

    def poll(self, timeout_s: float) -> Sequence[Settled]:  # noqa: ARG002 - nothing to wait for
        """Return everything that was handed over."""
        ready, self._ready = self._ready, []
        return ready

    def close(self) -> Sequence[Settled]:
        """Return what was not fetched yet."""
        return self.poll(0.0)

    def _write(self, batch: Sequence[Outgoing]) -> Outcome | None:
        """Return None, or what became of all of `batch` where the disk failed."""
        try:
            path = self._open()
        except UnavailableError:
            return NotActed(code="FILE_CLOSED", retry_after_s=_WAIT_S, opens_breaker=True)
        try:
            append_lines(path, b"".join(orjson.dumps(whole_delivery(o)) + b"\n" for o in batch))
        except OSError:
            # Some of the lines may be there, and somebody may have read them.
            return Silent(code="FILE_BROKEN")
        return None

    def _open(self) -> Path:
        if self._path is None or not self._path.exists():
            path = self._workspace / Path(self._options.require("path")).expanduser()
            try:
                os.close(open_private(path))
            except OSError as error:
                raise UnavailableError(
                    f"the file `{self._options.text('path')}` of channel `{self._channel.value}` "
                    f"cannot be written: {error.strerror}",
                    "check the folder, its rights and the space that is left",
                ) from error
            self._path = path
        return self._path
