// The review desk by keyboard. Everything here can be done by mouse and without this file too.
"use strict";

const typing = (target) => ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
const keys = {};

function walk(all, step) {
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  const next = all[(at + step + all.length) % all.length];
  next.focus();
  next.scrollIntoView({ block: "center" });
}

function onQueue(queue) {
  const buttons = () => [...queue.querySelectorAll("tbody button")];
  keys.j = () => walk(buttons(), 1);
  keys.k = () => walk(buttons(), -1);
  keys.n = () => (queue.querySelector("tr[data-mine] button") || buttons()[0])?.click();
}

function onCase(page) {
  const differing = [...page.querySelectorAll("tr.differs")];
  differing.forEach((row) => row.setAttribute("tabindex", "-1"));
  const pictures = [...page.querySelectorAll("#pictures figure")];
  const decide = (name) => () => {
    const reason = document.getElementById("reason");
    const select = document.getElementById("reason_code");
    const chosen = select.selectedOptions[0];
    if (!chosen.dataset.fits.split(" ").includes(name)) {
      chooseFitting(select, name);
      return;
    }
    if (!reason.value.trim()) {
      reason.focus();
      return;
    }
    document.querySelector(`#decision button[value="${name}"]`).click();
  };
  const chooseFitting = (select, name) => {
    const fits = [...select.options].find((option) => option.dataset.fits.split(" ").includes(name));
    if (fits) select.value = fits.value;
    select.focus();
  };
  keys.j = () => walk(differing, 1);
  keys.k = () => walk(differing, -1);
  keys.p = () => walk(pictures, 1);
  keys.z = () => {
    const figure = pictures.includes(document.activeElement) ? document.activeElement : pictures[0];
    if (!figure) return;
    const picture = figure.querySelector("img");
    picture.style.maxWidth = picture.style.maxWidth === "100%" ? "22rem" : "100%";
    figure.scrollIntoView({ block: "start" });
  };
  keys.q = () => page.ownerDocument.querySelector('a[href$="/desk/cases"]').click();
  if (!document.getElementById("decision")) return;
  keys.e = () => document.getElementById("reason").focus();
  keys.a = decide("accept");
  keys.r = decide("return");
  keys.x = decide("reject");
  for (let number = 1; number <= 9; number += 1) {
    keys[String(number)] = () => {
      const select = document.getElementById("reason_code");
      if (select.options[number - 1]) select.selectedIndex = number - 1;
    };
  }
}

const queue = document.getElementById("queue");
const page = document.getElementById("case");
if (queue) onQueue(queue);
if (page) onCase(page);
document.getElementById("keys")?.removeAttribute("hidden");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) {
    event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = keys[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
