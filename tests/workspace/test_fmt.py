"""`fmt`: one form for a file, and nothing of what it says or remarks is lost on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random

import pytest

from engine.kernel.errors import UnavailableError
from engine.workspace.document import parse_document
from engine.workspace.fmt import (
    difference,
    files_to_format,
    format_bytes,
    format_files,
    format_text,
    write_whole,
)
from engine.workspace.read import read_workspace
from engine.workspace.schemas import Kind
from engine.workspace.written import read_comments_of
from tests.shop.test_mutations import broken
from tests.workspace.scribbler import Scribbler
from tests.workspace.small import write

ROOT = Path(__file__).parents[2]
HEAD = "# yaml-language-server: $schema=../schemas/campaign.schema.json\n"


def fmt(body: str, kind: Kind = Kind.CAMPAIGN) -> str:
    """Return `body` formatted, without the modeline; a second time changes nothing."""
    once = format_text(body, kind, 1)
    assert once is not None
    assert format_text(once, kind, 1) == once
    head, _, rest = once.partition("\n")
    assert head == HEAD.rstrip().replace("campaign", kind)
    return rest


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("id: a\nkind: campaign\n", "kind: campaign\nid: a\n", id="order of keys"),
        pytest.param(
            "audience: {eq: KR, attribute: country}\n",
            "audience: {attribute: country, eq: KR}\n",
            id="order inside a condition",
        ),
        pytest.param(
            "message: {with: {b: 1, a: 2}, template: x}\n",
            "message: {template: x, with: {b: 1, a: 2}}\n",
            id="free keys stay as they stand",
        ),
        pytest.param(
            "message:\n  redefine: {sms: {ko: {body: 가}, universal: true}}\n  ko: {body: 나}\n",
            "message:\n  ko: {body: 나}\n  redefine: {sms: {universal: true, ko: {body: 가}}}\n",
            id="locales of an inline message come first",
        ),
        pytest.param("title: '추석 특가'\n", 'title: "추석 특가"\n', id="double quotes"),
        pytest.param(
            """title: '그는 "네"라고'\n""", """title: '그는 "네"라고'\n""", id="fewer escapes"
        ),
        pytest.param(
            "title: 추석 특가\n", "title: 추석 특가\n", id="text without quotes needs none"
        ),
        pytest.param(
            "schedule: {at: 2026-09-24 10:00}\n",
            'schedule: {at: "2026-09-24 10:00"}\n',
            id="a date for other readers",
        ),
        pytest.param(
            "title: NO\nowner: 0123\npurpose: 21:00\n",
            'title: "NO"\npurpose: "21:00"\nowner: "0123"\n',
            id="what YAML 1.1 takes for something else",
        ),
        pytest.param('"title": a\n"draft": TRUE\n', "title: a\ndraft: true\n", id="keys, switches"),
        pytest.param(
            "channels: {app: , web: ~}\n", "channels: {app: null, web: null}\n", id="null in a line"
        ),
        pytest.param("channels:\n  app: ~\n", "channels:\n  app:\n", id="null in a block"),
        pytest.param("title: a\r\nowner: b\r\n", "title: a\nowner: b\n", id="CRLF"),
        pytest.param(
            "exclude:\n- a\n-   b\n", "exclude:\n  - a\n  - b\n", id="indentation of lists"
        ),
        pytest.param(
            "exclude:\n    -   attribute: country\n        eq: KR\n",
            "exclude:\n  - attribute: country\n    eq: KR\n",
            id="a mapping in a list",
        ),
        pytest.param(
            "exclude: [ a,b , {audience:   c} ]\n", "exclude: [a, b, {audience: c}]\n", id="blanks"
        ),
        pytest.param(
            "exclude: [a,\n  b]\n", "exclude: [a, b]\n", id="a flow over two lines becomes one"
        ),
        pytest.param(
            "title: 두 줄로\n  쓴 제목\n", "title: 두 줄로 쓴 제목\n", id="a folded plain text"
        ),
        pytest.param('title: "가\n\n  나"\n', 'title: "가\\n나"\n', id="a folded quoted text"),
        pytest.param(
            "message:\n    ko:\n        body: |-\n          첫 줄\n            둘째\n\n          셋째\n",
            "message:\n  ko:\n    body: |-\n      첫 줄\n        둘째\n\n      셋째\n",
            id="a literal text",
        ),
        pytest.param(
            "message:\n    ko:\n        body: >\n          긴\n          글\n\n\n    en: {body: b}\n",
            "message:\n  ko:\n    body: >\n      긴\n      글\n\n  en: {body: b}\n",
            id="a folded text, and the blank line after it",
        ),
        pytest.param(
            "title: |4-\n      x\n    y\n", "title: |2-\n    x\n  y\n", id="leading blanks"
        ),
        pytest.param(
            "title: |+\n  x\n\n\nowner: y\n", 'title: "x\\n\\n\\n"\nowner: y\n', id="kept line ends"
        ),
        pytest.param("--- # 첫 문서\nid: a\n", "# 첫 문서\nid: a\n", id="document start"),
        pytest.param("id: a\n\n\n\nowner: b\n\n", "id: a\n\nowner: b\n", id="blank lines"),
    ],
)
def test_the_one_form(written: str, wanted: str) -> None:
    assert fmt(written) == wanted


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param(
            "# 제목에 대해\ntitle: a\nid: b # 아이디\n",
            "id: b # 아이디\n# 제목에 대해\ntitle: a\n",
            id="go with their keys",
        ),
        pytest.param(
            "# 이 파일은 마케팅팀 것\n\ntitle: a\nid: b\n",
            "# 이 파일은 마케팅팀 것\n\nid: b\ntitle: a\n",
            id="about the file stay on top",
        ),
        pytest.param(
            "channels: # 채널\n  web: {}\n  # 앱\n  app: {}\n",
            "channels: # 채널\n  # 앱\n  app: {}\n  web: {}\n",
            id="after a key and above one",
        ),
        pytest.param(
            "schedule: # 언제\n  {at: x, # 시작\n   late: 5m # 늦어도\n  }\n",
            "schedule: # 언제\n  at: x # 시작\n  late: 5m # 늦어도\n",
            id="inside braces open them",
        ),
        pytest.param(
            "exclude: [a, # 하나\n  # 둘\n  b,\n  # 끝\n]\n",
            "exclude:\n  - a # 하나\n  # 둘\n  - b\n  # 끝\n",
            id="inside brackets",
        ),
        pytest.param(
            "message:\n  ko: {body: b}\n  # 아직 번역 전\n# 일정은 팀장 확인 뒤\nschedule: {at: x}\n",
            "message:\n  ko: {body: b}\n  # 아직 번역 전\n# 일정은 팀장 확인 뒤\nschedule: {at: x}\n",
            id="at the end of a block, by indentation",
        ),
        pytest.param("id: a\n# 끝\n", "id: a\n# 끝\n", id="at the end of the file"),
        pytest.param(
            "title: | # 여러 줄\n  a # 글의 일부\n",
            "title: | # 여러 줄\n  a # 글의 일부\n",
            id="of a block",
        ),
        pytest.param(
            "title:\n  # 제목\n  가을\n", "# 제목\ntitle: 가을\n", id="between key and value"
        ),
        pytest.param(
            "exclude:\n  - # 직원\n    audience: staff\n",
            "exclude:\n  # 직원\n  - audience: staff\n",
            id="after a dash",
        ),
        pytest.param('title: "a # b"#c\n', 'title: "a # b" #c\n', id="glued to a value"),
        pytest.param("title: a#b # c\n", "title: a#b # c\n", id="a number sign in a text"),
        pytest.param(
            "owner: a # 담당\ntitle: # 제목\n  b # 뒤\n",
            "# 제목\n# 뒤\ntitle: b\nowner: a # 담당\n",
            id="two after one key",
        ),
    ],
)
def test_comments(written: str, wanted: str) -> None:
    assert fmt(written) == wanted
    assert sorted(read_comments_of(written)) == sorted(read_comments_of(wanted))


def test_a_long_line_in_braces_becomes_a_block() -> None:
    long = "가" * 60
    written = f"message: {{ko: {{title: {long}, body: {long}}}, en: {{body: b}}}}\n"
    assert fmt(written) == (
        f"message:\n  ko:\n    title: {long}\n    body: {long}\n  en: {{body: b}}\n"
    )


def test_a_line_that_a_comment_speaks_for_is_not_taken_apart() -> None:
    long = f"ko: {{title: {'가' * 60}, body: {'나' * 60}}}"
    for written in (
        f"message:\n  # pushform: ignore[locale-missing] 국내만\n  {long}\n",
        f"message:\n  {long} # pushform: ignore[locale-missing] 국내만\n",
    ):
        assert fmt(written) == written
    assert fmt(f"message:\n  {long} # 국내만\n") != f"message:\n  {long} # 국내만\n"


def test_the_modeline_is_kept_or_written_above_all() -> None:
    own = "# yaml-language-server: $schema=https://shop.example/campaign.json\n"
    assert format_text(f"# 메모\n{own}id: a\n", Kind.CAMPAIGN, 1) == f"{own}# 메모\nid: a\n"
    assert format_text("id: a\n", Kind.TEMPLATE, 2) == (
        "# yaml-language-server: $schema=../../schemas/template.schema.json\nid: a\n"
    )
    assert format_text("name: a\n", Kind.WORKSPACE, 0) == (
        "# yaml-language-server: $schema=schemas/workspace.schema.json\nname: a\n"
    )


def test_provider_options_stay_in_their_order() -> None:
    written = "channels:\n  app: {project: p, provider: fcm, rate: 10/s, credentials: ${A}}\n"
    assert "{provider: fcm, project: p, rate: 10/s, credentials: ${A}}" in fmt(
        written.replace("${A}", '"${A}"').replace("${A}}", "${A}}"), Kind.WORKSPACE
    ).replace('"', "")


def test_invisible_characters_become_visible_when_quotes_change() -> None:
    assert fmt("title: '가\u200b나'\n") == 'title: "가\\u200b나"\n'
    assert fmt("title: '👨\u200d👩\u200d👧 가족'\n") == 'title: "👨\u200d👩\u200d👧 가족"\n'


@pytest.mark.parametrize(
    "raw",
    [
        b"title: [\n",
        b"title: a\ntitle: b\n",
        b"title: \xff\n",
        b"a: &x 1\n",
        b"",
        b"a\tb: {{ c }}\n",
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(raw: bytes) -> None:
    formatted = format_bytes(raw, "campaigns/a.yaml")
    assert formatted.findings
    assert not formatted.changes


def test_a_file_that_is_no_mapping_is_left_as_it_is() -> None:
    formatted = format_bytes(b"- a\n- b\n", "campaigns/a.yaml")
    assert not formatted.changes
    assert formatted.left == "left as it is: it is no mapping of keys to values"


def test_the_byte_order_mark_goes() -> None:
    formatted = format_bytes(b"\xef\xbb\xbfid: a\n", "campaigns/a.yaml")
    assert formatted.changes
    assert formatted.after == HEAD + "id: a\n"


def test_a_difference_can_be_applied(tmp_path: Path) -> None:
    formatted = format_bytes("title: '가'\nid: a".encode(), "campaigns/a.yaml")
    assert difference(formatted).splitlines() == [
        "--- a/campaigns/a.yaml",
        "+++ b/campaigns/a.yaml",
        "@@ -1,2 +1,3 @@",
        "-title: '가'",
        "-id: a",
        "\\ No newline at end of file",
        "+# yaml-language-server: $schema=../schemas/campaign.schema.json",
        "+id: a",
        '+title: "가"',
    ]


def test_the_testers_are_none_of_its_files(tmp_path: Path) -> None:
    root = write(tmp_path, {"audiences/people/testers.yaml": "- name: 민지\n"})
    assert "audiences/people/testers.yaml" in files_to_format(root, ())
    config = root / "pushform.yaml"
    config.write_text(
        config.read_text("utf-8") + "testers: audiences/people/testers.yaml\n", "utf-8"
    )
    files = files_to_format(root, ())
    assert "audiences/people/testers.yaml" not in files
    assert files_to_format(root, ["audiences"]) == tuple(f for f in files if f.startswith("aud"))


def test_files_are_replaced_whole_and_keep_their_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("old", "utf-8")
    file.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(file)
    write_whole(link, "새 글\n")
    assert file.read_text("utf-8") == "새 글\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "link.yaml"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "no-folder").write_text("a file", "utf-8")
    with pytest.raises(UnavailableError, match="cannot be written"):
        write_whole(tmp_path / "no-folder" / "a.yaml", "x")


def test_the_sample_shop_says_the_same_afterwards(tmp_path: Path) -> None:
    before = read_workspace(ROOT, None)
    root = tmp_path
    shutil.copytree(ROOT / "templates", root / "templates")  # macros are no YAML
    for formatted in format_files(ROOT, files_to_format(ROOT, ())):
        assert (formatted.findings, formatted.left) == ((), None), formatted.path
        (root / formatted.path).parent.mkdir(parents=True, exist_ok=True)
        (root / formatted.path).write_text(formatted.after, "utf-8")
    after = read_workspace(root, None)
    assert after.findings == before.findings
    assert after.workspace == before.workspace
    assert after.resolved == before.resolved
    assert after.set_aside == before.set_aside
    assert [len(found) for found in after.comments.values()] == [
        len(found) for found in before.comments.values()
    ]
    assert not any(f.changes for f in format_files(root, files_to_format(root, ())))


def mutated(text: str, rng: Random) -> str:
    """Return `text` with comments, blanks and lines where nobody would put them."""
    lines = text.splitlines()
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(1, len(lines))
        match rng.randrange(8):
            case 0:
                lines.insert(at, " " * rng.randrange(9) + f"# 메모 {rng.randrange(99)}")
            case 1:
                lines[at] += f"   # 끝 {rng.randrange(99)}"
            case 2:
                lines.insert(at, "")
            case 3:
                lines[at] = lines[at].replace(
                    ", ", rng.choice([",\n  # 안\n      ", ", # 쉼표\n    "]), 1
                )
            case 4:
                lines[at] = lines[at].replace(": ", rng.choice([":  ", ":   # 값\n          "]), 1)
            case 5:
                lines[at] = lines[at].replace('"', "'")
            case 6:
                other = rng.randrange(1, len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at] = lines[at].replace(
                    "{", rng.choice(["{ ", "{\n      ", "{ # 여기\n     "]), 1
                )
    return rng.choice(["\n", "\r\n"]).join(lines) + "\n"


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_from_mutated_files(seed: int) -> None:
    rng = Random(seed)
    files = [
        (path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
        for folder in ("campaigns", "audiences", "templates")
        for path in sorted((ROOT / folder).rglob("*.yaml"))
    ]
    formatted_files = 0
    for _ in range(8):
        for path, text in files:
            broken = mutated(text, rng)
            formatted = format_bytes(broken.encode(), path)
            if formatted.findings:
                assert not formatted.changes
                continue
            assert formatted.left is None, broken
            formatted_files += 1
            after = parse_document(formatted.after, path)
            before = parse_document(broken, path)
            assert not after.findings
            assert json.dumps(after.data, sort_keys=True) == json.dumps(before.data, sort_keys=True)
            again = format_bytes(formatted.after.encode(), path)
            assert again.after == formatted.after, broken
    assert formatted_files > 100


@pytest.mark.parametrize("seed", range(0, 600, 60))
def test_nothing_is_lost_from_what_anybody_might_write(seed: int) -> None:
    for number in range(seed, seed + 60):
        text = Scribbler(Random(number)).document()
        formatted = format_bytes(text.encode(), "campaigns/x.yaml")
        assert (formatted.findings, formatted.left) == ((), None), text
        before, after = parse_document(text, "x").data, parse_document(formatted.after, "x").data
        assert json.dumps(after, sort_keys=True) == json.dumps(before, sort_keys=True)
        lost = [c for c in read_comments_of(text) if c not in read_comments_of(formatted.after)]
        assert lost == []
        assert not format_bytes(formatted.after.encode(), "campaigns/x.yaml").changes, text


@pytest.mark.parametrize("seed", range(3))
def test_broken_files_are_left_or_made_right(seed: int) -> None:
    rng = Random(seed)
    for _ in range(8):
        for folder in ("campaigns", "audiences", "templates"):
            for file in sorted((ROOT / folder).rglob("*.yaml")):
                path = file.relative_to(ROOT).as_posix()
                formatted = format_bytes(broken(file.read_text("utf-8"), rng), path)
                if formatted.findings or formatted.left:
                    assert not formatted.changes
                else:
                    assert not format_bytes(formatted.after.encode(), path).changes
