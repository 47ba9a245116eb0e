// The simulated chat: choose who you are, write, photograph, press the menu; what comes back is asked for every second.
"use strict";

const byId = (id) => document.getElementById(id);
let me = null; // {openid, name, note}
let city = { people: [], menu: [], samples: [], public_url: "" };
let last = 0;
let asking = false;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, action, className) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

async function call(path, options) {
  const answer = await fetch(path, options);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.error);
  return told;
}

const post = (path, value) => call(path, { method: "POST", body: JSON.stringify(value) });
const mine = (path) => `/chat/${me.openid}/${path}`;

// Links into the service's phone pages carry a fresh login code, as the mini-program hands one over.
async function open(url) {
  const target = new URL(url, location.href);
  if (city.public_url && url.startsWith(city.public_url)) {
    target.searchParams.set("wx_code", (await post(mine("login-code"), {})).code);
  }
  window.open(target.href, "_blank");
}

function link(url, text) {
  const made = element("a", "", text);
  made.href = url;
  made.addEventListener("click", (event) => {
    event.preventDefault();
    const said = new URL(url, location.href);
    if (said.protocol === "weixin:") say(said.searchParams.get("msgmenucontent") || text);
    else open(url);
  });
  return made;
}

// A text may hold <a href="…">…</a>, as WeChat allows, and bare addresses; everything else is shown as it is.
function fill(place, text) {
  const pattern = /<a href="((?:https?|weixin):\/\/[^"]+)"[^>]*>([^<]*)<\/a>|(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]+)/g;
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    place.append(text.slice(from, found.index), link(found[1] || found[3], found[2] || found[3]));
    from = found.index + found[0].length;
  }
  place.append(text.slice(from));
}

function card(line) {
  const made = element("article", "card");
  made.append(element("h2", "", line.title));
  for (const text of line.lines.filter(Boolean)) made.append(element("p", "", text));
  if (line.link) made.append(link(line.link, "查看详情 ›"));
  return made;
}

// What is mostly traditional Mongolian runs downwards; its typeface is the phone page's own, fetched with the first letter.
const MONGOLIAN = /[\u1820-\u1842]/g;
const HAN = /\p{Script=Han}/gu;
const count = (text, letters) => (text || "").match(letters)?.length ?? 0;
let typeface = null;

function drawMongolian() {
  typeface ??= new FontFace("Noto Sans Mongolian", `url(${city.public_url}/phone/fonts/noto-sans-mongolian.woff2)`)
    .load()
    .then((loaded) => document.fonts.add(loaded), () => (typeface = null));
  typeface?.then(toTheEnd);
}

function bubble(line) {
  if (line.kind === "card") return card(line);
  const made = element("div", `bubble ${line.from === "me" ? "mine" : line.from}`);
  const letters = count(line.text, MONGOLIAN);
  if (letters) drawMongolian();
  if (letters > count(line.text, HAN)) {
    made.classList.add("downwards");
    made.lang = "mn-Mong";
  }
  if (line.kind === "picture") {
    made.classList.add("picture");
    const picture = element("img");
    picture.src = `/media/${line.media_id}`;
    picture.alt = "照片";
    picture.addEventListener("load", toTheEnd);
    made.append(picture);
  } else {
    fill(made, line.text);
    for (const choice of line.choices || []) made.append(button(choice.content, () => say(choice.content), "choice"));
    if (line.tail) made.append(element("p", "note", line.tail));
  }
  return made;
}

const toTheEnd = () => byId("lines").scrollTo(0, byId("lines").scrollHeight);

async function listen() {
  if (!me || asking) return;
  asking = true;
  try {
    const told = await call(`${mine("messages")}?after=${last}`);
    for (const line of told.items.filter((each) => each.no > last)) {
      byId("lines").append(bubble(line));
      last = line.no;
    }
    if (told.items.length) toTheEnd();
  } finally {
    asking = false;
  }
}

async function say(text) {
  await post(mine("text"), { text });
  await listen();
}

async function press(key) {
  byId("sheet").hidden = true;
  await post(mine("click"), { key });
  await listen();
}

async function send(picture, sample) {
  byId("sheet").hidden = true;
  const path = sample ? `picture?sample=${sample}` : "picture";
  await call(mine(path), { method: "POST", body: picture || "" });
  await listen();
}

function showSheet(buttons, name) {
  const sheet = byId("sheet");
  if (!sheet.hidden && sheet.dataset.name === name) {
    sheet.hidden = true;
    return;
  }
  sheet.dataset.name = name;
  sheet.replaceChildren(...buttons);
  sheet.hidden = false;
}

function showPictures() {
  const buttons = city.samples.map((sample) => {
    const made = button(sample.title, () => send(null, sample.name));
    made.dataset.sample = sample.name;
    const picture = element("img");
    picture.src = mine(`samples/${sample.name}`);
    picture.alt = "";
    made.prepend(picture);
    return made;
  });
  buttons.push(button("从手机相册选", () => byId("file").click()));
  showSheet(buttons, "pictures");
}

function showMenu() {
  byId("menu").replaceChildren(
    ...city.menu.map((group) =>
      button(group.name, () => showSheet(group.buttons.map((each) => button(each.name, () => press(each.key))), group.name)),
    ),
  );
}

async function showPeople() {
  city = await call("/chat/people");
  const rows = city.people.map((person) => {
    const row = button("", () => enter(person), "row");
    row.append(element("span", "", person.phone), element("strong", "", person.name), element("p", "", person.note));
    return row;
  });
  byId("people").replaceChildren(...rows);
  showMenu();
}

function enter(person) {
  me = person;
  last = 0;
  location.hash = person.openid;
  byId("lines").replaceChildren();
  byId("who").textContent = `${person.name} ${person.note || ""}`;
  byId("people-screen").hidden = true;
  byId("chat-screen").hidden = false;
  byId("sheet").hidden = true;
  listen();
}

byId("leave").addEventListener("click", () => {
  me = null;
  location.hash = "";
  byId("people-screen").hidden = false;
  byId("chat-screen").hidden = true;
  showPeople();
});
byId("create").addEventListener("submit", async (event) => {
  event.preventDefault();
  const name = byId("name").value.trim();
  if (name) enter(await post("/chat/people", { name }));
});
byId("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  byId("text").value = "";
  if (text) say(text);
});
byId("photo").addEventListener("click", showPictures);
byId("file").addEventListener("change", () => {
  const [file] = byId("file").files;
  if (file) send(file);
  byId("file").value = "";
});
showPeople().then(() => {
  const person = city.people.find((each) => each.openid === location.hash.slice(1));
  if (person) enter(person);
});
setInterval(() => listen().catch(() => {}), 1000);
