"""A small workspace with four people on KakaoTalk, to run whole commands on."""

from __future__ import annotations

from pathlib import Path

from tests.lint.workspaces import write_workspace

AS_OF = "2026-09-20T00:00:00Z"
_BRAND = (
    "{workspace: {state: null, channels: {kakao: {profiles: {main: {daily_max: 5}}}},"
    " environments: {sandbox: {sandbox: true}}},"
    " campaign: {channels: {app: null, sms: null, kakao: {product: brand, profile: main}}},"
    " template: {redefine: {sms: null, kakao: {universal: true}}}}"
)
_COLUMNS = (
    "user_id,name,country,locale,phone,kakao_ad_agreed,web_ad_agreed,sms_ad_agreed,push_ad_agreed"
    ",night_ad_agreed,ad_confirmed_at"
)


def write_shop(root: Path) -> Path:
    """Write it, with a campaign `sale` on 2026-09-24; its profile may send five messages a day."""
    write_workspace(root, _BRAND)
    data = root / "audiences/data"
    data.mkdir(parents=True)
    people = [
        f"u{number},민지,KR,ko,0101234567{number},yes,no,no,no,no,2026-09-01" for number in range(4)
    ]
    (data / "users.csv").write_text("\n".join((_COLUMNS, *people)) + "\n", "utf-8")
    (data / "devices.csv").write_text("device_id,user_id,platform,token\n", "utf-8")
    (data / "suppression.csv").write_text("user_id,phone,token,channel,since\n", "utf-8")
    return root


def add(root: Path, id_: str, at: str = "2026-09-24 15:00") -> None:
    """Write a copy of the campaign under another id and time."""
    text = (root / "campaigns/sale.yaml").read_text("utf-8")
    other = text.replace("id: sale", f"id: {id_}", 1).replace("2026-09-24 10:00", at)
    (root / f"campaigns/{id_}.yaml").write_text(other, "utf-8")
