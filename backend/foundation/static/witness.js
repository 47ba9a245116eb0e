// A witness's digits stay in this browser until they are said: only their SHA-256 is sent (docs/formats/ceremony.md).
'use strict';

const ADDED = 28;
const storeName = (form) => `ceremony/${form.dataset.run}/${form.dataset.witness}`;

// Digits without bias: bytes of 250 and more are drawn again.
function randomDigits(count) {
  let digits = '';
  while (digits.length < count) {
    for (const byte of crypto.getRandomValues(new Uint8Array(count))) {
      if (byte < 250 && digits.length < count) digits += String(byte % 10);
    }
  }
  return digits;
}

async function commitmentOf(root, witness, digits) {
  const text = ['sunroll-witness/v1', root, witness, digits].join('\0');
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function tell(form, words) {
  const fault = form.querySelector('[data-part=fault]');
  fault.textContent = words;
  fault.classList.remove('d-none');
}

for (const form of document.querySelectorAll('.witness-form')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const chosen = form.querySelector('select[name=witness]');
    if (chosen) form.dataset.witness = chosen.value;
    const own = form.querySelector('[data-part=digits]').value.replace(/\s/g, '');
    if (!/^[0-9]{12,}$/.test(own)) return tell(form, '请输入至少 12 位数字。');
    if (!globalThis.crypto || !crypto.subtle) return tell(form, '这个浏览器不能在网页里计算指纹，请用 https 地址打开，或换一部手机。');
    const kept = localStorage.getItem(storeName(form));
    const digits = kept && kept.startsWith(own) ? kept : own + randomDigits(ADDED);
    localStorage.setItem(storeName(form), digits);
    form.querySelector('[data-part=commitment]').value = await commitmentOf(form.dataset.root, form.dataset.witness, digits);
    form.submit();
  });
}

for (const form of document.querySelectorAll('.words-form')) {
  const chosen = form.querySelector('select[name=witness]');
  const fill = () => {
    if (chosen) form.dataset.witness = chosen.value;
    form.querySelector('[name=text]').value = localStorage.getItem(storeName(form)) || '';
  };
  fill();
  if (chosen) chosen.addEventListener('change', fill);
}

for (const note of document.querySelectorAll('.kept-digits')) {
  const digits = localStorage.getItem(storeName(note));
  if (digits) {
    note.querySelector('[data-part=kept]').textContent = digits.replace(/(.{4})/g, '$1 ').trim();
    note.classList.remove('d-none');
  }
}
