// A family sees its child's class and signs with a finger; the login is the phone page's own.
'use strict';
(() => {
  const page = document.getElementById('sign-class');
  const EDGE = 1000;

  function token() {
    try {
      const kept = JSON.parse(localStorage.getItem('session') || 'null');
      return (kept && (kept.data || kept).token) || '';
    } catch {
      return '';
    }
  }

  async function call(method, path, body) {
    const headers = { Authorization: `Bearer ${token()}` };
    if (method !== 'GET') {
      headers['Content-Type'] = 'application/json';
      headers['Idempotency-Key'] = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
    }
    const answer = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
    const told = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(told.detail || told.title || '没有办成，请再试一次。'), { status: answer.status });
    return told;
  }

  function tell(id, text) {
    const box = document.getElementById(id);
    if (text) box.textContent = text;
    box.classList.remove('d-none');
  }

  function part(card, name) {
    return card.querySelector(`[data-part="${name}"]`);
  }

  function show(card, told) {
    part(card, 'receipt').textContent = told.receipt;
    part(card, 'class').textContent = told.class ? `${told.class} 班` : '还没有编班';
    part(card, 'teachers').textContent = told.teachers
      ? `班主任 ${told.teachers.head}；` + Object.entries(told.teachers.teaches).map(([subject, name]) => `${subject} ${name}`).join('，')
      : '';
    part(card, 'hash').textContent = told.output_sha256 || '发布后显示';
    part(card, 'twins').classList.toggle('d-none', !told.twins || told.plan);
    for (const button of card.querySelectorAll('[data-wish]')) {
      button.classList.toggle('btn-primary', button.dataset.wish === told.twins);
      button.setAttribute('aria-pressed', String(button.dataset.wish === told.twins));
    }
    part(card, 'field').classList.toggle('d-none', !told.class || Boolean(told.signed_at));
    part(card, 'signed').classList.toggle('d-none', !told.signed_at);
    part(card, 'signed').textContent = told.signed_at ? `您已签字确认，${told.signed_at.slice(0, 16).replace('T', ' ')}。` : '';
  }

  function field(card, id) {
    const canvas = card.querySelector('canvas');
    const pen = canvas.getContext('2d');
    let strokes = [];
    let drawing = false;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      const share = (value, least, length) => Math.max(0, Math.min(EDGE, Math.round(((value - least) * EDGE) / length)));
      return [share(event.clientX, box.left, box.width), share(event.clientY, box.top, box.height)];
    };
    const redraw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { lineWidth: 9, lineCap: 'round', lineJoin: 'round', strokeStyle: '#1c2430' });
      for (const stroke of strokes) {
        pen.beginPath();
        stroke.forEach(([x, y], at) => pen[at ? 'lineTo' : 'moveTo']((x * canvas.width) / EDGE, (y * canvas.height) / EDGE));
        pen.stroke();
      }
    };
    canvas.addEventListener('pointerdown', (event) => { drawing = true; canvas.setPointerCapture(event.pointerId); strokes.push([place(event)]); redraw(); });
    canvas.addEventListener('pointermove', (event) => { if (drawing) { strokes[strokes.length - 1].push(place(event)); redraw(); } });
    canvas.addEventListener('pointerup', () => { drawing = false; });
    part(card, 'again').addEventListener('click', () => { strokes = []; redraw(); });
    part(card, 'send').addEventListener('click', async () => {
      try {
        show(card, await call('POST', `/api/applications/${id}/class/signature`, { strokes }));
      } catch (fault) {
        tell('sign-fault', fault.message);
      }
    });
  }

  function wishes(card, id) {
    for (const button of card.querySelectorAll('[data-wish]')) {
      button.addEventListener('click', async () => {
        try {
          show(card, await call('PUT', `/api/applications/${id}/class/twins`, { wish: button.dataset.wish }));
        } catch (fault) {
          tell('sign-fault', fault.message);
        }
      });
    }
  }

  async function start() {
    if (!token()) return tell('sign-login');
    try {
      const mine = await call('GET', '/api/children');
      const children = document.getElementById('sign-children');
      for (const child of mine.items) {
        const id = child.application && child.application.id;
        if (!id) continue;
        const told = await call('GET', `/api/applications/${id}/class`);
        if (!told.school || told.school.code !== page.dataset.school) continue;
        const card = document.getElementById('sign-child').content.firstElementChild.cloneNode(true);
        children.append(card);
        show(card, told);
        field(card, id);
        wishes(card, id);
      }
      if (!children.children.length) tell('sign-fault', '您的孩子不在这所学校的名单里。');
    } catch (fault) {
      if (fault.status === 401) tell('sign-login');
      else tell('sign-fault', fault.message);
    }
  }

  start();
})();
