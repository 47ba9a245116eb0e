// The command room's figures renew themselves every few seconds; what an official is writing beside them stays.
"use strict";

const EVERY_MS = 10000;

function shown(isNew) {
  document.getElementById("stale").hidden = isNew;
}

async function renew() {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`answered ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const state = (one) => one.getElementById("session-state")?.dataset.state;
  if (state(page) !== state(document)) return location.reload();
  const [here, there] = [document, page].map((one) => one.getElementById("figures"));
  if (here && there) here.replaceWith(document.adoptNode(there));
}

setInterval(() => {
  if (document.hidden) return;
  renew().then(() => shown(true), () => shown(false));
}, EVERY_MS);
