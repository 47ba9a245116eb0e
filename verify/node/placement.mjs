// Placement, recomputed: by ranked choices one applicant after the other, by zones list after list.

import { Lie, byId, canonical, compareBytes, demandEqual, sha256Hex, sum, tally } from './folder.mjs';
import { ticketOf } from './draws.mjs';

export const recomputePlacement = (given) =>
  given.mechanism === 'choice' ? recomputeChoice(given) : recomputeZone(given);

const digest = (content) => sha256Hex(canonical({ files: { input: content }, options: {} }));

function recomputeChoice({ mechanism, seed, draw, tie_break, schools, applicants }) {
  const content = {
    mechanism, seed, draw, tie_break,
    schools: [...schools].sort(byId),
    applicants: applicants
      .map(({ bundle = null, ...one }) => ({ priority: {}, ...one, ...(bundle === null ? {} : { bundle }) }))
      .sort(byId),
  };
  const people = new Map(content.applicants.map((one) => [
    one.id, { ...one, ticket: ticketOf(seed, draw, one.bundle ?? one.id), left: one.choices },
  ]));
  let held = hold(content, people);
  let schoolOf = whoIsWhere(held);
  for (let parted = partedBundles(people, schoolOf); parted.length; parted = partedBundles(people, schoolOf)) {
    for (const { members, passing } of parted) {
      for (const one of members) one.left = one.left.filter((school) => school !== passing);
    }
    held = hold(content, people);
    schoolOf = whoIsWhere(held);
  }
  return {
    placements: content.applicants.map(({ id, choices }) => {
      const school = schoolOf.get(id) ?? null;
      return { id, school, choice: school === null ? null : choices.indexOf(school) + 1 };
    }),
    schools: content.schools.map(({ id, seats }) => {
      const { inside } = held.get(id);
      const last = inside.at(-1);
      const isFull = seats > 0 && inside.length === seats;
      return { id, seats, taken: inside.length, cutoff: isFull ? { priority: last.priority, ticket: last.ticket } : null };
    }),
    input_sha256: digest(content),
  };
}

const whoIsWhere = (held) => new Map([...held].flatMap(([name, { inside }]) => inside.map((one) => [one.id, name])));

/** The bundles that are not at one school, each with the best school that keeps some of it: it passes over them. */
function partedBundles(people, schoolOf) {
  const bundles = new Map();
  for (const one of people.values()) {
    if (one.bundle !== undefined) bundles.set(one.bundle, [...(bundles.get(one.bundle) ?? []), one]);
  }
  return [...bundles.values()]
    .map((members) => ({ members, keeping: new Set(members.map((one) => schoolOf.get(one.id))) }))
    .filter(({ keeping }) => keeping.size > 1)
    .map(({ members, keeping }) => ({ members, passing: members[0].left.find((school) => keeping.has(school)) }));
}

/** Who is held where once everybody has asked down the list that is left; by school, best first. */
function hold({ seed, draw, tie_break, schools }, people) {
  const standing = (one, school) => ({
    id: one.id,
    priority: one.priority[school] ?? 0,
    ticket: tie_break === 'single' ? one.ticket : ticketOf(seed, draw, `${school}/${one.bundle ?? one.id}`),
  });
  const isBefore = (one, other) =>
    one.priority !== other.priority
      ? one.priority < other.priority
      : (compareBytes(one.ticket, other.ticket) || compareBytes(one.id, other.id)) < 0;
  const held = new Map(schools.map((school) => [school.id, { seats: school.seats, inside: [] }]));
  const placed = new Map([...people.values()].map((one) => [one.id, { choices: one.left, next: 0 }]));
  for (const first of people.keys()) {
    let asking = first;
    while (asking !== null && placed.get(asking).next < placed.get(asking).choices.length) {
      const own = placed.get(asking);
      const name = own.choices[own.next];
      own.next += 1;
      const school = held.get(name);
      const mine = standing(people.get(asking), name);
      let place = school.inside.length;
      while (place > 0 && isBefore(mine, school.inside[place - 1])) place -= 1;
      school.inside.splice(place, 0, mine);
      asking = school.inside.length > school.seats ? school.inside.pop().id : null;
    }
  }
  return held;
}

function zoneContent({ mechanism, seed, draw, classes, last_class, order, schools, applicants }) {
  return {
    mechanism, seed, draw, classes, last_class,
    order: order.map((key) => ({ direction: 'ascending', ...key })),
    schools: [...schools].sort(byId),
    applicants: applicants
      .map((one) => {
        const keys = Object.create(null);
        for (const key of Object.keys(one.keys)) if (one.keys[key] !== null) keys[key] = one.keys[key];
        return { bundle: null, sibling_at: null, ...one, keys };
      })
      .sort(byId),
  };
}

function compareByKey(key, one, other) {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  let found;
  if ('values' in key) found = key.values.indexOf(one) - key.values.indexOf(other);
  else if (typeof one !== 'string' && typeof other !== 'string') found = one < other ? -1 : Number(one > other);
  else if (typeof one === 'string' && typeof other === 'string') found = compareBytes(one, other);
  else found = typeof one === 'string' ? 1 : -1;
  return key.direction === 'descending' ? -found : found;
}

function recomputeZone(given) {
  const content = zoneContent(given);
  const rank = new Map([...content.classes, content.last_class].map((name, place) => [name, place]));
  const compareOnes = (one, other) =>
    rank.get(one.class) - rank.get(other.class)
    || content.order.reduce((found, key) => found || compareByKey(key, one.keys[key.key], other.keys[key.key]), 0);
  const named = new Map();
  for (const one of content.applicants) {
    const name = one.bundle ?? one.id;
    if (!named.has(name)) named.set(name, { name, members: [], school: null, step: null });
    named.get(name).members.push(one);
  }
  const units = [...named.values()];
  for (const unit of units) {
    unit.best = [...unit.members].sort(compareOnes)[0];
    unit.ticket = ticketOf(content.seed, content.draw, unit.name);
    unit.zone = unit.members[0].zone;
  }
  const byTicket = (one, other) => compareBytes(one.ticket, other.ticket) || compareBytes(one.name, other.name);
  units.sort((one, other) => compareOnes(one.best, other.best) || byTicket(one, other));
  serveZones(content, units, byTicket);
  return zoneResult(content, units);
}

function serveZones(content, units, byTicket) {
  const free = new Map(content.schools.map((school) => [school.id, school.seats]));
  const overflow = new Map(content.schools.map((school) => [school.id, school.overflow]));
  const newList = () => ({ heads: 0, last: null });
  const lists = new Map(content.schools.map((school) => [school.id, newList()]));
  const serve = (unit, list, tried, step) => {
    Object.assign(unit, { list, position: list.heads + 1 });
    list.heads += unit.members.length;
    const school = tried.find((one) => free.get(one) >= unit.members.length);
    if (school === undefined) return;
    free.set(school, free.get(school) - unit.members.length);
    Object.assign(unit, { school, step });
    list.last = unit;
  };
  const siblings = units.filter((unit) => unit.members.some((one) => one.sibling_at !== null));
  for (const { id } of content.schools) {
    for (const unit of siblings) {
      const isSibling = unit.members.some((one) => one.sibling_at === id);
      if (isSibling && unit.school === null && free.get(id) >= unit.members.length) serve(unit, lists.get(id), [id], 'sibling');
    }
  }
  const waiting = (isLast) => units.filter((unit) => unit.school === null && (unit.best.class === content.last_class) === isLast);
  for (const unit of waiting(false)) serve(unit, lists.get(unit.zone), [unit.zone], 'zone');
  const leftOver = newList();
  for (const unit of waiting(false)) serve(unit, leftOver, overflow.get(unit.zone), 'overflow');
  const lastClass = newList();
  for (const unit of waiting(true).sort(byTicket)) {
    serve(unit, lastClass, [...new Set([...overflow.get(unit.zone), ...free.keys()])], 'last');
  }
}

function zoneResult(content, units) {
  const stand = (unit, one) => ({ class: one.class, keys: one.keys, ticket: unit.ticket });
  const rows = units.flatMap((unit) => {
    const { last } = unit.list;
    const lastIn = last === null ? null : stand(last, last.members.at(-1));
    return unit.members.map((one, place) => ({
      id: one.id, school: unit.school, step: unit.step, position: unit.position + place,
      reason: { ...stand(unit, one), last_in: lastIn },
    }));
  });
  const taken = tally(rows.filter((row) => row.school !== null).map((row) => row.school));
  return {
    placements: rows.sort(byId),
    schools: content.schools.map(({ id, seats }) => ({ id, seats, taken: taken[id] ?? 0 })),
    input_sha256: digest(content),
  };
}

/** What everybody may see of a placement: schools with cut-offs, and counts. */
export function summarisePlacement({ mechanism }, { placements, schools }) {
  const by = mechanism === 'choice' ? 'choice' : 'step';
  const placed = placements.filter((one) => one.school !== null);
  const counts = { people: placements.length, placed: placed.length, unplaced: placements.length - placed.length };
  return { schools, counts: { ...counts, [`by_${by}`]: tally(placed.map((one) => one[by])) } };
}

/** Whether the public figures of a placement agree with each other and with the rule's plan. */
export function checkPlacementSummary(rule, { schools, counts }, people, where) {
  const by = counts[rule.mechanism === 'choice' ? 'by_choice' : 'by_step'];
  demandEqual(counts.people, people, where, 'the number of people');
  demandEqual(counts.placed + counts.unplaced, people, where, 'the sum of placed and unplaced');
  demandEqual(sum(Object.values(by)), counts.placed, where, 'the sum of the steps or choices');
  demandEqual(sum(schools.map((row) => row.taken)), counts.placed, where, 'the sum of the places taken');
  const plan = (rows) => rows.map(({ id, seats }) => ({ id, seats })).sort(byId);
  demandEqual(plan(schools), plan(rule.schools), where, 'the list of seats');
  for (const { id, seats, taken, cutoff } of schools) {
    if (!(taken >= 0 && taken <= seats)) throw new Lie(where, `${id} has ${seats} seats and ${taken} are taken`);
    if (rule.mechanism === 'choice' && (cutoff === null) === (seats > 0 && seats === taken)) {
      throw new Lie(where, `${id} has a cut-off exactly where it is full: here it is not so`);
    }
  }
}
