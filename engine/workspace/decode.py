"""From bytes to text, with a finding where a file is no UTF-8."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from engine.kernel.finding import Finding, Severity
from engine.kernel.origin import Origin

MAX_BYTES = 1024 * 1024
"""Files that people write are kilobytes; 1 MiB bounds time and memory of a hostile one."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def decode(raw: bytes, file: str) -> tuple[str, Finding | None]:
    """Return the text of `raw` without a byte order mark, and a finding if it cannot be read.

    With a finding the text is empty, or what can be shown of it.
    """
    if len(raw) > MAX_BYTES:
        kib = len(raw) // 1024
        return "", _finding(
            "yaml-bounds", file, f"the file has {kib} KiB; at most 1024 are read", "split it up"
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        message = "the file is UTF-16, not UTF-8"
        return "", _finding("yaml-encoding", file, message, "save it as UTF-8")
    raw = raw.removeprefix(BOM_UTF8)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        return _not_utf8(raw, error, file)
    control = _CONTROL.search(text)
    if control is None:
        return text, None
    line, column = place(text, control.start())
    message = f"the control character U+{ord(control.group()):04X} is not allowed in a text file"
    return text, _finding(
        "yaml-encoding", file, message, "delete it (it is invisible in most editors)", line, column
    )


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column, from 1, of the code point `index`; lines break where YAML's do."""
    line, start = 1, 0
    for found in _BREAK.finditer(text, 0, index):
        line, start = line + 1, found.end()
    return line, index - start + 1


def _not_utf8(raw: bytes, error: UnicodeDecodeError, file: str) -> tuple[str, Finding]:
    shown = raw.decode(errors="replace")
    line, column = place(shown, shown.index("\ufffd"))
    hint = "save it as UTF-8"
    try:
        raw.decode("cp949")
    except UnicodeDecodeError:
        pass
    else:
        hint = "it looks like CP949 (EUC-KR): save it as UTF-8"
    message = f"the byte 0x{raw[error.start]:02x} is not UTF-8"
    return shown, _finding("yaml-encoding", file, message, hint, line, column)


def _finding(
    rule: str, file: str, message: str, hint: str, line: int = 1, column: int = 1
) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        hint=hint,
        at=Origin(file),
        line=line,
        column=column,
    )
