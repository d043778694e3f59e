"""The testers' file: what is read from it, and every mistake with its line."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import jsonschema
import pytest

from engine.kernel.errors import UsageError
from engine.model.channel import Channel, Platform
from engine.model.delivery import Answer
from engine.model.message import Address
from engine.workspace.document import parse_document
from engine.workspace.testers import TesterConsent, choose_testers, read_testers
from tests.shop.test_mutations import broken

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "schemas" / "testers.schema.json").read_text("utf-8")
)
GOOD = """\
- name: 민지
  user_id: 10001
  locale: ko-KR
  country: KR
  timezone: Asia/Seoul
  addresses:
    app:
      - {platform: android, token: tok-1}
      - {platform: ios, fid: fid-1}
    web: {endpoint: "https://push.example/1", p256dh: key, auth: secret}
    phone: 010-1234-5678
  consent: {app: {ad: yes, night: no}, web: no, sms: true}
  values: {user.name: 김민지, derived.orders: 3}
- name: 하니
"""


def read(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    """Return the names that were read, and the findings as `line message`."""
    (tmp_path / "testers.yaml").write_text(text, "utf-8")
    found = read_testers(tmp_path, "testers.yaml")
    said = []
    for finding in found.findings:
        span = found.source.locate(finding.at.path, key=finding.key)
        said.append(f"{finding.line or span.line} {finding.message}")
    return [tester.name for tester in found.people], said


def is_valid(text: str) -> bool:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    data = parse_document(text, "x").data
    return bool(jsonschema.Draft202012Validator(SCHEMA).is_valid(data))


def test_everything_that_can_be_written(tmp_path: Path) -> None:
    assert is_valid(GOOD)
    (tmp_path / "testers.yaml").write_text(GOOD, "utf-8")
    found = read_testers(tmp_path, "testers.yaml")
    assert found.findings == ()
    minji, hani = found.people
    assert (minji.name, minji.user_id, minji.locale) == ("민지", "10001", "ko-KR")
    assert (minji.country, minji.timezone, minji.phone) == ("KR", "Asia/Seoul", "010-1234-5678")
    assert minji.app == (
        (Platform.ANDROID, Address(kind="fcm_token", value="tok-1")),
        (Platform.IOS, Address(kind="fcm_fid", value="fid-1")),
    )
    assert minji.web == (
        Address(
            kind="webpush",
            value="https://push.example/1",
            keys={"p256dh": "key", "auth": "secret"},
        ),
    )
    assert minji.consent == {
        Channel.APP: TesterConsent(ad=Answer.YES, night=Answer.NO),
        Channel.WEB: TesterConsent(ad=Answer.NO),
        Channel.SMS: TesterConsent(ad=Answer.YES),
    }
    assert minji.values == {"user.name": "김민지", "derived.orders": 3}
    assert (hani.app, hani.web, hani.phone, hani.consent) == ((), (), None, {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: 민지\n", "1 the testers' file is no list"),
        ("- locale: ko\n", "1 a tester has no `name`"),
        ("- 민지\n", "1 `[0]` is no mapping"),
        ("- name: 민지\n- name: 민지\n", "2 the name `민지` is taken"),
        ("- name: 민지\n  emial: x\n", "2 there is no key `emial` here"),
        ("- name: a\n  timezone: Seoul\n", "2 `[0].timezone`: there is no time zone `Seoul`"),
        ("- name: a\n  consent: {app: maybe}\n", "2 `[0].consent.app` is neither yes nor no"),
        ("- name: a\n  consent: {email: yes}\n", "2 there is no key `email` here"),
        (
            "- name: a\n  addresses:\n    app: {platform: tizen, token: x}\n",
            "3 `[0].addresses.app` has no platform",
        ),
        (
            "- name: a\n  addresses:\n    app: {platform: ios, token: x, fid: y}\n",
            "3 `[0].addresses.app` needs a `token` or a `fid`",
        ),
        (
            "- name: a\n  addresses:\n    web: {endpoint: x}\n",
            "3 `[0].addresses.web` lacks `p256dh`, `auth`",
        ),
        ("- name: a\n  values: {name: b}\n", "2 `name` is no value of a person"),
        ("- name: [a]\n", "1 `[0].name` is no text"),
        ("- name: a\n  name: b\n", "2 the key `name` is written twice (first in line 1)"),
    ],
)
def test_every_mistake_has_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in read(tmp_path, text)[1]
    if "taken" not in said and "twice" not in said and "zone" not in said:
        assert not is_valid(text)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = "- name: b\n  consent: {app: x}\n- locale: ko\n- name: c\n  colour: red\n"
    names, said = read(tmp_path, text)
    assert names == ["b", "c"]
    assert said == [
        "2 `[0].consent.app` is neither yes nor no",
        "3 a tester has no `name`",
        "5 there is no key `colour` here",
    ]


@pytest.mark.parametrize("seed", range(5))
def test_broken_lists_have_findings_and_no_traceback(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    findings = 0
    for _ in range(60):
        (tmp_path / "testers.yaml").write_bytes(broken(GOOD, rng))
        findings += bool(read_testers(tmp_path, "testers.yaml").findings)
    assert findings > 30


def test_a_file_that_is_not_there_says_what_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`testers\.yaml` cannot be read") as error:
        read_testers(tmp_path, "testers.yaml")
    assert error.value.hint == (
        "write it as `pushform schema testers` describes; it must not be committed"
    )


def test_testers_are_chosen_by_name(tmp_path: Path) -> None:
    (tmp_path / "testers.yaml").write_text(GOOD, "utf-8")
    people = read_testers(tmp_path, "testers.yaml").people
    assert choose_testers(people, (), everyone=True) == people
    assert choose_testers(people, ("하니", "하니"), everyone=False) == (people[1],)
    with pytest.raises(UsageError, match="there is no tester `민자`") as error:
        choose_testers(people, ("민자",), everyone=False)
    assert error.value.hint == "there are `민지`, `하니`"
