"""Printing: results to stdout, progress to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from time import monotonic

import click

from engine.kernel.digest import Plain
from engine.kernel.finding import Finding
from engine.kernel.language import Language
from engine.kernel.source import SourceMap


def echo_json(plain: Plain) -> None:
    """Print one JSON object to stdout."""
    click.echo(json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True))


def note(text: str) -> None:
    """Tell somebody who watches; never part of the result."""
    click.echo(text, err=True)


def echo_findings(
    findings: Sequence[Finding], sources: SourceMap, language: Language = Language.EN
) -> None:
    """Print findings for people, to stderr: the command's result is something else."""
    from engine.lint.as_text import findings_text

    if findings:
        click.echo(findings_text(findings, sources, language), err=True)


class ProgressLine:
    """Settled deliveries with rate and time left: one rewritten line on a terminal, some lines in CI."""

    def __init__(self, targeted: int | None = None) -> None:
        self._targeted = targeted
        self._settled = 0
        self._campaign = ""
        self._began = monotonic()
        self._shown = 0.0
        self._terminal = sys.stderr.isatty()

    def targeted(self, campaign: str, targets: int) -> None:
        """Begin a campaign with so many targets."""
        self.end()
        self._campaign, self._targeted, self._settled = campaign, targets, 0
        self._began = monotonic()

    def settled(self, campaign: str, count: int) -> None:
        """Add `count` settled deliveries of `campaign`."""
        if campaign != self._campaign:
            self.targeted(campaign, 0)
        self._settled += count
        now = monotonic()
        if now - self._shown >= (0.2 if self._terminal else 10.0):
            self._shown = now
            self._print(now)

    def end(self) -> None:
        """Finish the line."""
        if self._settled:
            self._print(monotonic())
            if self._terminal:
                click.echo("", err=True)
        self._settled = 0

    def _print(self, now: float) -> None:
        seconds = max(now - self._began, 1e-6)
        rate = self._settled / seconds
        text = f"{self._campaign}: {self._settled:,}"
        if self._targeted and self._settled <= self._targeted:
            left = self._targeted - self._settled
            text += f" of {self._targeted:,} ({self._settled / self._targeted:.0%})"
            text += f", {rate:,.0f}/s"
            text += f", {left / rate:,.0f} s left" if rate >= 0.5 else ""
        else:  # alternatives were not counted as targets
            text += f", {rate:,.0f}/s"
        click.echo(f"\r{text}\x1b[K" if self._terminal else text, err=True, nl=not self._terminal)
