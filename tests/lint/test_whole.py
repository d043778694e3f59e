"""In one process or two, for the first time or again: the same findings in the same order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks import corpus
from engine.app.session import Session, open_session
from engine.cli import linting
from engine.cli.linting import Linted, lint_files
from engine.kernel.errors import ExitCode, UnavailableError
from engine.lint import beside, kept, parts, samples
from engine.lint.as_json import findings_json
from tests.lint.workspaces import write_workspace
from tests.shop.test_mutations import broken

ROOT = Path(__file__).parents[2]
INSTANTS = ("2026-09-20T00:00:00Z", "2026-09-22T00:15:00Z", "2026-10-02T00:00:00Z")
"""Before everything, within the lead of some campaigns, and behind most."""
OTHER = """\
kind: campaign
id: zeta
type: advertising
audience: everyone
channels: {{app: {{android: {{channel_id: marketing}}}}, sms: {{from: "15880000"}}}}
message: {{template: sale}}
action: {{app: "sampleshop://zeta{link}", web: "https://shop.example/zeta"}}
schedule: {{at: "2026-09-25 10:00", timezone: Asia/Seoul}}
"""


def seen(session: Session, linted: Linted) -> str:
    """Return everything that is shown of a run, in its order."""
    return findings_json(
        linted.findings,
        linted.sources,
        as_of=session.opened_at,
        environment=linted.environment,
        exit_code=ExitCode.OK,
    )


def lint(root: Path, as_of: str, many: int) -> tuple[Linted, str]:
    session = open_session(root, None, as_of, {})
    linted = lint_files(session, many=many)
    return linted, seen(session, linted)


def plainly(root: Path, as_of: str = INSTANTS[0]) -> tuple[Linted, str]:
    """Lint in one process, without anything kept."""
    return lint(root, as_of, 10**9)


def in_parts(root: Path, as_of: str = INSTANTS[0]) -> tuple[Linted, str]:
    """Lint as a large workspace is linted."""
    return lint(root, as_of, 0)


@pytest.fixture(autouse=True)
def shares(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work on the shares here, one by one: other tests have started threads."""
    monkeypatch.setattr(beside, "can_fork", lambda: False)
    program = kept.toolchain()  # a checkout that is edited meanwhile is another test's affair
    monkeypatch.setattr(kept, "toolchain", lambda: program)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often files are judged by the rules that look at files alone."""
    counted: list[int] = []
    examine = parts.examine

    def counting(*words: object) -> parts.Part:
        counted.append(1)
        return examine(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(linting, "examine", counting)
    return counted


SLIPS = (
    ('10:00"', '23:30"'),
    ("type: advertising\n", ""),
    ('title: "', 'title: "(광 고) '),
    ('title: "', 'title: "[AD] '),
    ('body: "', 'body: "(광고) 🔥'),
    ("{{ name }}", "{{ nmae }}"),
    ("{{ name }}", "{{ name"),
    ("{{ name }}", "고객"),
    (", timezone: Asia/Seoul", ""),
    ("  ja:", "  vi:"),
    ("product: brand", "product: alimtalk, template_code: x"),
    ('title: "', """title: "{% from '_words.jinja' import polite %}{{ polite(1) }} """),
    ('title: "', """title: "{% from '_torn.jinja' import polite %} """),
)
"""Mistakes that leave the YAML whole: what the rules are there for."""
FILTER_SLIPS = (
    ("|money('KRW')", "|money('WON')"),
    ("|money('KRW')", "|josa('을/를')"),
    ("|josa('이/가')", "|default('(광 고)')"),
    ("|josa('이/가')", "|upper"),
    ("from: with.price", "from: user.price, sample: 비쌈"),
    ("sample: 민지", "sample: '(광고) 민지'"),
    ("default: 고객, sample: 민지", "on_missing: skip"),
)


def copy_shop(root: Path, rng: Random, damage: float) -> None:
    for folder in ("campaigns", "audiences", "templates"):
        for path in sorted((ROOT / folder).rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            new = root / path.relative_to(ROOT)
            new.parent.mkdir(parents=True, exist_ok=True)
            if rng.random() < damage:
                text = text.replace(*rng.choice(SLIPS))
            new.write_bytes(broken(text, rng) if rng.random() < damage / 4 else text.encode())
    config = (ROOT / "pushform.yaml").read_text(encoding="utf-8")
    if rng.random() < 0.5:  # half of the time the workspace lacks what advertisements need
        missing = ("  suppression:", "    app: {ko:")
        lines = config.splitlines(keepends=True)
        config = "".join(line for line in lines if not line.startswith(missing))
    (root / "pushform.yaml").write_text(config, encoding="utf-8")
    (root / "templates/_words.jinja").write_text(
        "{% macro polite(name) %}{{ name }}님{% endmacro %}\n", encoding="utf-8"
    )
    (root / "templates/_torn.jinja").write_bytes(b"{% macro polite(name) %}\xc7\xd1\xff")


@pytest.mark.parametrize("seed", range(12))
def test_all_ways_lead_to_the_same_findings(seed: int, tmp_path: Path, runs: list[int]) -> None:
    rng = Random(seed)
    copy_shop(tmp_path, rng, damage=(0.0, 0.2, 0.5, 0.9)[seed % 4])
    for number, as_of in enumerate((INSTANTS[2], INSTANTS[0], INSTANTS[1])):
        linted, expected = plainly(tmp_path, as_of)
        runs.clear()
        parted, shown = in_parts(tmp_path, as_of)
        assert shown == expected
        assert parted.findings == linted.findings
        # 2026-10-01 turned the law: what was kept under one is no answer under the other.
        assert bool(runs) == (number < 2), "the rules' findings are taken from the earlier instant"
        assert in_parts(tmp_path, as_of)[1] == expected


def test_what_is_due_is_judged_at_every_run(tmp_path: Path, runs: list[int]) -> None:
    root = write_workspace(tmp_path)
    rules = {}
    for as_of in (
        "2026-09-20T00:00:00Z",
        "2026-09-24T00:30:00Z",
        "2026-09-24T00:31:00Z",
        "2026-09-24T01:00:00Z",
        "2026-09-20T00:00:00Z",
    ):
        linted, shown = in_parts(root, as_of)
        assert shown == plainly(root, as_of)[1]
        rules[as_of] = [(f.rule, f.message) for f in linted.findings]
    assert [f[0] for f in rules["2026-09-24T00:30:00Z"]] == ["schedule-lead-time"]
    assert "only 29m ahead" in rules["2026-09-24T00:31:00Z"][0][1]
    assert [f[0] for f in rules["2026-09-24T01:00:00Z"]] == ["schedule-past"]
    assert rules["2026-09-20T00:00:00Z"] == []


def test_a_report_and_a_comment_that_ends_count_at_once(tmp_path: Path, runs: list[int]) -> None:
    root = write_workspace(
        tmp_path,
        "campaign:\n  schedule:\n    at: '2026-09-24 20:45'"
        "  # pushform: ignore[kr-night-cutoff] few people; until 2026-09-23\n",
    )
    assert in_parts(root, "2026-09-20T00:00:00Z")[0].findings == ()
    runs.clear()
    late = in_parts(root, "2026-09-24T00:00:00Z")[0]
    assert {f.rule for f in late.findings} == {"ignore-comment", "kr-night-cutoff"}
    past = in_parts(root, "2026-09-25T00:00:00Z")[0]
    assert "schedule-past" in {f.rule for f in past.findings}
    report = root / "reports/production/sale/report.json"
    report.parent.mkdir(parents=True)
    answer = {"campaign": "sale", "status": "completed", "content_digest": "sha256:0"}
    report.write_text(json.dumps(answer), "utf-8")
    reported = in_parts(root, "2026-09-25T00:00:00Z")[0]
    assert reported.findings == (), "what was sent is history, and so is its comment"
    (root / "reports/production").rename(root / "reports/sandbox")
    tried = {f.rule for f in in_parts(root, "2026-09-25T00:00:00Z")[0].findings}
    assert tried == {"ignore-comment", "kr-night-cutoff"}, "a sandbox's report is of its clock only"
    assert not runs


def test_an_error_of_a_campaign_that_was_sent_warns_however_it_is_linted(
    tmp_path: Path, runs: list[int]
) -> None:
    root = write_workspace(tmp_path, "campaign: {schedule: {at: '2026-09-24 22:00'}}")
    other = (root / "campaigns/sale.yaml").read_text("utf-8").replace("id: sale", "id: again")
    (root / "campaigns/again.yaml").write_text(other.replace("24 22:00", "25 22:00"), "utf-8")
    report = root / "reports/production/sale/report.json"
    report.parent.mkdir(parents=True)
    answer = {"campaign": "sale", "status": "completed", "content_digest": "sha256:0"}
    report.write_text(json.dumps(answer), "utf-8")
    for _ in range(2):
        linted, shown = in_parts(root)
        assert shown == plainly(root)[1]
        told = {(f.rule, f.campaign, f.severity.value) for f in linted.findings}
        assert {
            ("kr-night-window", "sale", "warning"),
            ("kr-night-window", "again", "error"),
        } <= told


@pytest.mark.parametrize("link", ["?n={{ name }}", ""])
def test_a_variable_that_a_link_in_the_other_half_reads_is_used(tmp_path: Path, link: str) -> None:
    root = write_workspace(tmp_path, "template: {locales: {ko: {title: 특가}, en: {title: Sale}}}")
    for id_ in ("alpha", "zeta"):
        text = OTHER.replace("zeta", id_).format(link=link if id_ == "zeta" else "")
        (root / f"campaigns/{id_}.yaml").write_text(text, "utf-8")
    linted, shown = in_parts(root)
    assert shown == plainly(root)[1]
    assert [(f.rule, f.campaign) for f in linted.findings] == (
        [] if link else [("template-unused-variable", "alpha")]
    )


def test_a_comment_in_a_shared_template_answers_both_halves(tmp_path: Path) -> None:
    root = write_workspace(
        tmp_path, "template: {locales: {ja: {title: '{{ name }}様、セール', body: セール}}}"
    )
    (root / "campaigns/zeta.yaml").write_text(OTHER.format(link=""), "utf-8")
    template = root / "templates/sale.yaml"
    text = template.read_text("utf-8")
    comment = "  # pushform: ignore[locale-missing] 문자는 한국어로만 보냄; until 2026-12-31\n"
    template.write_text(text.replace("  sms:\n", f"{comment}  sms:\n"), "utf-8")
    linted, shown = in_parts(root)
    assert shown == plainly(root)[1]
    assert linted.findings == ()
    template.write_text(text, "utf-8")
    assert [f.rule for f in in_parts(root)[0].findings] == ["locale-missing"]


def test_two_real_processes_find_what_one_finds(tmp_path: Path) -> None:
    corpus.write(tmp_path, 400)
    for number in range(0, 400, 40):  # mistakes in both halves
        file = next(tmp_path.glob(f"campaigns/*/c-{number:05}.yaml"))
        text = file.read_text("utf-8")
        file.write_text(text.replace("title: ", "titel: ", 1), "utf-8")
    words = ["lint", "--as-of", corpus.AS_OF, "--format", "json", "-C", str(tmp_path)]
    outputs = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "engine", *words], cwd=ROOT, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (1, b"")
        outputs.append(json.loads(done.stdout)["findings"])
    expected = json.loads(plainly(tmp_path, corpus.AS_OF)[1])["findings"]
    assert len([finding for finding in expected if finding["rule"] == "schema-unknown-key"]) == 10
    assert outputs == [expected, expected]


def damage(file: Path, how: str) -> None:
    raw = file.read_bytes()
    match how:
        case "cut off":
            file.write_bytes(raw[: len(raw) // 2])
        case "empty":
            file.write_bytes(b"")
        case "another key":
            file.write_bytes(b"sha256:0" + raw[raw.index(b"\n") :])
        case "another shape":
            file.write_bytes(raw[: raw.index(b"\n") + 1] + b'{"read": 5}')
        case "deep":
            file.write_bytes(raw[: raw.index(b"\n") + 1] + b"[" * 100_000)
        case "readable":
            file.chmod(0o644)
        case "a link":
            file.rename(file.with_name("moved"))
            file.symlink_to(file.with_name("moved"))
        case "a folder":
            file.unlink()
            file.mkdir()
        case _:
            raise ValueError(how)


@pytest.mark.parametrize(
    "how",
    ["cut off", "empty", "another key", "another shape", "deep", "readable", "a link", "a folder"],
)
def test_a_kept_result_that_is_broken_or_foreign_is_ignored(
    how: str, tmp_path: Path, runs: list[int]
) -> None:
    root = write_workspace(tmp_path, "campaign: {schedule: {at: '2026-09-24 20:45'}}")
    first = in_parts(root)[1]
    file = root / ".pushform/cache/lint.json"
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    runs.clear()
    assert in_parts(root)[1] == first
    assert not runs
    damage(file, how)
    assert in_parts(root)[1] == first
    assert runs


def test_every_byte_and_the_program_count(
    tmp_path: Path, runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write_workspace(tmp_path)
    in_parts(root)
    for change in ("campaigns/sale.yaml", "templates/sale.yaml", "pushform.yaml"):
        runs.clear()
        file = root / change
        file.write_text(file.read_text("utf-8") + "# 끝\n", "utf-8")
        in_parts(root)
        assert runs, change
    runs.clear()
    (root / "campaigns/sale.yaml").rename(root / "campaigns/sold.yaml")
    assert [f.rule for f in in_parts(root)[0].findings] == ["id-mismatch"]
    assert runs
    runs.clear()
    monkeypatch.setattr(kept, "toolchain", lambda: "another version")
    in_parts(root)
    assert runs


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), UnavailableError("read-only")])
def test_a_workspace_that_cannot_be_written_is_linted_all_the_same(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(session: Session, *parts: str) -> Path:
        raise error

    monkeypatch.setattr(Session, "hidden", refuse)
    root = write_workspace(tmp_path, "campaign: {schedule: {at: '2026-09-24 20:45'}}")
    assert in_parts(root)[1] == plainly(root)[1]
    assert not (root / ".pushform").exists()


def test_small_workspaces_keep_nothing(tmp_path: Path) -> None:
    root = write_workspace(tmp_path)
    session = open_session(root, None, INSTANTS[0], {})
    assert lint_files(session).findings == ()
    assert not (root / ".pushform").exists()


@pytest.mark.parametrize("seed", range(4))
def test_nothing_hides_behind_a_campaign_of_the_same_shape(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus.write(tmp_path, 60)
    rng = Random(seed)
    for path in sorted((tmp_path / "campaigns").rglob("*.yaml")):
        if rng.random() < 0.3:
            text = path.read_text("utf-8").replace(*rng.choice((*SLIPS, *FILTER_SLIPS)))
            path.write_text(text, "utf-8")
    expected = plainly(tmp_path)[1]
    monkeypatch.setattr(samples, "_shape", lambda campaign, jurisdiction, read: None)
    assert plainly(tmp_path)[1] == expected
