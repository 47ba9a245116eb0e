// Everything the account sent, the latest first, asked for again every two seconds.
"use strict";

const channels = { passive: "即时回复", custom: "客服消息", template: "模板消息", subscribe: "订阅消息" };
let seen = -1;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function row(line) {
  const made = element("a", "row", "");
  made.href = `/chat#${line.openid}`;
  const at = new Date(line.at * 1000).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
  const text = line.kind === "card" ? [line.title, ...line.lines].join(" ") : line.text || "〔图片〕";
  made.append(element("span", "", `${channels[line.channel] || ""} ${at}`), element("strong", "", line.name));
  made.append(element("p", "", text));
  return made;
}

async function show() {
  const told = await (await fetch("/inbox" + location.search, { headers: { Accept: "application/json" } })).json();
  if (told.items.length && told.items[0].no === seen) return;
  seen = told.items.length ? told.items[0].no : 0;
  const rows = told.items.map(row);
  document.getElementById("inbox").replaceChildren(...(rows.length ? rows : [element("p", "note", "还没有消息。")]));
}

show();
setInterval(() => show().catch(() => {}), 2000);
