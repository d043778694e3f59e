"""Running commands in process: exit code, stdout, stderr."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema

from engine.cli.main import run

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"


@dataclass(frozen=True)
class Result:
    """What one command came to."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return stdout as JSON, checked against the published schema of its kind."""
        plain = json.loads(self.out)
        check(plain)
        return plain


def pushform(*words: str | Path) -> Result:
    """Run `pushform WORDS…`."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(word) for word in words])
    return Result(code, out.getvalue(), err.getvalue())


def check(plain: Any) -> None:
    """Hold a printed or written object to its schema, and its exit code to its name."""
    _validator(plain["kind"]).validate(plain)


@lru_cache
def _validator(kind: str) -> Any:
    schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)
