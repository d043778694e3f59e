"""Our service worker in Chromium: what the provider encrypts is what a person sees and opens."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from engine.channels.webpush_body import plaintext
from engine.model.channel import Channel
from engine.model.channel_settings import WebSettings
from engine.model.message import MessageButton
from tests.channels.making import a_message, an_envelope
from tests.web_push.conftest import Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(n => ({
  title: n.title, body: n.body, icon: n.icon, badge: n.badge, image: n.image, lang: n.lang,
  dir: n.dir, tag: n.tag, actions: n.actions.map(a => [a.action, a.title]), data: n.data }))"""

# A script may not make a trusted event, so what the browser would do after a click is written down.
CLICK = """async (action) => {
  const opened = [];
  Object.defineProperty(self.clients, "openWindow", {value: url => { opened.push(url); },
    configurable: true});
  WindowClient.prototype.focus = async function () { opened.push("focus " + this.url); };
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", {notification, action});
  let work;
  Object.defineProperty(event, "waitUntil", {value: promise => { work = promise; }});
  self.dispatchEvent(event);
  await work;
  return [opened, (await self.registration.getNotifications()).length];
}"""


@dataclass(slots=True)
class Visitor:
    """A page whose service worker is active."""

    page: Any
    devtools: Any
    registration: str
    shop: Shop

    def push(self, data: str) -> list[dict[str, Any]]:
        """Deliver `data` as a push service would after decryption; return what is shown then."""
        before = self.shown()
        for _ in range(3):
            # A browser that is only just up may drop a message that devtools delivers.
            self.devtools.send(
                "ServiceWorker.deliverPushMessage",
                {"origin": self.shop.url, "registrationId": self.registration, "data": data},
            )
            for _ in range(60):
                if (now := self.shown()) != before:
                    return now
                time.sleep(0.05)
        raise AssertionError("nothing was shown")

    def shown(self) -> list[dict[str, Any]]:
        return list(self.page.evaluate(SHOWN))

    def click(self, action: str = "") -> tuple[list[str], int]:
        (worker,) = self.page.context.service_workers
        opened, left = worker.evaluate(CLICK, action)
        return opened, left


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Any, web_shop: Shop) -> Iterator[Visit]:
    contexts: list[Any] = []

    def go(query: str = "?opened=/push/opened&subscription=/push/subscription") -> Visitor:
        context = chromium.new_context(locale="ko-KR", timezone_id="Asia/Seoul")
        contexts.append(context)
        context.grant_permissions(["notifications"], origin=web_shop.url)
        page = context.new_page()
        page.goto(web_shop.url)
        devtools = context.new_cdp_session(page)
        found: list[str] = []
        active: set[str] = set()
        devtools.on(
            "ServiceWorker.workerVersionUpdated",
            lambda event: active.update(
                each["registrationId"]
                for each in event["versions"]
                if each["status"] == "activated"
            ),
        )
        devtools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda event: found.extend(
                each["registrationId"]
                for each in event["registrations"]
                if each["scopeURL"].startswith(web_shop.url)
            ),
        )
        devtools.send("ServiceWorker.enable")
        page.evaluate(
            "async url => { await navigator.serviceWorker.register(url);"
            " await navigator.serviceWorker.ready; }",
            f"/pushform-sw.js{query}",
        )
        for _ in range(100):
            if found and found[-1] in active:
                break
            page.wait_for_timeout(50)
        return Visitor(page, devtools, found[-1], web_shop)

    yield go
    for context in contexts:
        context.close()


def payload(**changes: Any) -> str:
    settings = WebSettings(badge="https://shop.example/badge.png", tag="추석")
    message = a_message(
        Channel.WEB,
        icon="https://shop.example/icon.png",
        buttons=(
            MessageButton(name="보러 가기", link="https://shop.example/sale?b=1"),
            MessageButton(name="나중에"),
            MessageButton(name="셋째"),
        ),
        data={"campaign": "chuseok-sale", "variant": "a", "message_id": "m-1"},
        **changes,
    )
    return plaintext(an_envelope(Channel.WEB, settings=settings, message=message)).decode()


def test_everything_that_was_sent_is_shown(visit: Visit) -> None:
    (notification,) = visit().push(payload())
    assert notification == {
        "title": "(광고) 민지님, 추석 특가",
        "body": "송편을 30% 할인 ※수신거부: 앱 > 설정 > 알림",
        "icon": "https://shop.example/icon.png",
        "badge": "https://shop.example/badge.png",
        "image": "https://shop.example/%EC%86%A1%ED%8E%B8.png",
        "lang": "ko",
        "dir": "auto",
        "tag": "추석",
        "actions": [["button-1", "보러 가기"], ["button-2", "나중에"]],
        "data": {
            "campaign": "chuseok-sale",
            "variant": "a",
            "message_id": "m-1",
            "link": "https://shop.example/sale/chuseok",
            "links": {"button-1": "https://shop.example/sale?b=1"},
        },
    }


def test_a_second_copy_takes_the_place_of_the_first(visit: Visit) -> None:
    visitor = visit()
    visitor.push(payload(title="첫째"))
    assert [each["title"] for each in visitor.push(payload(title="둘째"))] == ["둘째"]


def test_a_click_opens_the_link_and_is_reported(visit: Visit) -> None:
    visitor = visit()
    links = {
        "": "https://shop.example/sale/chuseok",
        "button-1": "https://shop.example/sale?b=1",
        "button-2": "https://shop.example/sale/chuseok",
    }
    for action, link in links.items():
        visitor.push(payload())
        assert visitor.click(action) == ([link], 0)
        method, path, told = visitor.shop.told.pop()
        assert (method, path) == ("POST", "/push/opened")
        assert told.pop("opened_at").endswith("Z")
        assert told == {
            "message_id": "m-1",
            "campaign": "chuseok-sale",
            "variant": "a",
            "action": action or None,
        }
    assert visitor.shop.told == []


def test_a_page_that_is_open_is_brought_to_the_front(visit: Visit) -> None:
    visitor = visit()
    visitor.push(payload(link=f"{visitor.shop.url}/"))
    assert visitor.click() == ([f"focus {visitor.shop.url}/"], 0)


def test_a_link_that_is_no_web_page_opens_the_shop(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.shop.url}/elsewhere")
    for link in ("javascript:alert(1)", "data:text/html,x", "//[", None):
        visitor.push(payload(link=link))
        assert visitor.click() == ([f"{visitor.shop.url}/"], 0)


def test_it_works_without_any_setting(visit: Visit) -> None:
    visitor = visit("")
    visitor.push(payload())
    assert visitor.click() == (["https://shop.example/sale/chuseok"], 0)
    assert visitor.shop.told == []


def test_whatever_comes_something_is_shown(visit: Visit) -> None:
    visitor = visit()
    for data, title, body in (
        ("그냥 글", "127.0.0.1", "그냥 글"),
        ("[]", "127.0.0.1", ""),
        ('{"title": 7, "body": {"a": 1}, "actions": "x"}', "127.0.0.1", ""),
        ('{"title": "<b>굵게</b>"}', "<b>굵게</b>", ""),
    ):
        (notification,) = visitor.push(data)
        assert (notification["title"], notification["body"]) == (title, body)
        visitor.click()


def test_a_subscription_that_the_browser_replaced_reaches_the_backend(visit: Visit) -> None:
    visitor = visit()
    (worker,) = visitor.page.context.service_workers
    worker.evaluate(
        """async () => {
          const event = new ExtendableEvent("pushsubscriptionchange");
          const keys = {p256dh: "BA", auth: "AA"};
          event.oldSubscription = {endpoint: "https://push.example.com/old"};
          event.newSubscription = {toJSON: () => ({endpoint: "https://push.example.com/new", keys})};
          let work;
          Object.defineProperty(event, "waitUntil", {value: promise => { work = promise; }});
          self.dispatchEvent(event);
          await work;
        }"""
    )
    assert visitor.shop.told == [
        (
            "POST",
            "/push/subscription",
            {
                "platform": "web",
                "endpoint": "https://push.example.com/new",
                "p256dh": "BA",
                "auth": "AA",
                "replaces": "https://push.example.com/old",
                "locale": "ko-KR",
                "timezone": "Asia/Seoul",
            },
        )
    ]


# What the push service would do: headless Chromium has none (AbortError), so it is played here.
PLAY = """(made) => {
  const bytes = new Uint8Array(65).fill(4);
  window.asked = [];
  let held = made ? {options: {applicationServerKey: new Uint8Array(65).fill(made).buffer}} : null;
  const dress = subscription => Object.assign(subscription, {
    endpoint: "https://push.example.com/new",
    toJSON: () => ({endpoint: "https://push.example.com/new", keys: {p256dh: "BA", auth: "AA"}}),
    unsubscribe: async () => { window.asked.push("unsubscribe"); held = null; return true; }});
  if (held) dress(held);
  PushManager.prototype.getSubscription = async () => held;
  PushManager.prototype.subscribe = async options => {
    window.asked.push(["subscribe", options.userVisibleOnly, options.applicationServerKey.length]);
    held = dress({options: {applicationServerKey: options.applicationServerKey.buffer}});
    return held;
  };
}"""
KEY = "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ"
SUBSCRIBE = (
    f"() => push.subscribe({{publicKey: '{KEY}', saveTo: '/push/subscription'}})"
    ".catch(error => error.message)"
)


def by_click(page: Any, script: str) -> Any:
    """Run `script` as the handler of a real click."""
    page.evaluate(
        f"""() => {{ const button = document.createElement("button"); button.id = "ask";
        button.textContent = "알림 받기"; document.body.append(button);
        button.onclick = () => {{ window.answer = ({script})(); }}; }}"""
    )
    page.click("#ask")
    answer = page.evaluate("() => window.answer")
    page.evaluate("() => document.getElementById('ask').remove()")
    return answer


def test_nobody_is_asked_without_a_click(visit: Visit) -> None:
    visitor = visit()
    visitor.page.reload()
    # Playwright's own `evaluate` counts as a gesture of the user; this does not.
    script = f"new Promise(go => setTimeout(go, 300)).then({SUBSCRIBE})"
    options = {"expression": script, "awaitPromise": True, "userGesture": False}
    answer = visitor.devtools.send("Runtime.evaluate", options)
    assert answer["result"]["value"] == "subscribe() must be called from a click"
    assert visitor.shop.told == []


@pytest.mark.parametrize(
    ("made", "asked"),
    [(0, [["subscribe", True, 65]]), (4, []), (9, ["unsubscribe", ["subscribe", True, 65]])],
    ids=["first time", "again", "with another key"],
)
def test_a_click_subscribes_and_hands_the_columns_of_devices_over(
    visit: Visit, made: int, asked: list[Any]
) -> None:
    visitor = visit()
    visitor.page.wait_for_function("window.ready")
    visitor.page.evaluate(PLAY, made)
    assert by_click(visitor.page, SUBSCRIBE) == "subscribed"
    assert visitor.page.evaluate("asked") == asked
    device = {
        "platform": "web",
        "endpoint": "https://push.example.com/new",
        "p256dh": "BA",
        "auth": "AA",
        "locale": "ko-KR",
        "timezone": "Asia/Seoul",
    }
    assert visitor.shop.told == [("POST", "/push/subscription", device)]
    assert visitor.page.evaluate("() => push.state()") == "subscribed"


def test_a_subscription_that_nobody_saved_is_undone(visit: Visit) -> None:
    visitor = visit()
    visitor.page.wait_for_function("window.ready")
    visitor.page.evaluate(PLAY, 0)
    visitor.shop.status = 500
    assert by_click(visitor.page, SUBSCRIBE) == "POST /push/subscription answered 500"
    assert visitor.page.evaluate("asked")[-1] == "unsubscribe"
    assert visitor.page.evaluate("() => push.state()") == "off"


def test_unsubscribing_tells_the_backend(visit: Visit) -> None:
    visitor = visit()
    visitor.page.wait_for_function("window.ready")
    visitor.page.evaluate(PLAY, 4)
    said = visitor.page.evaluate("() => push.unsubscribe({saveTo: '/push/subscription'})")
    assert said == "off"
    assert visitor.shop.told == [
        ("DELETE", "/push/subscription", {"endpoint": "https://push.example.com/new"})
    ]


def test_the_payload_that_is_shown_is_the_one_that_is_encrypted() -> None:
    assert json.loads(payload())["actions"] == [
        {"action": "button-1", "title": "보러 가기", "link": "https://shop.example/sale?b=1"},
        {"action": "button-2", "title": "나중에"},
    ]
