// The service worker of pushform's web push: shows what `provider: webpush` sends, opens its link,
// tells your backend what was opened, and renews a subscription that the browser replaced.
//
// Register it with where to report, or with nothing at all:
//   navigator.serviceWorker.register("/pushform-sw.js?opened=/push/opened&subscription=/push/subscription")
// A site with a service worker of its own sets `self.PUSHFORM = {opened: …, subscription: …}` in it
// and then calls `importScripts("/pushform-sw.js")`.
"use strict";

(() => {
  const query = new URL(self.location.href).searchParams;
  const given = self.PUSHFORM || { opened: query.get("opened"), subscription: query.get("subscription") };
  const SHOWN = ["body", "icon", "badge", "image", "lang", "dir", "tag"];

  // A link of a message is followed only if it is a web page: `javascript:` and the like are not.
  function webPage(link) {
    if (typeof link !== "string") return null;
    try {
      const url = new URL(link, self.location.origin);
      return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
    } catch {
      return null;
    }
  }

  function read(data) {
    if (!data) return {};
    try {
      const message = data.json();
      return message && typeof message === "object" && !Array.isArray(message) ? message : {};
    } catch {
      return { body: data.text() };
    }
  }

  function show(message) {
    const options = { data: { ...message.data, links: {} } };
    for (const name of SHOWN) {
      if (typeof message[name] === "string" && message[name] !== "") options[name] = message[name];
    }
    const buttons = Array.isArray(message.actions) ? message.actions : [];
    options.actions = [];
    for (const { action, title, link } of buttons.slice(0, Notification.maxActions || 0)) {
      options.actions.push({ action, title });
      if (typeof link === "string") options.data.links[action] = link;
    }
    // The browser wants a title, and something shown for every push: else it says so in its own words.
    const title = typeof message.title === "string" ? message.title : "";
    return self.registration.showNotification(title || self.location.hostname, options);
  }

  function post(where, body) {
    const url = webPage(where);
    if (!url) return Promise.resolve();
    const headers = { "Content-Type": "application/json" };
    const request = { method: "POST", keepalive: true, headers, body: JSON.stringify(body) };
    // Nobody waits for this answer: a report that is lost is an open that is not counted.
    return fetch(url, request).catch(() => undefined);
  }

  async function open(link) {
    const url = webPage(link) || self.registration.scope;
    const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const there = windows.find((each) => each.url === url);
    return there ? there.focus() : self.clients.openWindow(url);
  }

  self.addEventListener("push", (event) => {
    event.waitUntil(show(read(event.data)));
  });

  self.addEventListener("notificationclick", (event) => {
    const { message_id, campaign, variant, link, links } = event.notification.data || {};
    const action = event.action || null;
    event.notification.close();
    const report = { message_id, campaign, variant, action, opened_at: new Date().toISOString() };
    event.waitUntil(
      Promise.all([open((action && links && links[action]) || link), post(given.opened, report)]),
    );
  });

  self.addEventListener("pushsubscriptionchange", (event) => {
    const renew = async () => {
      const old = event.oldSubscription;
      const made =
        event.newSubscription ||
        (old && (await self.registration.pushManager.subscribe(old.options)));
      if (!made) return;
      const { endpoint, keys } = made.toJSON();
      await post(given.subscription, {
        platform: "web",
        endpoint,
        p256dh: keys.p256dh,
        auth: keys.auth,
        replaces: old ? old.endpoint : null,
        locale: self.navigator.language,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      });
    };
    event.waitUntil(renew());
  });
})();
