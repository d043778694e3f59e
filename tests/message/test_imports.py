"""Jinja and Babel are loaded by the first text that needs them, not by the composer."""

from __future__ import annotations

import subprocess
import sys


def test_composing_a_plain_text_loads_neither_jinja_nor_babel():
    program = (
        "import sys; import engine.message.compose, engine.message.envelope, engine.message.analyse;"
        "from engine.message.compiled import compile_source;"
        "assert compile_source(\"{{ n|josa('이/가') }}\", 'ko')({'n': '쌀'}) == '쌀이';"
        "print([name for name in ('jinja2', 'babel') if name in sys.modules]);"
        "compile_source('{{ n|number }}', 'ko')({'n': 1});"
        "print('babel' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[]\nTrue\n"
