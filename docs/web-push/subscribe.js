// Asks a visitor for notifications and hands the subscription to your backend. An ES module:
//   import { state, subscribe, unsubscribe } from "/subscribe.js";
//   button.addEventListener("click", () => subscribe({ publicKey: "BN…", saveTo: "/push/subscription" }));
//
// It never asks by itself: browsers hide the question of sites that ask without a click, and keep
// refusing them afterwards.

const WORKER = "/pushform-sw.js";

/** "unsupported" | "denied" | "subscribed" | "off": what a page needs to draw its switch. */
export async function state() {
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  // On iPhone and iPad the three exist only after the site was added to the home screen.
  if (!able || !window.isSecureContext) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return (await current()) ? "subscribed" : "off";
}

/**
 * Subscribe this browser and save it: POST `saveTo` with platform, endpoint, p256dh, auth, locale and
 * timezone, the columns of `devices`. Returns the new state. Throws outside of a click, and if the
 * subscription was made but could not be saved (then it is undone).
 */
export async function subscribe({ publicKey, saveTo, worker = WORKER }) {
  if (navigator.userActivation && !navigator.userActivation.isActive) {
    throw new Error("subscribe() must be called from a click");
  }
  const before = await state();
  if (before === "unsupported" || before === "denied") return before;
  if ((await Notification.requestPermission()) !== "granted") return state();
  await navigator.serviceWorker.register(worker);
  const { pushManager } = await navigator.serviceWorker.ready;
  const key = decode(publicKey);
  let subscription = await pushManager.getSubscription();
  if (subscription && !same(subscription.options.applicationServerKey, key)) {
    // Made with another key: messages signed with ours would be refused for ever.
    await subscription.unsubscribe();
    subscription = null;
  }
  const fresh = !subscription;
  subscription ||= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  const device = {
    platform: "web",
    endpoint,
    p256dh: keys.p256dh,
    auth: keys.auth,
    locale: navigator.language,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  try {
    await send("POST", saveTo, device);
  } catch (error) {
    if (fresh) await subscription.unsubscribe();
    throw error;
  }
  return "subscribed";
}

/** Unsubscribe this browser and tell the backend: DELETE `saveTo` with the endpoint. */
export async function unsubscribe({ saveTo }) {
  const subscription = await current();
  if (subscription) {
    await subscription.unsubscribe();
    await send("DELETE", saveTo, { endpoint: subscription.endpoint });
  }
  return state();
}

async function current() {
  const registration = await navigator.serviceWorker.getRegistration();
  return registration ? registration.pushManager.getSubscription() : null;
}

async function send(method, url, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
}

function decode(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")), (c) => c.charCodeAt(0));
}

function same(buffer, bytes) {
  if (!buffer) return false;
  const other = new Uint8Array(buffer);
  return other.length === bytes.length && other.every((byte, index) => byte === bytes[index]);
}
