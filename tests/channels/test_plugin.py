"""A provider of another package: installed beside pushform, named in the file, sent with."""

from __future__ import annotations

import importlib
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from engine.channels import registry
from engine.channels.contract import CHECKS, Case
from engine.channels.registry import known_providers, open_provider
from engine.kernel.errors import UsageError
from engine.model.channel import Channel
from engine.model.message import Address
from tests.channels.making import StillClock, no_variable, provider_settings
from tests.end_to_end.small import Shop
from tests.servers.acme import LoopbackAcme, loopback_acme

SOURCE = Path(__file__).parent.parent / "plugin"


def install(folder: Path, entry_points: str | None = None) -> None:
    """Put the package into `folder` as pip would: its module and its `dist-info`."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))["project"]
    listed = "\n".join(
        f"[{group}]\n" + "\n".join(f"{name} = {value}" for name, value in points.items())
        for group, points in project["entry-points"].items()
    )
    folder.mkdir()
    shutil.copy(SOURCE / "acme_pushform.py", folder)
    info = folder / f"acme_pushform-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    (info / "entry_points.txt").write_text(f"{entry_points or listed}\n", "utf-8")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    def use_one(folder: Path) -> None:
        monkeypatch.syspath_prepend(folder)
        importlib.invalidate_caches()
        registry._plugins.cache_clear()

    yield use_one
    monkeypatch.undo()
    sys.modules.pop("acme_pushform", None)
    importlib.invalidate_caches()
    registry._plugins.cache_clear()


@pytest.fixture
def installed(tmp_path: Path, use: Callable[[Path], None]) -> None:
    install(tmp_path / "site-packages")
    use(tmp_path / "site-packages")


@pytest.fixture
def acme() -> Iterator[LoopbackAcme]:
    with loopback_acme() as running:
        yield running


@pytest.mark.usefixtures("installed")
def test_it_is_known_where_it_says_that_it_can_send() -> None:
    assert "acme" in known_providers(Channel.APP)
    assert "acme" not in known_providers(Channel.SMS)


@pytest.mark.usefixtures("installed")
def test_a_campaign_is_planned_applied_and_sent_with_it(tmp_path: Path, acme: LoopbackAcme) -> None:
    shop = Shop(
        root=tmp_path,
        people=5,
        app=f'{{provider: acme, base_url: "{acme.base_url}", rate: 100/s}}',
        device=lambda i: {"token": f"dead-{i}" if i == 3 else f"ok-{i}"},
    )
    assert "sale" in shop.run("plan", as_of=shop.planned).out
    shop.apply()

    assert shop.dispatch().code == 0

    assert sorted(message["to"] for message in acme.received) == [
        "dead-3",
        "ok-0",
        "ok-1",
        "ok-2",
        "ok-4",
    ]
    titles = {str(message["title"]) for message in acme.received}
    assert "(광고) 손님0님, 안녕하세요" in titles
    books = shop.device_books()
    assert (books["sent"], books["failed"]) == (4, {"unregistered": 1})


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_keeps_the_contract(
    check: Callable[[Case], None], acme: LoopbackAcme, tmp_path: Path
) -> None:
    provider = open_provider(
        Channel.APP,
        provider_settings("acme", acme.base_url, api_key="k"),
        environment="rehearsal",
        sandbox=True,
        outbox=tmp_path,
        resolve=no_variable,
        clock=StillClock(),
    )
    check(Case(provider=provider, channel=Channel.APP, address=address))
    provider.close()
    assert set(acme.keys) <= {"Bearer k"}


def address(number: int) -> Address:
    return Address(kind="fcm_token", value=f"ok-{number}")


@pytest.mark.usefixtures("installed")
def test_a_sandbox_does_not_let_it_out() -> None:
    with pytest.raises(UsageError, match="`acme` would leave this machine"):
        open_provider(
            Channel.APP,
            provider_settings("acme"),
            environment="rehearsal",
            sandbox=True,
            outbox=Path("outbox"),
            resolve=no_variable,
            clock=StillClock(),
        )


@pytest.mark.usefixtures("installed")
def test_the_reader_knows_its_name_without_importing_it(tmp_path: Path) -> None:
    shop = Shop(root=tmp_path, people=1, app="{provider: acme, 무엇: 이든}")
    found = shop.run("lint", "--format", "json").json()["findings"]
    about = [one["message"] for one in found if "acme" in one["message"]]
    assert about == ["the sandbox `sandbox` would send over the provider `acme` (`channels.app`)"]
    assert "acme_pushform" not in sys.modules


def test_a_slip_in_its_name_is_no_sandbox_that_sends(
    tmp_path: Path, use: Callable[[Path], None]
) -> None:
    shop = Shop(root=tmp_path, people=1, app="{provider: amce}")
    install(tmp_path / "site-packages")
    use(tmp_path / "site-packages")
    found = shop.run("lint", "--format", "json").json()["findings"]
    (about,) = [one for one in found if "amce" in one["message"]]
    assert about["message"] == "there is no provider `amce` (`channels.app.provider`)"
    assert about["hint"] == "did you mean `acme`?"


def test_without_the_package_its_name_is_unknown(tmp_path: Path, acme: LoopbackAcme) -> None:
    registry._plugins.cache_clear()
    shop = Shop(root=tmp_path, people=1, app=f'{{provider: acme, base_url: "{acme.base_url}"}}')
    result = shop.run("apply", "--auto-approve", as_of=shop.planned)
    assert result.code == 4
    assert "channel `app`: provider `acme` is not in this version" in result.err
    assert acme.received == []


def test_an_entry_point_that_is_no_plugin_is_named(
    tmp_path: Path, use: Callable[[Path], None]
) -> None:
    folder = tmp_path / "site-packages"
    install(folder, "[pushform.providers]\nacme = acme_pushform:open_provider")
    use(folder)
    with pytest.raises(UsageError) as caught:
        known_providers(Channel.APP)
    assert caught.value.message == (
        "the provider `acme` (acme_pushform:open_provider) is not a `Plugin`"
    )


@pytest.mark.parametrize("taken", ["fcm", "sandbox"])
def test_no_package_takes_the_place_of_our_own(
    tmp_path: Path, use: Callable[[Path], None], taken: str
) -> None:
    folder = tmp_path / "site-packages"
    install(folder, f"[pushform.providers]\n{taken} = acme_pushform:PLUGIN")
    use(folder)
    provider = partial(
        open_provider,
        Channel.APP,
        provider_settings(taken, "http://127.0.0.1:1", project="p"),
        environment="rehearsal",
        sandbox=True,
        outbox=tmp_path,
        resolve=no_variable,
        clock=StillClock(),
    )
    assert type(provider()).__module__ == f"engine.channels.{taken}"
