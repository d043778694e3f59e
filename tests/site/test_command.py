"""`pushform site`: pages on disk, compared with a revision, and what it says when it cannot."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from engine.app.session import open_session
from engine.cli.cmd_site import command
from engine.cli.contact_sheet import sheet_of
from engine.kernel.errors import UnavailableError, UsageError
from engine.site import pictures
from tests.cli_run import pushform
from tests.site.drawing import Drawn

ROOT = Path(__file__).parents[2]
WORKSPACE = """\
kind: workspace
name: 작은 가게
timezone: Asia/Seoul
locale: ko
country: KR
sender: {name: 샘플샵, contact: "1588-0000", opt_out: {app: {ko: "수신거부: 앱 > 설정"}}}
sources:
  users: {path: users.csv, sample: true, consent: {app: {ad: push_ad}}}
  suppression: none
channels: {app: {provider: sandbox}}
state: {url: "sqlite:///.pushform/state.db"}
environments: {sandbox: {sandbox: true}}
"""
CAMPAIGN = """\
kind: campaign
id: ID
title: 가을 특가
type: advertising
audience: everyone
channels: {app: {}}
message: {ko: {title: 가을 특가, body: "오늘만 20% 할인"}}
schedule: {at: "2026-09-22 10:00"}
"""


def run(*words: str | Path) -> int:
    result = command.main(args=[str(word) for word in words], standalone_mode=False)
    assert isinstance(result, int)
    return result


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "pushform.yaml").write_text(WORKSPACE, "utf-8")
    (tmp_path / ".gitignore").write_text(".pushform/\n", "utf-8")
    write(tmp_path, "sale")
    write(tmp_path, "other")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "처음")):
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@shop.example", *words],
            cwd=tmp_path,
            check=True,
        )
    return tmp_path


def write(root: Path, id_: str, old: str = "", new: str = "") -> None:
    text = CAMPAIGN.replace("ID", id_).replace(old, new) if old else CAMPAIGN.replace("ID", id_)
    (root / "campaigns" / f"{id_}.yaml").write_text(text, "utf-8")


def test_every_campaign_of_the_sample_shop_has_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", ROOT, "--out", tmp_path) == 0
    ids = {path.stem for path in (ROOT / "campaigns").rglob("*.yaml")}
    pages = sorted(tmp_path.rglob("*.html"))
    assert {path.relative_to(tmp_path).as_posix() for path in pages} == {
        "index.html",
        *(f"campaigns/{id_}.html" for id_ in ids),
    }
    said = capsys.readouterr()
    assert said.out == f"{tmp_path / 'index.html'}\n"
    assert said.err == ""
    for path in pages:
        page = Drawn(path.read_text("utf-8"))
        assert page.root.one("html").attributes["lang"] == "ko"
        for link in page.root.all("a"):
            target = link.attributes["href"]
            inside = {each.attributes.get("id") for each in page.root.all()}
            assert (
                target[1:] in inside if target.startswith("#") else (path.parent / target).is_file()
            )


def test_pages_go_where_nothing_is_committed(shop: Path) -> None:
    assert run("-C", shop) == 0
    folder = shop / ".pushform" / "site"
    modes = {
        path.relative_to(folder).as_posix(): path.stat().st_mode & 0o777
        for path in folder.rglob("*")
    }
    assert modes == {
        "campaigns": 0o700,
        "campaigns/other.html": 0o600,
        "campaigns/sale.html": 0o600,
        "index.html": 0o600,
    }
    assert folder.stat().st_mode & 0o777 == 0o700


def test_pages_of_an_earlier_run_go_away_where_the_folder_is_ours(
    shop: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "out" / "campaigns" / "notes.html"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", "utf-8")
    for words in ((), ("--out", tmp_path / "out")):
        assert run("-C", shop, *words) == 0
    (shop / "campaigns" / "other.yaml").unlink()
    for words in ((), ("--out", tmp_path / "out")):
        assert run("-C", shop, *words) == 0
    ours = shop / ".pushform" / "site" / "campaigns"
    assert [path.name for path in ours.iterdir()] == ["sale.html"]
    assert foreign.read_text("utf-8") == "mine"


def test_a_campaign_may_be_called_index(shop: Path, tmp_path: Path) -> None:
    write(shop, "index")
    out = tmp_path / "out"
    assert run("-C", shop, "--out", out, "index") == 0
    assert Drawn((out / "index.html").read_text("utf-8")).root.all("table", "campaigns")
    assert Drawn((out / "campaigns" / "index.html").read_text("utf-8")).cards()


def test_only_named_campaigns_are_drawn(shop: Path, tmp_path: Path) -> None:
    assert run("-C", shop, "--out", tmp_path / "out", "sale") == 0
    assert [path.name for path in (tmp_path / "out" / "campaigns").iterdir()] == ["sale.html"]


def test_a_revision_is_compared_with(shop: Path, tmp_path: Path) -> None:
    write(shop, "sale", "20%", "30%")
    write(shop, "new")
    out = tmp_path / "out"
    assert run("-C", shop, "--against", "HEAD", "--out", out) == 0
    sale = Drawn((out / "campaigns" / "sale.html").read_text("utf-8"))
    (card,) = sale.cards()
    assert (card.one("del").text, card.one("ins").text) == ("20", "30")
    states = {
        path.stem: {
            card.attributes["data-state"] for card in Drawn(path.read_text("utf-8")).cards()
        }
        for path in (out / "campaigns").iterdir()
    }
    assert states == {"sale": {"changed"}, "other": {"same"}, "new": {"new"}}
    index = Drawn((out / "index.html").read_text("utf-8"))
    changed = {
        row.one("code").text: row.all("td")[4].text
        for row in index.root.all("tr")
        if row.all("code")
    }
    assert changed == {"sale": "1", "other": "0", "new": "1"}


def test_the_pages_language_can_be_chosen(shop: Path, tmp_path: Path) -> None:
    assert run("-C", shop, "--language", "en", "--out", tmp_path / "out") == 0
    page = Drawn((tmp_path / "out" / "campaigns" / "sale.html").read_text("utf-8"))
    assert "Contact sheet" in page.root.one("header").text


def test_an_unknown_campaign_is_named(shop: Path) -> None:
    with pytest.raises(UsageError) as raised:
        run("-C", shop, "sail")
    assert raised.value.message == "there is no campaign `sail` that could be drawn"
    assert raised.value.hint == (
        "there are: other, sale; `pushform lint` shows what is wrong with others"
    )


def test_a_message_that_needs_a_look_is_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(shop, "sale", "오늘만 20% 할인", "{{ link }}{{ 1/0 }}")
    assert run("-C", shop) == 0
    assert "sale: 1 of 1 messages need a look" in capsys.readouterr().err


def test_a_campaign_with_mistakes_is_named_and_the_others_are_drawn(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(shop, "sale", "everyone", "nobody-knows")
    assert run("-C", shop) == 0
    said = capsys.readouterr().err
    assert said == "sale: not drawn, it has mistakes; `pushform lint` shows them\n"
    drawn = shop / ".pushform" / "site" / "campaigns"
    assert [path.name for path in drawn.iterdir()] == ["other.html"]


def test_pictures_without_playwright_say_what_to_install(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda _: None)
    with pytest.raises(UsageError) as raised:
        run("-C", shop, "--png")
    assert raised.value.exit_code == 2
    assert raised.value.hint == "pip install 'playwright>=1.49'"
    assert not (shop / ".pushform").exists()


def test_pictures_without_chromium_say_what_to_install(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "find_spec", lambda name: name)
    monkeypatch.setattr(pictures.shutil, "which", lambda _: None)
    with pytest.raises(UsageError) as raised:
        run("-C", shop, "--png")
    assert raised.value.message == "pictures need Chromium, which is not installed"
    assert raised.value.hint == (
        "apt-get install -y chromium fonts-noto-cjk fonts-noto-color-emoji"
    )


def test_one_sheet_can_be_had_as_text(shop: Path) -> None:
    session = open_session(shop, None, None)
    html = sheet_of(session, session.loaded.resolved["sale"], against=None, language=None)
    page = Drawn(html)
    assert [card.all("h3")[0].text for card in page.cards()] == ["앱 푸시 ko 관할 KR"]
    # There is no index beside it that could be linked.
    assert all(link.attributes["href"].startswith("#") for link in page.root.all("a"))


PEOPLE = "user_id,name,push_ad\nu1,이몽룡,yes\nu2,독고하늘빛나래미,yes\nu3,선우,no\n"


@pytest.fixture
def audience(shop: Path) -> Path:
    """The shop with people, and a title that greets them."""
    (shop / "users.csv").write_text(PEOPLE, "utf-8")
    (shop / "templates").mkdir()
    (shop / "templates" / "hello.yaml").write_text(
        "kind: template\nid: hello\n"
        "variables: {name: {type: string, from: user.name, default: 고객, sample: 민지}}\n"
        'locales: {ko: {title: "{{ name }}님, 가을 특가", body: 오늘만}}\n',
        "utf-8",
    )
    write(
        shop,
        "sale",
        'message: {ko: {title: 가을 특가, body: "오늘만 20% 할인"}}',
        "message: {template: hello}",
    )
    return shop


def test_people_are_looked_at_only_when_asked_for_and_drawn_masked(
    audience: Path, tmp_path: Path
) -> None:
    out = tmp_path / "pages"
    assert run("sale", "-C", audience, "--out", out) == 0
    page = out / "campaigns" / "sale.html"
    assert "남궁하늘빛나리님" in page.read_text("utf-8")
    assert run("sale", "-C", audience, "--people", "--out", out) == 0
    html = page.read_text("utf-8")
    assert "○○○○○○○가님" in html
    assert "Longest of the audience" in html or "수신자 중 가장 긴 값" in html
    assert not any(name in html for name in ("독고", "이몽룡", "선우", "남궁"))
    assert page.stat().st_mode & 0o777 == 0o600


def test_people_that_cannot_be_read_are_unavailable(audience: Path) -> None:
    (audience / "users.csv").unlink()
    assert run("sale", "-C", audience) == 0
    with pytest.raises(UnavailableError):
        run("sale", "-C", audience, "--people")


def test_a_preview_shows_people_on_the_sheet_only(audience: Path) -> None:
    sheet = pushform("preview", "sale", "-C", audience, "--format", "html", "--people")
    assert sheet.code == 0
    assert "○○○○○○○가님" in sheet.out
    assert "독고" not in sheet.out
    refused = pushform("preview", "sale", "-C", audience, "--people")
    assert refused.code == 2
    assert "`--people` is drawn on the sheet only" in refused.err


def test_a_preview_compares_with_a_revision(shop: Path) -> None:
    write(shop, "sale", "20%", "30%")
    sheet = pushform("preview", "sale", "-C", shop, "--format", "html", "--against", "HEAD")
    assert sheet.code == 0
    page = Drawn(sheet.out)
    assert [gone.text for gone in page.root.all("del")] == ["20"]
    assert [added.text for added in page.root.all("ins")] == ["30"]
    refused = pushform("preview", "sale", "-C", shop, "--against", "HEAD")
    assert refused.code == 2
    assert "`--against` is drawn on the sheet only" in refused.err
