"""A made-up shop of any size: N campaigns × 3 locales, the same bytes every time.

    python benchmarks/corpus.py [FOLDER] [--campaigns 10000]

Writes `pushform.yaml`, 40 shared audiences and N campaigns of about 1.2 KB in 20 folders. Three of
four campaigns write their message inline, the others have a template file of their own. One in five
texts uses filters (`|josa`, `|money`), the others words and `{{ name }}`; no two campaigns say the
same. One campaign in 500 is due at 20:45, which lint warns about, so that findings are part of it.
Without FOLDER only the numbers are printed.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

AS_OF = "2026-09-20T00:00:00Z"
"""The instant to lint and plan at: every campaign is still ahead."""

FOLDERS = 20
AUDIENCES = 40
FIRST_DAY = datetime(2026, 10, 1)

WORKSPACE = """\
# yaml-language-server: $schema=schemas/workspace.schema.json
kind: workspace
name: big-shop
timezone: Asia/Seoul
locale: ko
country: KR
sender:
  name: 큰상점
  contact: "1588-0000"
  opt_out:
    app: {ko: "수신거부: 앱 > 설정 > 알림", en: "Opt out: App > Settings", ja: "配信停止: アプリ > 設定"}
    web: {ko: "수신거부: 마이페이지 > 알림", en: "Opt out: My page", ja: "配信停止: マイページ"}
    sms: {ko: "무료수신거부 080-000-0000"}
sources:
  users:
    path: audiences/data/users.csv
    sample: true
    consent:
      app: {ad: push_ad_agreed, night: night_ad_agreed, confirmed_at: ad_confirmed_at}
      web: {ad: web_ad_agreed, confirmed_at: ad_confirmed_at}
      sms: {ad: sms_ad_agreed, confirmed_at: ad_confirmed_at}
  devices: {path: audiences/data/devices.csv, sample: true}
  events: {path: audiences/data/events.csv, sample: true}
  suppression: {path: audiences/data/suppression.csv, sample: true}
safety: {max_recipients: 1000000}
"""
SOURCES = {
    "users": "user_id,country,locale,timezone,grade,name,push_ad_agreed,night_ad_agreed,"
    "web_ad_agreed,sms_ad_agreed,ad_confirmed_at\n",
    "devices": "user_id,platform,channel,address,enabled,last_seen_at\n",
    "events": "user_id,event,at,amount,category\n",
    "suppression": "user_id\n",
}
GOODS = (
    ("햇사과", "new apples", "新りんご"),
    ("한우 세트", "Hanwoo beef sets", "韓牛セット"),
    ("유기농 쌀", "organic rice", "有機米"),
    ("제주 감귤", "Jeju tangerines", "済州みかん"),
    ("수제 송편", "handmade songpyeon", "手作りソンピョン"),
    ("겨울 이불", "winter blankets", "冬布団"),
    ("가습기", "humidifiers", "加湿器"),
    ("등산화", "hiking boots", "登山靴"),
    ("캠핑 의자", "camping chairs", "キャンプチェア"),
    ("무선 이어폰", "wireless earphones", "ワイヤレスイヤホン"),
    ("그림책", "picture books", "絵本"),
    ("홍삼 스틱", "red ginseng sticks", "紅参スティック"),
)
CALLS = (
    (
        "오늘 하루만 만나는 특별한 가격입니다",
        "A special price, today only",
        "本日限りの特別価格です",
    ),
    (
        "주말까지 넉넉하게 준비했습니다",
        "Plenty in stock through the weekend",
        "週末まで十分に用意しました",
    ),
    (
        "먼저 찜해 두신 분께 알려 드립니다",
        "You saved this one earlier",
        "お気に入りの商品のお知らせです",
    ),
    (
        "새벽 배송으로 내일 아침 받아 보세요",
        "At your door tomorrow morning",
        "明朝までにお届けします",
    ),
    (
        "후기 만 개가 증명하는 품질입니다",
        "Ten thousand reviews agree",
        "一万件のレビューが証明する品質です",
    ),
)

STEPS = (
    (
        "기사님이 곧 댁으로 출발합니다",
        "The driver is about to leave for your door",
        "まもなく配達員が出発します",
    ),
    (
        "받으실 분이 안 계시면 문 앞에 두겠습니다",
        "If nobody is home we leave it at the door",
        "ご不在の場合は玄関前に置きます",
    ),
    (
        "송장 번호는 주문 내역에서 확인하실 수 있습니다",
        "Your orders show the number of the parcel",
        "送り状番号は注文履歴で確認できます",
    ),
)
"""How messages about an order end, as `CALLS` end advertisements."""


def files(campaigns: int) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every file of a shop with `campaigns` campaigns."""
    yield "pushform.yaml", WORKSPACE
    for name, header in SOURCES.items():
        yield f"audiences/data/{name}.csv", header
    for number in range(AUDIENCES):
        yield f"audiences/shared-{number:02}.yaml", _audience(number)
    for number in range(campaigns):
        yield from _campaign(number)


def write(root: Path, campaigns: int) -> int:
    """Write the shop below `root`; return how many bytes campaigns and templates have."""
    size = 0
    for path, text in files(campaigns):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        raw = text.encode()
        file.write_bytes(raw)
        size += len(raw) if path.startswith(("campaigns/", "templates/")) else 0
    return size


def _audience(number: int) -> str:
    return (
        "# yaml-language-server: $schema=../schemas/audience.schema.json\n"
        f"kind: audience\nid: shared-{number:02}\nwhere:\n  all:\n"
        "    - {attribute: country, eq: KR}\n"
        f"    - {{event: purchase, within: {7 + number}d, count: {{gte: {1 + number % 3}}}}}\n"
        "    - {event: open_app, within: 14d}\n"
        f"    - not: {{event: purchase, within: {1 + number % 5}d}}\n"
    )


def _campaign(number: int) -> Iterator[tuple[str, str]]:
    pick = Random(number)
    id_ = f"c-{number:05}"
    folder = f"team-{number % FOLDERS:02}"
    advertising = pick.random() < 0.7
    sms = pick.random() < 0.2
    filters = pick.random() < 0.2
    own_file = pick.random() < 0.25
    ko, en, ja = pick.choice(GOODS)
    call = pick.choice(CALLS if advertising else STEPS)
    percent = pick.randrange(5, 60)
    due = FIRST_DAY + timedelta(days=pick.randrange(400), minutes=30 * pick.randrange(18, 40))
    at = "20:45" if number % 500 == 499 else f"{due:%H:%M}"
    goods = (ko, en, ja)
    texts = _offer(goods, call, percent, filters) if advertising else _order(goods, call, filters)
    message = _message(number, goods, texts, sms=sms, filters=filters)
    use = ("marketing", "event") if advertising else ("service", "order")
    head = [
        "# yaml-language-server: $schema=../../schemas/campaign.schema.json",
        "kind: campaign",
        f"id: {id_}",
        f"title: {ko} {percent}% 알림 {number:05}",
        f"purpose: {pick.choice(('재구매 유도', '신규 가입', '휴면 고객 복귀', '장바구니 회수'))}",
        f"owner: {folder}@shop.example",
        "type: advertising" if advertising else "type: informational\nbasis: requested",
        *_people(pick),
        "channels:",
        f"  app: {{android: {{channel_id: {use[0]}}}, ios: {{interruption_level: active}}}}",
        *(["  web: {}"] if pick.random() < 0.5 else []),
        *(['  sms: {from: "15880000"}'] if sms else []),
        f'action: {{app: "bigshop://{use[1]}/{number}", web: "https://shop.example/{use[1]}/{number}"'
        + (f', sms: "https://shop.example/s/{number}"}}' if sms else "}"),
        f'schedule: {{at: "{due:%Y-%m-%d} {at}", timezone: Asia/Seoul, pace: 2000/s}}',
        f"kpi: [{{event: purchase, within: {pick.randrange(1, 8)}d, value: amount}}]",
    ]
    if own_file:
        head.append(f"message: {{template: {id_}}}")
        modeline = "# yaml-language-server: $schema=../../schemas/template.schema.json\n"
        text = f"{modeline}kind: template\nid: {id_}\n" + "".join(f"{line}\n" for line in message)
        yield f"templates/{folder}/{id_}.yaml", text
    else:
        head += ["message:", *(f"  {line}" for line in message)]
    yield f"campaigns/{folder}/{id_}.yaml", "".join(f"{line}\n" for line in head)


def _people(pick: Random) -> list[str]:
    if pick.random() < 0.6:
        return [f"audience: shared-{pick.randrange(AUDIENCES):02}"]
    return [
        "audience:",
        "  all:",
        "    - {attribute: country, eq: KR}",
        f"    - {{attribute: grade, in: [{pick.choice(('vip', 'vip, gold', 'gold, silver'))}]}}",
        f"    - {{event: view, within: {pick.randrange(3, 60)}d, count: {{gte: 2}}}}",
    ]


_PRICE = "{{ price|money('KRW') }}"
_Texts = tuple[tuple[str, str, str], tuple[str, str, str]]
"""The bodies in ko, en and ja, and their short forms for text messages."""


def _offer(
    goods: tuple[str, str, str], call: tuple[str, str, str], percent: int, filters: bool
) -> _Texts:
    """Return what an advertisement says."""
    ko, en, ja = goods
    short = (f"{ko} {percent}% 할인", f"{en} {percent}% off", f"{en} {percent}% off")
    if filters:
        return (
            f"{{{{ name|josa('이/가') }}}} 찾던 {ko}, {_PRICE}부터. {call[0]}.",
            f"{en} from {_PRICE}. {call[1]}.",
            f"{ja}が{_PRICE}から。{call[2]}。",
        ), short
    return (
        f"{{{{ name }}}}님이 기다리신 {ko}, {percent}% 할인. {call[0]}.",
        f"{en} are {percent}% off. {call[1]}.",
        f"{ja}が{percent}%オフ。{call[2]}。",
    ), short


def _order(goods: tuple[str, str, str], step: tuple[str, str, str], filters: bool) -> _Texts:
    """Return what a message about an order says: nothing that promotes."""
    ko, en, ja = goods
    short = (f"{ko} 배송이 시작되었습니다", f"{en} are on their way", f"{en} are on their way")
    if filters:
        return (
            f"{{{{ name|josa('이/가') }}}} 주문하신 {ko}, 결제 금액 {_PRICE}입니다. {step[0]}.",
            f"{en}: {_PRICE} paid. {step[1]}.",
            f"{ja}のお支払いは{_PRICE}です。{step[2]}。",
        ), short
    return (
        f"{{{{ name }}}}님이 주문하신 {ko}, 배송이 시작되었습니다. {step[0]}.",
        f"{en} are on their way. {step[1]}.",
        f"{ja}の配送を開始しました。{step[2]}。",
    ), short


def _message(
    number: int, goods: tuple[str, str, str], texts: _Texts, *, sms: bool, filters: bool
) -> list[str]:
    ko, en, ja = goods
    body, short = texts
    price = 1000 * (5 + number % 95)
    lines = ["variables:", "  name: {type: string, from: user.name, default: 고객, sample: 민지}"]
    if filters:
        lines.append(f"  price: {{type: integer, from: with.price, default: {price}}}")
    lines += [
        "locales:",
        f'  ko: {{title: "{{{{ name }}}}님, {ko} 소식 {number}호", body: "{body[0]}"}}',
        f'  en: {{title: "{{{{ name }}}}, {en} {number}", body: "{body[1]}"}}',
        f'  ja: {{title: "{{{{ name }}}}様、{ja} {number}", body: "{body[2]}"}}',
    ]
    if sms:
        lines += [
            "redefine:",
            "  sms:",
            f'    ko: {{body: "{short[0]} {{{{ link }}}}"}}',
            f'    en: {{body: "{short[1]} {{{{ link }}}}"}}',
            f'    ja: {{body: "{short[2]} {{{{ link }}}}"}}',
        ]
    return lines


def main() -> None:
    """Write the shop, or count it."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?", type=Path)
    options.add_argument("--campaigns", type=int, default=10_000)
    given = options.parse_args()
    if given.folder is not None:
        write(given.folder, given.campaigns)
    total, count, whole = 0, 0, hashlib.sha256()
    for path, text in files(given.campaigns):
        whole.update(f"{path}\0{text}\0".encode())
        if path.startswith(("campaigns/", "templates/")):
            total, count = total + len(text.encode()), count + 1
    each = total / given.campaigns
    print(f"{given.campaigns:,} campaigns in {count:,} files, {each:,.0f} bytes per campaign")
    print(f"sha256 of all files: {whole.hexdigest()}")


if __name__ == "__main__":
    main()
