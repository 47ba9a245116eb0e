// The means driven to their floor: descent, polish, attempts (section 9).

import { balancedDivision, classOfPupils, pupilsAlone } from './balance.mjs';
import { improvePair } from './exchanges.mjs';
import { compareRows, costOf } from './intake.mjs';
import { Stream } from './stream.mjs';
import { Tally } from './tally.mjs';

/** Improve in place until `isReached` says so or no exchange between two classes helps. */
export function descend(tally, isReached) {
  for (const [width, isTotalFirst] of [[1, false], [2, false], [4, true]]) {
    const round = { width, isTotalFirst, changes: tally.sums.map(() => 0), inVain: new Map() };
    while (!isReached(tally) && turn(tally, round, isReached));
  }
}

function turn(tally, round, isReached) {
  let improved = false;
  for (const here of furthestFirst(tally)) {
    for (const there of partners(tally, here)) {
      if (tally.off(here) === 0) break;
      if (tryPair(tally, round, here, there)) {
        improved = true;
        if (isReached(tally)) return true;
      }
    }
  }
  return improved;
}

function tryPair(tally, { width, isTotalFirst, changes, inVain }, here, there) {
  const [one, other] = [Math.min(here, there), Math.max(here, there)];
  const [pair, state] = [`${one} ${other}`, `${changes[one]} ${changes[other]}`];
  if (inVain.get(pair) === state) return false;
  if (!improvePair(tally, one, other, width, isTotalFirst)) {
    inVain.set(pair, state);
    return false;
  }
  changes[here] += 1;
  changes[there] += 1;
  return true;
}

function furthestFirst(tally) {
  const off = tally.sums.map((_, number) => [tally.off(number), number]).filter(([distance]) => distance > 0);
  return off.sort((one, other) => other[0] - one[0] || one[1] - other[1]).map(([, number]) => number);
}

function partners(tally, here) {
  const excess = tally.sums[here].map((sum, mean) => {
    const [lowest, highest] = tally.ends[here][mean];
    return Math.sign(Math.max(sum - highest, 0) - Math.max(lowest - sum, 0));
  });
  const fit = tally.sums.map((row, number) => row.reduce((total, sum, mean) => {
    const [lowest, highest] = tally.ends[number][mean];
    const above = 2 * sum - lowest - highest;
    return total + Math.sign(above) * Math.min(Math.abs(above), 2 ** 20) * excess[mean] * tally.grain[mean];
  }, 0));
  const order = fit.map((_, number) => number).sort((one, other) => fit[one] - fit[other] || one - other);
  return order.filter((number) => number !== here);
}

/** Single exchanges of two pupils until none that keeps every bound brings a better spread. */
function polish(intake, classOf, seed) {
  const tally = new Tally(intake, { units: pupilsAlone(intake), classOf }, seed);
  for (let improved = true; improved;) {
    improved = false;
    for (let here = 0; here < intake.classes; here += 1) {
      for (let there = here + 1; there < intake.classes; there += 1) {
        if (isAtAnEnd(tally, here, there) && exchangeBest(tally, here, there)) improved = true;
      }
    }
  }
  return tally.classOf;
}

function isAtAnEnd(tally, here, there) {
  return tally.grain.some((_, mean) => {
    const scaled = tally.sums.map((row, number) => row[mean] * tally.scale[number]);
    const [lowest, highest] = [Math.min(...scaled), Math.max(...scaled)];
    return lowest < highest && [scaled[here], scaled[there]].some((one) => one === lowest || one === highest);
  });
}

function exchangeBest(tally, here, there) {
  const rest = tally.grain.map((_, mean) => {
    const scaled = tally.sums.map((row, number) => row[mean] * tally.scale[number]).filter((_one, number) => number !== here && number !== there);
    return [Math.min(...scaled), Math.max(...scaled)];
  });
  let best = { spreads: tally.spreads(), pair: null };
  for (const first of tally.members(here)) {
    for (const second of tally.members(there)) {
      const spreads = tally.grain.map((grain, mean) => {
        const shift = tally.values[first][mean] - tally.values[second][mean];
        const left = (tally.sums[here][mean] - shift) * tally.scale[here];
        const right = (tally.sums[there][mean] + shift) * tally.scale[there];
        return (Math.max(left, right, rest[mean][1]) - Math.min(left, right, rest[mean][0])) * grain;
      });
      if (spreads[0] > best.spreads[0]) continue;
      const ordered = [spreads[0], ...spreads.slice(1).sort((one, other) => other - one)];
      if (compareRows(ordered, best.spreads) < 0 && keepsBounds(tally, here, there, first, second)) {
        best = { spreads: ordered, pair: [first, second] };
      }
    }
  }
  if (best.pair === null) return false;
  tally.exchange(here, there, [best.pair[0]], [best.pair[1]]);
  return true;
}

function keepsBounds(tally, here, there, first, second) {
  const { together } = tally.intake;
  if (!tally.allows(here, there, [first], [second])) return false;
  if (together[first] === together[second]) return true;
  return [[first, here, there], [second, there, here]].every(([pupil, source, target]) => {
    const inClass = (number) => together.filter((label, one) => label === together[pupil] && tally.classOf[one] === number).length;
    return together[pupil] < 0 || inClass(target) >= inClass(source) - 1;
  });
}

/** The pupils' classes with the smallest spreads found. */
export function driveToFloor(intake, division, seed) {
  const attempts = Math.min(40, Math.max(1, Math.floor(900 / Math.max(1, intake.count))));
  let best = null;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const tally = new Tally(intake, startOf(intake, division, seed, attempt), seed);
    descend(tally, (now) => now.atFloor());
    const classOf = polish(intake, classOfPupils(tally), seed);
    const final = new Tally(intake, { units: pupilsAlone(intake), classOf }, seed);
    if (best === null || compareRows(final.spreads(), best.spreads) < 0) best = { classOf, spreads: final.spreads() };
    if (final.atFloor()) break;
  }
  return best.classOf;
}

function startOf(intake, division, seed, attempt) {
  if (attempt === 0) return division;
  const isKept = (one) => !costOf(intake, classOfPupils(one)).some((number) => number > 0);
  if (attempt % 2 === 0 && attempt <= 12 && isKept(division)) {
    const other = balancedDivision(intake, seed, attempt);
    if (isKept(other)) return other;
  }
  const noScores = { means: 0, grain: [], values: intake.pupils.map(() => []) };
  const tally = new Tally(intake, division, '', noScores);
  const stream = new Stream(seed, `shake/${attempt}`);
  const count = tally.classOf.length;
  for (let trial = 0; trial < 4 * count; trial += 1) {
    const pick = stream.below(count * count);
    const [first, second] = [Math.floor(pick / count), pick % count];
    const [here, there] = [tally.classOf[first], tally.classOf[second]];
    if (here !== there && tally.allows(here, there, [first], [second])) tally.exchange(here, there, [first], [second]);
  }
  return { units: division.units, classOf: tally.classOf };
}
