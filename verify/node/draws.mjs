// Draws, recomputed: tickets and their order, seats by that order, the circle method.

import { createHmac } from 'node:crypto';
import { Lie, compareBytes, demandEqual, sha256, tally } from './folder.mjs';

/** The ticket of an id or bundle label, in hex. */
export const ticketOf = (seed, draw, name) =>
  createHmac('sha256', sha256(seed)).update(`sunroll-ticket/v1\0${draw}\0${name}`).digest('hex');

/** The order of the roster, and who gets a seat where seats are dealt. */
export function recomputeDraw({ roster, seed, draw, seats, last_bundle: lastBundle, way = 'tickets' }) {
  const markOf = marks(new Set(roster.map(({ no, bundle }) => bundle ?? no)), seed, draw, way);
  const bundles = new Map();
  for (const { no, bundle } of roster) {
    const name = bundle ?? no;
    if (!bundles.has(name)) bundles.set(name, { name, ticket: markOf.get(name), members: [] });
    bundles.get(name).members.push(no);
  }
  const numbers = new Set(roster.map((one) => one.no));
  const doubled = roster.find(({ bundle }) => bundle !== null && numbers.has(bundle));
  if (doubled) throw new Error(`the bundle label ${doubled.bundle} is also a number`);
  const units = [...bundles.values()].sort(
    (one, other) => compareBytes(one.ticket, other.ticket) || compareBytes(one.name, other.name),
  );
  const heads = units.flatMap(({ ticket, members }) => members.sort(compareBytes).map((no) => ({ no, ticket })));
  const order = heads.map(({ no, ticket }, place) => ({ position: place + 1, no, ticket }));
  if (seats === null) return { order, results: null };
  const words = seatWords(units.map((unit) => unit.members.length), seats, lastBundle);
  return { order, results: order.map(({ no, position }, place) => ({ no, position, result: words[place] })) };
}

/** What each name is ordered by: its ticket, the ticket of its code, or its turn and number in the circle. */
function marks(names, seed, draw, way) {
  if (way === 'tickets') return new Map([...names].map((name) => [name, ticketOf(seed, draw, name)]));
  const numbered = [...names].sort(compareBytes);
  if (way === 'two-shuffles') {
    const firsts = new Map(numbered.map((name) => [name, ticketOf(seed, `${draw}/first`, name)]));
    const coded = [...numbered].sort((one, other) => compareBytes(firsts.get(one), firsts.get(other)));
    return new Map(coded.map((name, place) => [name, ticketOf(seed, `${draw}/second`, String(place + 1))]));
  }
  if (way !== 'circle' && way !== 'circle-keep-drawn') throw new Error(`there is no way of drawing ${way}`);
  const people = numbered.length;
  if (!people) return new Map();
  const [start, step] = ['start', 'step'].map(
    (part) => Number(BigInt(`0x${ticketOf(seed, `${draw}/${part}`, '')}`) % BigInt(people)) + 1,
  );
  const { drawn } = recomputeCircle({ people, start, step, winners: people, keep_drawn: way === 'circle-keep-drawn' });
  const hex = (number) => number.toString(16).padStart(8, '0');
  return new Map(drawn.map((number, place) => [numbered[number - 1], hex(place + 1) + hex(number)]));
}

/** Which teachers' team draws which class: teams in the order of their tickets take the classes in order. */
export function recomputeTeamDraw({ teams, seed }) {
  if (new Set(teams).size < teams.length) throw new Error('a team stands twice');
  const drawn = teams.map((team) => ({ team, ticket: ticketOf(seed, 'classes/teams', team) }));
  drawn.sort((one, other) => compareBytes(one.ticket, other.ticket) || compareBytes(one.team, other.team));
  return { drawn: drawn.map(({ team, ticket }, place) => ({ position: place + 1, team, ticket, class: place + 1 })) };
}

/** The result of each head; `sizes` are the sizes of singles and bundles in the drawn order. */
export function seatWords(sizes, seats, lastBundle) {
  const words = [];
  let left = typeof seats === 'bigint' ? Number.MAX_SAFE_INTEGER : seats;
  let isOver = false;
  for (const size of sizes) {
    isOver ||= left <= 0;
    if (isOver || (size > left && lastBundle === 'skip')) {
      words.push(...Array(size).fill('waiting'));
    } else if (size <= left || lastBundle === 'add') {
      words.push(...Array(size).fill('admitted'));
      left -= size;
    } else {
      words.push(...Array(left).fill('admitted'), ...Array(size - left).fill('offered'));
      isOver = true;
    }
  }
  return words;
}

const countsOf = (rows) => {
  const found = tally(rows.map((row) => row.result));
  const counted = Object.fromEntries(['admitted', 'waiting', 'offered'].map((word) => [word, found[word] ?? 0]));
  return { people: rows.length, ...counted };
};

/** What everybody may see of a draw: tickets instead of numbers. */
export function summariseDraw(_given, output) {
  const rows = output.order.map(({ position, ticket }, place) => ({
    position, ticket, result: output.results === null ? null : output.results[place].result,
  }));
  return { rows, counts: countsOf(rows) };
}

/** Whether the public rows of a draw are in order and the seats are dealt by the rule. */
export function checkDrawSummary(rule, { rows, counts }, people, where) {
  demandEqual(rows.map((row) => row.position), Array.from({ length: people }, (_, place) => place + 1), where, 'the positions');
  const sizes = [];
  rows.forEach(({ ticket }, place) => {
    const before = place ? rows[place - 1].ticket : '';
    if (compareBytes(before, ticket) > 0) throw new Lie(where, 'the rows are not in the order of the tickets');
    if (place && before === ticket) sizes[sizes.length - 1] += 1;
    else sizes.push(1);
  });
  if (rule.seats !== null && typeof rule.seats !== 'bigint' && !Number.isInteger(rule.seats)) throw new Lie(where, 'the seats of the rule are no number');
  const words = rule.seats === null ? rows.map(() => null) : seatWords(sizes, rule.seats, rule.last_bundle);
  demandEqual(rows.map((row) => row.result), words, where, 'the seats by the order of the tickets');
  demandEqual(counts, countsOf(rows), where, 'the counts');
}

/** The numbers drawn by counting on from the start number. */
export function recomputeCircle({ people, start, step, winners, keep_drawn: keepDrawn }) {
  if (!(start >= 1 && start <= people && step >= 1 && winners >= 0 && winners <= people)) {
    throw new Error('start, step or winners lie outside the circle');
  }
  const circle = Array.from({ length: people }, (_, place) => place + 1);
  const isDrawn = new Set();
  const stride = Number(BigInt(step) % BigInt(people));
  let place = start - 1;
  while (isDrawn.size < winners) {
    if (keepDrawn) {
      while (isDrawn.has(place + 1)) place = (place + 1) % people;
      isDrawn.add(place + 1);
      place = (place + stride) % people;
    } else {
      isDrawn.add(circle.splice(place, 1)[0]);
      if (circle.length) place = (place + Number((BigInt(step) - 1n) % BigInt(circle.length))) % circle.length;
    }
  }
  return { drawn: [...isDrawn] };
}
