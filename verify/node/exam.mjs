// The senior-high exam, recomputed: a session of live choosing from its events, quotas from their weights.

import { Lie, canonical, compareBytes, demandEqual, sha256Hex, sum, tally } from './folder.mjs';

const SESSION = ['candidates', 'units', 'bands', 'locks', 'statistics_at'];

/** A decimal text as hundredths: exact, a BigInt where a number would not be. */
function hundredths(text) {
  const match = /^([0-9]+)(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) throw new Error(`${text} is no score`);
  const whole = match[1] + (match[2] ?? '').padEnd(2, '0');
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : BigInt(whole);
}

function instant(text) {
  const found = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(found)) throw new Error(`${text} is no time with an offset`);
  return found;
}

const compareScores = (one, other) => {
  for (let place = 0; place < one.length; place += 1) {
    if (one[place] !== other[place]) return one[place] > other[place] ? -1 : 1;
  }
  return 0;
};

/** The result document of a replay; the events stand as in a file whose header is line 1. */
export function recomputeSession(given) {
  const session = Object.fromEntries(SESSION.map((key) => [key, given[key]]));
  const run = new Run(session);
  const arrivals = given.events.map((event, place) => ({ event, place, at: instant(event.at) }));
  const readings = session.statistics_at.map((text) => ({ text, at: instant(text), units: null }));
  const unread = [...readings].sort((one, other) => one.at - other.at);
  const reasons = Array(arrivals.length).fill(null);
  for (const { event, place, at } of [...arrivals].sort((one, other) => one.at - other.at || one.place - other.place)) {
    while (unread.length && unread[0].at <= at) unread.shift().units = run.statistic();
    reasons[place] = run.take(event, at);
  }
  for (const reading of unread) reading.units = run.statistic();
  return {
    events: reasons.map((reason, place) => ({ line: place + 2, accepted: reason === null, reason })),
    ...run.final(),
    statistics: readings.map(({ text, units }) => ({ at: text, units })),
    input_sha256: sha256Hex(canonical({ files: { session, events: given.events }, options: {} })),
  };
}

class Run {
  constructor({ candidates, units, bands, locks }) {
    this.candidates = new Map(candidates.map((one) => [one.id, one]));
    this.units = units;
    this.unitIds = new Set(units.map((unit) => unit.id));
    this.locks = locks.map(({ at, forbid, band }) => ({ at: instant(at), forbid, band }));
    this.bands = bands.map((band) => ({
      lowest: band.from === null ? null : hundredths(band.from),
      below: band.below === null ? null : hundredths(band.below),
      open: instant(band.open),
      close: instant(band.close),
    }));
    const depth = Math.max(0, ...candidates.map((one) => one.ties.length));
    const scores = ({ total, ties }) => [total, ...ties].map(hundredths).concat(Array(depth - ties.length).fill(-1));
    this.standing = candidates
      .map((one) => ({ id: one.id, scores: scores(one) }))
      .sort((one, other) => compareScores(one.scores, other.scores) || compareBytes(one.id, other.id));
    this.scoresOf = new Map(this.standing.map(({ id, scores: own }) => [id, own]));
    this.bandOf = new Map(this.standing.map(({ id, scores: [total] }) => [id, this.bands.findIndex(
      ({ lowest, below }) => (lowest === null || lowest <= total) && (below === null || total < below),
    )]));
    this.held = new Map();
  }

  take({ candidate, action, unit }, at) {
    const reason = this.reason(candidate, action, unit, at);
    if (reason === null && action === 'clear') this.held.delete(candidate);
    else if (reason === null) this.held.set(candidate, unit);
    return reason;
  }

  reason(candidate, action, unit, at) {
    if (action !== 'clear' && action !== 'choose') throw new Error(`the action ${action} is unknown`);
    if (!this.candidates.has(candidate)) return 'unknown-candidate';
    if (action === 'choose' && !this.unitIds.has(unit)) return 'unknown-unit';
    const number = this.bandOf.get(candidate);
    if (number < 0 || at < this.bands[number].open || at >= this.bands[number].close) return 'outside-band-window';
    const holds = this.held.has(candidate);
    const asked = action === 'clear' ? 'clear' : holds ? 'change' : 'first';
    const isLocked = this.locks.some(
      (lock) => lock.at <= at && lock.forbid.includes(asked) && (lock.band === null || lock.band === number),
    );
    if (isLocked) return 'locked';
    return action === 'clear' && !holds ? 'nothing-to-clear' : null;
  }

  inside() {
    const found = new Map(this.units.map((unit) => [unit.id, []]));
    for (const { id } of this.standing) if (this.held.has(id)) found.get(this.held.get(id)).push(id);
    return found;
  }

  shown(id) {
    const { total, ties } = this.candidates.get(id);
    return { total, ties };
  }

  statistic() {
    const inside = this.inside();
    return this.units.map(({ id, plan }) => {
      const names = inside.get(id);
      const isFilled = plan > 0 && names.length >= plan;
      const counted = { id, plan, chosen: names.length, vacant: Math.max(0, plan - names.length) };
      return { ...counted, lowest_inside: isFilled ? this.shown(names[plan - 1]) : null };
    });
  }

  final() {
    const inside = this.inside();
    const rows = new Map();
    const units = this.units.map(({ id: unit, plan }) => {
      const names = inside.get(unit);
      let start = 0;
      while (start < names.length) {
        let end = start + 1;
        const isLevel = (one) => compareScores(this.scoresOf.get(names[start]), this.scoresOf.get(one)) === 0;
        while (end < names.length && isLevel(names[end])) end += 1;
        const place = { unit, rank: start + 1, level_with: end - start, admitted: start + 1 <= plan };
        for (const id of names.slice(start, end)) rows.set(id, { id, ...place });
        start = end;
      }
      const admitted = names.filter((id) => rows.get(id).admitted);
      const lowest = admitted.length ? this.shown(admitted.at(-1)) : null;
      return { id: unit, plan, chosen: names.length, admitted, over_plan: Math.max(0, admitted.length - plan), lowest };
    });
    const nowhere = { unit: null, rank: null, level_with: 0, admitted: false };
    return { units, candidates: [...this.candidates.keys()].map((id) => rows.get(id) ?? { id, ...nowhere }) };
  }
}

/** What everybody may see of an admission: units with counts and the lowest admitted, events by verdict. */
export function summariseSession(_given, { events, units, candidates, statistics }) {
  return {
    units: units.map((unit) => ({ ...unit, admitted: unit.admitted.length })),
    statistics,
    counts: {
      people: candidates.length,
      admitted: candidates.filter((one) => one.admitted).length,
      events: events.length,
      refused: tally(events.filter((event) => !event.accepted).map((event) => event.reason)),
    },
  };
}

/** Whether the public figures of an admission agree with each other and with the plans. */
export function checkSessionSummary(rule, { units, counts, statistics }, people, where) {
  const plan = (rows) => rows.map((unit) => ({ id: unit.id, plan: unit.plan }));
  demandEqual(plan(units), plan(rule.units), where, 'the list of plans');
  demandEqual(counts.people, people, where, 'the number of candidates');
  demandEqual(sum(units.map((unit) => unit.admitted)), counts.admitted, where, 'the sum of the admitted');
  for (const unit of units) {
    if (unit.admitted < Math.min(unit.plan, unit.chosen) || unit.admitted > unit.chosen) {
      throw new Lie(where, `${unit.id} admits ${unit.admitted} of ${unit.chosen} on ${unit.plan} places`);
    }
    demandEqual(unit.over_plan, Math.max(0, unit.admitted - unit.plan), where, `over plan of ${unit.id}`);
    if ((unit.lowest === null) !== (unit.admitted === 0)) {
      throw new Lie(where, `${unit.id} has a lowest admitted exactly where it admits: here it is not so`);
    }
  }
  demandEqual(statistics.map((reading) => reading.at), rule.statistics_at, where, 'the list of times');
  for (const reading of statistics) {
    demandEqual(plan(reading.units), plan(rule.units), where, `the list of plans at ${reading.at}`);
    for (const unit of reading.units) {
      demandEqual(unit.vacant, Math.max(0, unit.plan - unit.chosen), where, `the vacant places of ${unit.id}`);
      if ((unit.lowest_inside === null) === (unit.plan > 0 && unit.plan <= unit.chosen)) {
        throw new Lie(where, `${unit.id} has a lowest inside exactly where it is filled: here it is not so`);
      }
    }
  }
}

/** The rows of a quota: weights with the cap on classes, seats by largest remainder. */
export function recomputeQuota({ juniors, seats, class_cap: cap }) {
  const rows = juniors.map(({ id, classes, pupils }) => {
    const [all, most] = [BigInt(pupils), BigInt(classes) * BigInt(cap)];
    return { id, weight: all > most ? most : all };
  });
  return { rows: dealSeats(rows, seats) };
}

/** The rows of a quota, by id, from their weights (BigInt): seats by largest remainder. */
export function dealSeats(rows, seats) {
  const total = rows.reduce((found, row) => found + row.weight, 0n) || 1n;
  for (const row of rows) {
    row.seats = (BigInt(seats) * row.weight) / total;
    row.rest = (BigInt(seats) * row.weight) % total;
  }
  const larger = (one, other) => (one > other ? -1 : Number(one < other));
  const claims = [...rows].sort(
    (one, other) => larger(one.rest, other.rest) || larger(one.weight, other.weight) || compareBytes(one.id, other.id),
  );
  const left = BigInt(seats) - rows.reduce((found, row) => found + row.seats, 0n);
  for (const row of claims.slice(0, Number(left))) row.seats += 1n;
  rows.sort((one, other) => compareBytes(one.id, other.id));
  return rows.map(({ id, weight, seats: dealt }) => ({ id, weight, seats: dealt }));
}
