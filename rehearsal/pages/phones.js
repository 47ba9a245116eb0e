// The pages of the simulated SMS phones: they ask the gateway again every two seconds and show what is new.
"use strict";

const byId = (id) => document.getElementById(id);

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function withLinks(text) {
  const bubble = element("div", "bubble");
  for (const part of text.split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+)/)) {
    if (/^https?:/.test(part)) {
      const link = element("a", "", part);
      link.href = part;
      bubble.append(link);
    } else {
      bubble.append(part);
    }
  }
  return bubble;
}

const localTime = (at) => new Date(at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });

async function ask(path) {
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  return answer.json();
}

let seen = "";

async function showPhones() {
  const told = await ask(`/phones?q=${encodeURIComponent(byId("q").value.trim())}`);
  if (JSON.stringify(told) === seen) return;
  seen = JSON.stringify(told);
  const rows = told.items.map((phone) => {
    const row = element("a", "row");
    row.href = `/phones/${phone.phone}`;
    row.append(element("span", "", localTime(phone.last_at * 1000)), element("strong", "", phone.phone));
    row.append(element("p", "", phone.last_text));
    return row;
  });
  if (!rows.length) rows.push(element("p", "note", "还没有短信。"));
  byId("list").replaceChildren(...rows);
}

async function showMessages() {
  const told = await ask(location.pathname);
  const arrived = told.items.filter((message) => message.state === "delivered");
  const all = [...arrived, ...told.written].sort((one, other) => one.at.localeCompare(other.at));
  byId("phone").textContent = told.phone;
  if (String(all.length) === seen) return;
  seen = String(all.length);
  const shown = all.flatMap((message) => [
    element("p", "when", localTime(message.at)),
    message.sign ? withLinks(`【${message.sign}】${message.text}`) : element("div", "bubble mine", message.text),
  ]);
  if (!shown.length) shown.push(element("p", "note", "这部手机还没有收到短信。"));
  byId("messages").replaceChildren(...shown);
  byId("messages").scrollTop = byId("messages").scrollHeight;
}

async function write(event) {
  event.preventDefault();
  const text = byId("text").value.trim();
  if (!text) return;
  const body = JSON.stringify({ text, id: crypto.randomUUID() });
  const answer = await fetch(location.pathname, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  if (answer.ok) byId("write").reset();
  await showMessages();
}

if (byId("write")) byId("write").addEventListener("submit", write);
const show = byId("list") ? showPhones : showMessages;
if (byId("q")) byId("q").addEventListener("input", showPhones);
show();
setInterval(() => show().catch(() => {}), 2000);
