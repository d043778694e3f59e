"""`doctor` asks the vendor about profiles and numbers; what it saves is what lint goes by."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.end_to_end.small import Shop
from tests.end_to_end.test_loopback_korea import NHN, keys, shop_with
from tests.servers.nhn import Nhn

__all__ = ["keys"]
SCHEMA = Path(__file__).parents[2] / "schemas" / "vendor.schema.json"
DORMANT = {"status": "YSC03", "kakaoStatus": "A", "kakaoProfileStatus": "A", "dormant": True}
COUNTS = {"alimtalk": {"dailyMaxCount": 1000, "sentCount": 12}}
TEMPLATES = [{"templateCode": "ship-01", "templateContent": "#{이름}님, 출발", "status": "TSC03"}]


def checks_of(shop: Shop, *words: str) -> tuple[int, list[dict[str, Any]]]:
    result = shop.run("doctor", "--format", "json", *words)
    return result.code, [one for one in result.json()["checks"] if one["name"] == "vendor"]


def test_a_sleeping_profile_is_told_kept_and_found_by_lint(tmp_path: Path) -> None:
    nhn = Nhn(senders={"k" * 40: {**DORMANT, **COUNTS}}, templates=TEMPLATES)
    with shop_with(tmp_path, "kakao", NHN, nhn) as shop:
        code, checks = checks_of(shop, "--save", "--as-of", "2026-09-19T00:00:00Z")
        assert code == 1
        assert [(one["ok"], one["message"]) for one in checks] == [
            (
                False,
                "profile `main` is dormant: nothing was sent for long, 12 of 1,000 messages today",
            ),
            (True, "1 templates that no campaign uses"),
        ]
        file = tmp_path / "reports/sandbox/vendor.json"
        saved = json.loads(file.read_text("utf-8"))
        jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(saved)
        assert saved["as_of"] == "2026-09-19T00:00:00Z"
        assert saved["profiles"] == {
            "main": {"status": "dormant", "daily_max": 1000, "sent_today": 12}
        }
        assert saved["templates"]["ship-01"] == {"status": "approved", "text": "#{이름}님, 출발"}
        before = file.read_bytes()
        shop.run("doctor", "--save", "--as-of", "2026-09-19T00:00:00Z")
        assert file.read_bytes() == before
        (tmp_path / "reports/production").mkdir()
        shutil.copy(file, tmp_path / "reports/production/vendor.json")
        # `doctor` judges the files as well, and says the same of the profile.
        found = shop.run("lint", "--format", "json", "--as-of", "2026-09-19T01:00:00Z").json()
        (finding,) = [one for one in found["findings"] if one["rule"] == "kakao-profile-state"]
        assert "`main` is dormant" in finding["message"]


def test_nobody_to_ask_is_said(tmp_path: Path) -> None:
    result = Shop(root=tmp_path, people=2).run("doctor", "--save")
    assert result.code == 11
    assert "no provider of `sandbox` could say in what state its account is" in result.err
    assert "ok   files" in result.out


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=2)
    file = tmp_path / "reports/production/vendor.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"as_of": 7}', "utf-8")
    result = shop.run("lint")
    assert result.code == 12
    assert "`reports/production/vendor.json` cannot be read" in result.err
    assert "pushform doctor -e production --save" in result.err


@pytest.mark.parametrize(
    "text", ["[]", "{}", "no", '{"as_of": "2026-01-01T00:00:00Z", "profiles": 3}']
)
def test_nothing_but_our_own_form_is_read(text: str) -> None:
    from engine.kernel.errors import UnsupportedError
    from engine.report.vendor import parse_vendor

    with pytest.raises(UnsupportedError, match="cannot be read"):
        parse_vendor(text, "production")
