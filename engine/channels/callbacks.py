"""`results:` of a channel: what the vendor called back with, one JSON body a line.

Whoever receives the vendor's webhook appends each body to the file; look-ups read it first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from engine.kernel.errors import UnavailableError


def read_callbacks(path: str | None) -> Iterator[Mapping[str, Any]]:
    """Return the bodies that are JSON objects, in the order in which they came; a list's one by one.

    None, or a file that is not there yet, holds nothing. A last line without its end is still being
    written and is passed over. Raises UnavailableError for a file that cannot be read and for any
    other line that is no JSON.
    """
    if path is None:
        return
    try:
        lines = Path(path).read_bytes().split(b"\n")
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnavailableError(
            f"`results` cannot be read: {error.strerror}", f"check `{path}`"
        ) from error
    for number, line in enumerate(lines[:-1], 1):
        if not line.strip():
            continue
        try:
            body = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise UnavailableError(
                f"line {number} of `{path}` is not JSON",
                "`results` holds one body of a callback a line",
            ) from error
        yield from (each for each in (body if isinstance(body, list) else [body]) if each)
