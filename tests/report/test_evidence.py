"""Evidence packs: whole, the same again, checked by anybody, and no byte of them can be changed."""

from __future__ import annotations

import hmac
import io
import json
import random
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.digest import canonical, digest_bytes
from engine.lint.catalog import RULES
from engine.lint.record import law_in_force
from engine.model.deployment import Revision
from engine.report.evidence_check import verify
from engine.report.evidence_parts import rules_plain
from engine.report.evidence_tree import HashTree
from engine.report.evidence_zip import DamagedError, Entry, PackWriter, directory, read_members
from tests.cli_run import Result, check, pushform
from tests.end_to_end.small import Shop

LATER = "2026-09-21T00:00:00Z"
SHARD = "ledger/000001.jsonl"


def revised(observed: Mapping[str, Any]) -> Revision:
    """Return an apply that kept `observed`."""
    return Revision(
        number=1,
        serial=1,
        digest="",
        content_digest="",
        stored={"observed": observed},
        applied_at=datetime(2026, 9, 20, tzinfo=UTC),
        commit=None,
        approved_by=None,
        sent=True,
    )


def user(i: int) -> Mapping[str, str]:
    """Somebody who agreed, who did not, who never answered, and who has no locale of ours."""
    return ({}, {"app_ad": "no"}, {"app_ad": "잘 모름"}, {"night_ad": "yes"})[i % 4]


def sent(root: Path, **how: Any) -> Shop:
    """Return a shop whose campaign was sent."""
    shop = Shop(root=root, **{"people": 12, "user": user, **how})
    shop.apply()
    assert shop.dispatch().code == 0
    return shop


def write(shop: Shop, name: str = "증거.zip", *words: str) -> Result:
    return shop.run("report", shop.campaign, "--evidence", shop.root / name, *words, as_of=LATER)


@lru_cache(maxsize=1)
def pack() -> bytes:
    """Return a pack of a campaign that was sent, written once for all tests."""
    with TemporaryDirectory(prefix="evidence") as folder:
        shop = sent(Path(folder))
        result = write(shop)
        assert result.code == 0, result.err
        return (shop.root / "증거.zip").read_bytes()


def members(data: bytes) -> dict[str, bytes]:
    return {name: content for name, content, _ in read_members(io.BytesIO(data))}


def repack(parts: Mapping[str, bytes], *, relist: bool = True) -> bytes:
    """Return a pack of `parts`; with `relist` the manifest is made to fit them, as a forger would."""
    found = dict(parts)
    if relist:
        manifest = json.loads(found.pop("manifest.json"))
        manifest["members"] = [
            {"name": name, "bytes": len(data), "sha256": sha256(data).hexdigest()}
            for name, data in sorted(found.items())
        ]
        tree = HashTree()
        for name, data in sorted(found.items()):
            if name.startswith("ledger/"):
                for line in data.splitlines():
                    tree.add(line)
        manifest["ledger"] = {"rows": tree.rows, "root": tree.root()}
        found["manifest.json"] = as_written(manifest)
    out = io.BytesIO()
    writer = PackWriter(out)
    for name, data in sorted(found.items()):
        writer.add(name, data)
    writer.close()
    return out.getvalue()


def as_written(plain: Any) -> bytes:
    return (json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def problems(folder: Path, data: bytes) -> list[tuple[str | None, str]]:
    path = folder / "pack.zip"
    path.write_bytes(data)
    return [(problem.member, problem.message) for problem in verify(path).problems]


# what is in a pack


def test_a_pack_tells_what_was_sent_and_proves_itself(tmp_path: Path) -> None:
    shop = sent(tmp_path)

    result = write(shop)

    path = tmp_path / "증거.zip"
    assert result.code == 0, result.err
    digest = "sha256:" + sha256(path.read_bytes()).hexdigest()
    assert f"pushform verify 증거.zip --digest {digest}" in result.out
    assert "still personal data" in result.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    verified = pushform("verify", path, "--digest", digest)
    assert (verified.code, verified.err) == (0, "")
    assert verified.out.startswith("증거.zip is whole: sale in sandbox, completed, 12 rows\n")
    assert digest in verified.out


def test_json_keeps_to_its_schemas(tmp_path: Path) -> None:
    shop = sent(tmp_path)

    made = write(shop, "a.zip", "--format", "json").json()
    verdict = pushform("verify", tmp_path / "a.zip", "--format", "json").json()

    assert (made["kind"], made["rows"], made["recorded"]) == ("evidence", 12, True)
    assert made["digest"] == verdict["digest"]
    assert made["root"] == verdict["root"]
    assert (verdict["valid"], verdict["compared"], verdict["exit_code"]) == (True, False, 0)
    assert verdict["campaign"] == "sale"
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        check(json.loads(opened.read("manifest.json")))
        check(json.loads(opened.read("report.json")))


def test_korean_words_come_back_as_they_were_sent() -> None:
    parts = members(pack())

    text = parts["messages.txt"].decode()
    assert "== app · ko · KR · default\n" in text
    assert "  | (광고) 민지님, 안녕하세요\n" in text
    assert "  | 수신거부: 앱 > 설정 > 알림\n" in text
    stored = json.loads(parts["campaign.json"])
    assert stored["campaign"]["title"] == "가을 특가"
    assert "{{ name }}님, 안녕하세요" in parts["campaign.json"].decode()
    assert "observed" not in stored


def test_every_delivery_has_its_consent_as_it_was_read_and_its_reason() -> None:
    rows = [json.loads(line) for line in members(pack())[SHARD].splitlines()]

    assert len(rows) == 12
    by_state = {(row["state"], row["reason"]): row for row in rows}
    assert set(by_state) == {
        ("sent", None),
        ("skipped", "no_consent"),
        ("skipped", "unknown_consent"),
    }
    assert by_state["sent", None]["consent"]["ad"] == "yes"
    assert by_state["skipped", "no_consent"]["consent"]["ad"] == "no"
    assert by_state["skipped", "unknown_consent"]["consent"]["ad"] == "unknown"
    assert all(row["consent"]["read_at"].startswith("2026-09-20T02:00") for row in rows)
    assert {row["revision"] for row in rows} == {1}


def test_every_rule_says_what_it_came_to_under_which_provision() -> None:
    parts = members(pack())
    rules = json.loads(parts["rules.json"])

    assert digest_bytes(parts["law.json"]) == rules["book"]
    assert rules["as_of"] == "2026-09-20T00:00:00Z"
    by_id = {rule["rule"]: rule for rule in rules["rules"]}
    label = by_id["kr-ad-label-missing"]
    assert label["outcome"] == "passed"
    assert label["citation"]["confidence"] == "statute"
    assert label["since"] is not None
    law = json.loads(parts["law.json"])
    row = next(row for row in law["provisions"] if row["id"] == label["citation"]["id"])
    assert row["jurisdiction"] == "KR"
    assert row["source"]


def test_the_law_of_a_pack_is_that_of_the_sending(tmp_path: Path) -> None:
    """Planned on 29 September, sent on 2 October: between them rows ended and others began."""
    shop = Shop(root=tmp_path, people=2, at="2026-10-02 11:00", planned="2026-09-29T00:00:00Z")
    shop.apply()
    assert shop.dispatch("2026-10-02T02:00:00Z").code == 0
    out = shop.root / "증거.zip"
    late = "2026-10-03T00:00:00Z"
    assert shop.run("report", shop.campaign, "--evidence", out, as_of=late).code == 0

    law = json.loads(members(out.read_bytes())["law.json"])

    fines = [row["since"] for row in law["provisions"] if row["name"] == "ad_fine"]
    assert fines == ["2014-11-29", "2026-10-01"]
    assert verify(out).problems == ()


@pytest.mark.parametrize(
    ("on", "since"),
    [
        ("2025-12-30", "2015-01-01"),
        ("2025-12-31", "2025-12-31"),
        ("2026-01-02", "2025-12-31"),
        ("2014-01-01", "2015-01-01"),
    ],
)
def test_a_rule_stands_with_the_row_of_the_day_of_sending(on: str, since: str) -> None:
    law = law_in_force(date(2025, 12, 30), date(2026, 1, 2))
    kept = {"as_of": "…", "book": "…", "jurisdictions": ["KR"], "reported": [], "ignored": []}
    revision = revised({"law": {**kept, "on": on}})

    rules = rules_plain(revision, law)["rules"]

    assert len(rules) == len(RULES)
    assert [r["since"] for r in rules if r["rule"] == "kakao-friendtalk-retired"] == [since]


def test_a_rule_that_a_comment_answered_did_not_pass(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    path = tmp_path / "templates/words.yaml"
    unused = "  unused: {type: string, from: user.name, default: 아무것도}"
    ignore = "  # pushform: ignore[template-unused-variable] 다음 주에 씁니다; until 2026-12-31\n"
    path.write_text(
        path.read_text("utf-8").replace("variables:\n", f"variables:\n{ignore}{unused}\n")
    )
    shop.apply()
    assert shop.dispatch().code == 0
    assert write(shop).code == 0

    rules = json.loads(members((tmp_path / "증거.zip").read_bytes())["rules.json"])
    outcomes = {rule["rule"]: rule["outcome"] for rule in rules["rules"]}
    assert outcomes["template-unused-variable"] == "ignored"
    assert outcomes["template-syntax"] == "passed"


@pytest.mark.parametrize(
    ("places", "outcome"),
    [([], "passed"), (["KR"], "passed"), (["JP"], "not_applicable"), (["US-FL"], "passed")],
)
def test_the_law_of_other_countries_is_not_passed_but_not_applicable(
    places: list[str], outcome: str
) -> None:
    observed = {
        "law": {
            "as_of": "2026-09-20T00:00:00Z",
            "book": "sha256:…",
            "jurisdictions": ["KR", "US"],
            "reported": ["a-warning"],
            "ignored": ["a-comment"],
        }
    }
    revision = revised(observed)
    names = ("a-rule", "a-warning", "a-comment")
    law = {"rules": [{"rule": name, "jurisdictions": places} for name in names]}

    found = [rule["outcome"] for rule in rules_plain(revision, law)["rules"]]

    assert found == [outcome, "reported", "ignored"]


def test_nobody_is_named_in_a_pack() -> None:
    whole = b"".join(members(pack()).values()).decode()

    for canary in ("u000001", "손님1", "010-0000-0001", "82100000001", "ok-000001"):
        assert canary not in whole


def test_who_has_the_key_finds_the_lines_of_one_person(tmp_path: Path) -> None:
    """As docs/evidence.md says: HMAC-SHA256 over `recipient`, a zero byte and the user's id."""
    shop = sent(tmp_path, people=2)
    assert write(shop).code == 0
    key = bytes.fromhex((tmp_path / ".pushform/key").read_text().strip())
    wanted = hmac.new(key, b"recipient\0u000001", "sha256").hexdigest()[:32]

    rows = members((tmp_path / "증거.zip").read_bytes())[SHARD].splitlines()
    states = {json.loads(row)["recipient"]: json.loads(row)["state"] for row in rows}
    assert len(states) == 2
    assert states[wanted] == "skipped"


def test_a_pack_names_every_apply_and_the_one_that_was_sent(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=3)
    shop.apply()
    shop.template = "가을 특가가 진짜로 시작됐어요"
    shop.write_template()
    shop.apply(as_of="2026-09-20T00:10:00Z")
    assert shop.dispatch().code == 0
    shop.write_campaign(purpose="재구매 유도")
    shop.apply(as_of="2026-09-20T03:00:00Z")
    assert write(shop).code == 0

    data = (tmp_path / "증거.zip").read_bytes()
    parts = members(data)
    approvals = json.loads(parts["approvals.json"])["approvals"]
    assert [(apply["number"], apply["sent"]) for apply in approvals] == [
        (1, False),
        (2, True),
        (3, False),
    ]
    assert approvals[1]["before"] == approvals[0]["content_digest"]
    assert digest_bytes(parts["campaign.json"]) == approvals[1]["content_digest"]
    assert "진짜로" in parts["messages.txt"].decode()
    rows = [json.loads(line) for line in parts[SHARD].splitlines()]
    assert {row["revision"] for row in rows} == {2}
    assert problems(tmp_path, data) == []


def test_the_same_state_gives_the_same_bytes(tmp_path: Path) -> None:
    shop = sent(tmp_path)

    write(shop, "a.zip")
    shop.run("report", "sale", "--evidence", tmp_path / "b.zip", as_of="2027-01-01T00:00:00Z")

    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def recipe(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the script that docs/evidence.md gives to those who do not have pushform."""
    page = (Path(__file__).resolve().parents[2] / "docs/evidence.md").read_text("utf-8")
    program = page.split("```python\n")[1].split("```")[0]
    words = [sys.executable, "-I", "-c", program, str(path)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_anybody_can_check_a_pack_without_us(tmp_path: Path) -> None:
    whole, broken = tmp_path / "a.zip", tmp_path / "b.zip"
    whole.write_bytes(pack())
    parts = members(pack())
    manifest = json.loads(parts["manifest.json"])
    manifest["ledger"]["root"] = manifest["content_digest"]
    broken.write_bytes(repack({**parts, "manifest.json": as_written(manifest)}, relist=False))

    assert recipe(whole).stdout == "whole: 12 rows\n"
    assert "AssertionError" in recipe(broken).stderr


def test_rows_fill_shards_in_the_order_of_their_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.report.evidence.ROWS_OF_SHARD", 5)
    shop = sent(tmp_path, channels="  app: {}\n  sms: {from: '15880000'}\n")
    assert write(shop).code == 0

    parts = members((tmp_path / "증거.zip").read_bytes())
    shards = [name for name in parts if name.startswith("ledger/")]
    rows = [json.loads(line) for name in shards for line in parts[name].splitlines()]
    assert [len(parts[name].splitlines()) for name in shards] == [5, 5, 5, 5, 4]
    keys = [(row["channel"], row["address"]) for row in rows]
    assert keys == sorted(keys)
    assert {channel for channel, _ in keys} == {"app", "sms"}
    assert problems(tmp_path, (tmp_path / "증거.zip").read_bytes()) == []


def test_a_campaign_that_was_cancelled_between_two_waves_has_evidence_too(tmp_path: Path) -> None:
    def zone(i: int) -> Mapping[str, str]:
        return {"timezone": "Asia/Bangkok"} if i % 2 else {}

    shop = sent(tmp_path, people=6, user=zone, timezone="recipient")
    assert write(shop, "between.zip").code == 0
    assert shop.run("cancel", "sale").code == 0
    shop.dispatch("2026-09-20T03:00:00Z")

    assert write(shop).code == 0
    for name, rows, status in (("between.zip", 3, "sending"), ("증거.zip", 6, "cancelled")):
        data = (tmp_path / name).read_bytes()
        manifest = json.loads(members(data)["manifest.json"])
        assert (manifest["ledger"]["rows"], manifest["status"]) == (rows, status)
        assert problems(tmp_path, data) == []
    waves = json.loads(members((tmp_path / "증거.zip").read_bytes())["sending.json"])["shards"]
    assert [wave["due_at"] for wave in waves] == ["2026-09-20T02:00:00Z", "2026-09-20T04:00:00Z"]


# what is refused


def test_what_was_never_sent_has_no_evidence(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    assert write(shop).code == 5, "there is no state"
    shop.apply()

    early = write(shop)
    stranger = shop.run("report", "salt", "--evidence", tmp_path / "x.zip", as_of=LATER)

    assert early.code == 2
    assert "nothing of campaign `sale` was sent: it is `ready`" in early.err
    assert stranger.code == 2
    assert "campaign `salt` is not deployed in `sandbox`" in stranger.err
    shop.run("cancel", "sale")
    late = write(shop)
    assert late.code == 2
    assert "it is `cancelled`" in late.err
    assert "it ended before its first wave, and its report says why" in late.err
    assert list(tmp_path.glob("*.zip*")) == []


def test_evidence_is_never_written_over(tmp_path: Path) -> None:
    shop = sent(tmp_path)
    (tmp_path / "증거.zip").write_text("다른 것")

    result = write(shop)

    assert result.code == 2
    assert "is there already" in result.err
    assert (tmp_path / "증거.zip").read_text() == "다른 것"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = write(sent(tmp_path), "없는 폴더/a.zip")

    assert result.code == 11
    assert "cannot be written: No such file or directory" in result.err


def test_a_ledger_that_moves_while_it_is_read_gives_no_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = sent(tmp_path)
    monkeypatch.setattr("engine.report.evidence.contradiction", lambda *_: "app")

    result = write(shop)

    assert result.code == 9
    assert "deliveries of `sale` were settled while its ledger was read" in result.err
    assert list(tmp_path.glob("*.zip*")) == []


def test_a_campaign_that_was_changed_in_the_state_gives_no_pack(tmp_path: Path) -> None:
    shop = sent(tmp_path)
    with sqlite3.connect(tmp_path / ".pushform/sandbox.db") as state:
        state.execute("UPDATE revision SET stored = replace(stored, '도착', '품절')")
        assert state.total_changes == 1
    state.close()

    result = write(shop)

    assert result.code == 5
    assert "the stored campaign `sale` is not the one that was approved" in result.err


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE law SET stored = replace(stored, '21:00', '22:00')", "was changed in the state"),
        ("DELETE FROM law", "the state no longer has the law `sha256:"),
        ("DELETE FROM revision", "the state no longer has the revision of `sale` that was sent"),
    ],
)
def test_a_state_that_lost_its_proofs_gives_no_pack(
    tmp_path: Path, statement: str, words: str
) -> None:
    shop = sent(tmp_path, people=1)
    with sqlite3.connect(tmp_path / ".pushform/sandbox.db") as state:
        state.execute(statement)
    state.close()

    result = write(shop)

    assert result.code == 5
    assert words in result.err


def test_what_an_older_version_applied_says_that_no_rules_were_kept(tmp_path: Path) -> None:
    shop = sent(tmp_path, people=1)
    with sqlite3.connect(tmp_path / ".pushform/sandbox.db") as state:
        state.execute("UPDATE revision SET stored = json_remove(stored, '$.observed.law')")
    state.close()

    result = write(shop)

    assert result.code == 0
    assert "what the rules came to is not in it" in result.out
    data = (tmp_path / "증거.zip").read_bytes()
    assert json.loads(members(data)["rules.json"]) == {
        "kind": "rules",
        "recorded": False,
        "rules": [],
    }
    assert problems(tmp_path, data) == []


# nothing can be changed


def test_every_flipped_byte_is_found_and_the_file_is_named(tmp_path: Path) -> None:
    data = pack()
    spans = {name: data.index(content) for name, content in members(data).items()}
    lengths = {name: len(content) for name, content in members(data).items()}
    chance = random.Random(48201143)
    ends = [*range(40), *range(len(data) - 60, len(data))]
    for at in [*ends, *chance.sample(range(len(data)), 400)]:
        broken = bytearray(data)
        broken[at] ^= 1 << chance.randrange(8)

        found = problems(tmp_path, bytes(broken))

        assert found, at
        inside = [name for name in spans if 0 <= at - spans[name] < lengths[name]]
        if inside:
            assert found[0][0] == inside[0], (at, found)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_is_cut_added_or_doubled_is_found(draw: st.DataObject) -> None:
    data = pack()
    start = draw.draw(st.integers(0, len(data) - 1))
    length = draw.draw(st.integers(1, 200))
    piece = data[start : start + length]
    how = draw.draw(st.sampled_from(["cut", "double", "truncate", "append"]))
    broken = {
        "cut": data[:start] + data[start + length :],
        "double": data[:start] + piece + data[start:],
        "truncate": data[:start],
        "append": data + piece,
    }[how]
    with TemporaryDirectory(prefix="evidence") as folder:
        assert problems(Path(folder), broken)


def changed_rows(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """Return a pack whose rows were changed by one who fits the manifest to it."""
    parts = members(pack())
    lines = change(parts[SHARD].splitlines())
    return repack({**parts, SHARD: b"".join(line + b"\n" for line in lines)})


@pytest.mark.parametrize(
    ("change", "member", "words"),
    [
        (
            lambda rows: [*rows[:3], *rows[4:]],
            "report.json",
            "counts otherwise than the rows do: app",
        ),
        (
            lambda rows: [*rows[:3], rows[2], *rows[3:]],
            SHARD,
            "the row in line 4 stands there twice",
        ),
        (lambda rows: [rows[1], rows[0], *rows[2:]], SHARD, "the row in line 2 is out of order"),
        (lambda rows: [rows[0][:-1], *rows[1:]], SHARD, "line 1 is "),
        (lambda rows: [rows[0].replace(b":", b": ", 1), *rows[1:]], SHARD, "line 1 is not a row"),
        (lambda rows: [b'"\\ud800"', *rows[1:]], SHARD, "line 1 is "),
        (lambda rows: [b"[" * 100_000, *rows[1:]], SHARD, "line 1 is "),
        (lambda rows: [], SHARD, "is not a shard"),
        (
            lambda rows: [row.replace(b'"no_consent"', b'"window"') for row in rows],
            "report.json",
            "counts otherwise than the rows do: app",
        ),
    ],
)
def test_rows_cannot_be_changed_even_with_their_manifest(
    tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], member: str, words: str
) -> None:
    found = problems(tmp_path, changed_rows(change))

    assert [name for name, _ in found] == [member]
    assert found[0][1].startswith(words)


NAMES = ("approvals.json", "campaign.json", "law.json", "report.json", "rules.json", SHARD)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(NAMES), VALUES, st.data())
def test_no_forgery_makes_the_check_stumble(name: str, value: Any, draw: st.DataObject) -> None:
    """Somewhere in one member stands something else, and the manifest was made to fit."""
    parts = members(pack())
    lines = parts[name].splitlines() if name == SHARD else [parts[name]]
    plain = json.loads(lines[0])
    place, spot = plain, plain
    while isinstance(spot, dict | list) and spot and draw.draw(st.booleans()):
        place = spot
        keys = sorted(spot) if isinstance(spot, dict) else range(len(spot))
        key = draw.draw(st.sampled_from(list(keys)))
        spot = spot[key]
    before = json.dumps(plain, sort_keys=True)
    if place is spot:
        plain = value
    else:
        place[key] = value
    if name == SHARD or name == "campaign.json":
        lines[0] = json.dumps(
            plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode()
        changed = b"\n".join(lines) + (b"\n" if name == SHARD else b"")
    else:
        changed = as_written(plain)

    with TemporaryDirectory(prefix="evidence") as folder:
        found = problems(Path(folder), repack({**parts, name: changed}))

    if name in ("campaign.json", SHARD) and json.dumps(plain, sort_keys=True) == before:
        assert not found
    if name == "campaign.json" and json.dumps(plain, sort_keys=True) != before:
        assert found


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("campaign.json", "가을 특가", "봄 특가", "is not the campaign of `content_digest`"),
        ("messages.txt", "(광고) ", "", "is not what campaign.json renders to"),
        ("report.json", '"completed"', '"cancelled"', "`status` is `cancelled`, in manifest.json"),
        ("approvals.json", '"serial": 1', '"serial": 1, "x": [', "does not name"),
        ("law.json", "21:00", "22:00", "is not the law that rules.json names"),
    ],
)
def test_members_cannot_be_changed_against_each_other(
    tmp_path: Path, name: str, old: str, new: str, words: str
) -> None:
    parts = members(pack())
    changed = parts[name].replace(old.encode(), new.encode())
    assert changed != parts[name]

    found = problems(tmp_path, repack({**parts, name: changed}))

    if "[" in new:
        assert found[0][1].startswith("a member is not of its shape")
    else:
        assert (name, True) in [(member, message.startswith(words)) for member, message in found]


def test_an_approval_cannot_be_moved_to_another_content(tmp_path: Path) -> None:
    parts = members(pack())
    stored = json.loads(parts["campaign.json"])
    stored["campaign"]["title"] = "봄 특가"
    content = canonical(stored)
    manifest = json.loads(parts["manifest.json"])
    approvals = json.loads(parts["approvals.json"])
    text = parts["messages.txt"].replace("가을 특가".encode(), "봄 특가".encode(), 1)
    for place in (manifest, approvals["approvals"][0]):
        place["content_digest"] = digest_bytes(content)
    forged = {
        **parts,
        "campaign.json": content,
        "messages.txt": text,
        "manifest.json": as_written(manifest),
        "approvals.json": as_written(approvals),
    }

    assert problems(tmp_path, repack(forged)) == [
        ("approvals.json", "the digest of apply 1 does not cover what it wrote")
    ]


def test_only_the_digest_recognises_a_pack_that_was_forged_as_a_whole(tmp_path: Path) -> None:
    parts = members(pack())
    approvals = parts["approvals.json"].replace(b'"serial": 1', b'"serial": 9')
    path = tmp_path / "forged.zip"
    path.write_bytes(repack({**parts, "approvals.json": approvals}))
    digest = "sha256:" + sha256(pack()).hexdigest()

    alone, compared = pushform("verify", path), pushform("verify", path, "--digest", digest)

    assert alone.code == 0
    assert "only `--digest` can tell" in alone.out
    assert compared.code == 5
    assert f"not `{digest}`" in compared.out


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda parts: {k: v for k, v in parts.items() if k != "report.json"},
            ("report.json", "is missing: manifest.json lists it"),
        ),
        (
            lambda parts: {k: v for k, v in parts.items() if k != "manifest.json"},
            ("manifest.json", "is missing"),
        ),
        (
            lambda parts: parts | {"ledger/000002.jsonl": parts[SHARD]},
            ("ledger/000002.jsonl", "the row in line 1 is out of order"),
        ),
        (
            lambda parts: parts | {"notes.txt": b"?"},
            ("notes.txt", "does not belong into an evidence pack"),
        ),
        (
            lambda parts: parts | {"../../etc/passwd": b"?"},
            ("../../etc/passwd", "does not belong into an evidence pack"),
        ),
        (
            lambda parts: parts | {"manifest.json": b'{"kind": "evidence-manifest"}'},
            ("manifest.json", "is not the manifest of an evidence pack"),
        ),
        (
            lambda parts: parts | {"manifest.json": b"[" * 200_000},
            ("manifest.json", "is not the manifest of an evidence pack"),
        ),
    ],
)
def test_members_cannot_be_added_or_taken_away(
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    problem: tuple[str, str],
) -> None:
    changed = repack(change(members(pack())), relist=False)

    assert problem in problems(tmp_path, changed)


def test_a_newer_format_is_not_read(tmp_path: Path) -> None:
    parts = members(pack())
    manifest = parts["manifest.json"].replace(
        b'"format_version": "1.0"', b'"format_version": "2.0"'
    )
    path = tmp_path / "new.zip"
    path.write_bytes(repack({**parts, "manifest.json": manifest}, relist=False))

    result = pushform("verify", path)

    assert result.code == 12
    assert "the evidence pack has format 2.0; this version reads 1.0" in result.err


def test_other_zip_files_are_no_packs(tmp_path: Path) -> None:
    parts = members(pack())
    bomb, plain = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("campaign.json", b"0" * 50_000_000)
    with zipfile.ZipFile(plain, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)

    assert [name for name, _ in problems(tmp_path, bomb.getvalue())] == ["campaign.json"]
    assert problems(tmp_path, plain.getvalue()) == [
        ("README.txt", "its header (byte 0) was changed")
    ]
    for nothing in (b"", b"PK", "증거가 아님".encode(), b"PK\x05\x06" + bytes(18)):
        assert problems(tmp_path, nothing) == [(None, "it does not begin like an evidence pack")]


def test_a_member_that_says_it_is_huge_is_not_read(tmp_path: Path) -> None:
    data = pack()
    huge = struct.pack("<LL", 0xFFFFFFF0, 0xFFFFFFF0)

    found = problems(tmp_path, data[:18] + huge + data[26:])

    assert found == [("README.txt", "says that it has 4294967280 bytes; no member has that many")]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(pack()[:-300_0])

    text, plain = pushform("verify", path), pushform("verify", path, "--format", "json")

    assert text.code == plain.code == 5
    assert text.out.startswith("pack.zip is NOT what was written:\n  ")
    verdict = plain.json()
    assert (verdict["valid"], verdict["exit_name"]) == (False, "mismatch")
    assert verdict["problems"]
    assert pushform("verify", tmp_path / "none.zip").code == 2
    odd = pushform("verify", path, "--digest", "sha256:abc")
    assert odd.code == 2
    assert "`sha256:abc` is not a digest" in odd.err


# the tree and the container


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_tree_is_the_one_of_rfc_6962(rows: list[bytes]) -> None:
    def root(lines: list[bytes]) -> bytes:
        if len(lines) < 2:
            return sha256(b"\x00" + lines[0]).digest() if lines else sha256().digest()
        half = 1
        while half * 2 < len(lines):
            half *= 2
        return sha256(b"\x01" + root(lines[:half]) + root(lines[half:])).digest()

    tree = HashTree()
    for row in rows:
        tree.add(row)
    assert (tree.rows, tree.root()) == (len(rows), "sha256:" + root(rows).hex())


def test_the_tree_has_the_roots_that_certificate_transparency_publishes() -> None:
    """The eight test leaves of google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc."""
    leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves.append("606162636465666768696a6b6c6d6e6f")
    tree = HashTree()
    for leaf in leaves:
        tree.add(bytes.fromhex(leaf))
    assert tree.root() == (
        "sha256:5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    )


def test_members_beyond_four_gigabytes_are_found_by_other_readers(tmp_path: Path) -> None:
    """A sparse file: only headers and the directory are written."""
    from engine.report.evidence_zip import local_header

    path, at = tmp_path / "big.zip", 0
    entries = []
    with path.open("wb") as file:
        for number in range(3):
            size = 5 if number == 2 else 3 * 2**30
            entry = Entry(
                name=f"ledger/{number:06d}.jsonl", crc=crc32(b"12345"), size=size, offset=at
            )
            entries.append(entry)
            file.seek(at)
            file.write(local_header(entry))
            if number == 2:
                file.write(b"12345")
            at += len(local_header(entry)) + size
        file.seek(at)
        file.write(directory(entries, at))

    with zipfile.ZipFile(path) as opened:
        assert [info.header_offset for info in opened.infolist()] == [e.offset for e in entries]
        assert opened.read("ledger/000002.jsonl") == b"12345"


def test_a_pack_is_written_in_the_order_of_its_names() -> None:
    writer = PackWriter(io.BytesIO())
    writer.add("b", b"")
    with pytest.raises(ValueError, match="`a` comes after `b`"):
        writer.add("a", b"")
    with pytest.raises(DamagedError):
        list(read_members(io.BytesIO(b"PK\x03\x04")))
