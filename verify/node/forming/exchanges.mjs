// Exchanges between two classes: one, two or four pairs of units that bring both sums nearer to the floor (section 9).

import { WISHES } from './intake.mjs';

const [COMBINED, DOUBLES, PAIRS, WANTED, TRIED] = [400, 24_000, 60_000, 6_000, 40];

/** Make the best exchange of up to `width` pairs between two classes; whether one helped. */
export function improvePair(tally, here, there, width, isTotalFirst) {
  const swaps = swapsBetween(tally, here, there);
  if (makeBest(tally, here, there, swaps, isTotalFirst)) return true;
  if (width === 1 || swaps.length === 0) return false;
  const aim = aimBetween(tally, here, there);
  const doubles = doublesOf(tally, swaps, aim);
  if (makeBest(tally, here, there, doubles, isTotalFirst)) return true;
  if (width === 2 || doubles.length === 0) return false;
  return makeBest(tally, here, there, quadsOf(tally, doubles, aim), isTotalFirst);
}

function swapsBetween(tally, here, there) {
  const { has } = tally.units;
  const labels = tally.intake.level.flatMap((level, entry) => (level === WISHES ? [entry] : []));
  const movable = (source, target) => tally.members(source).filter((unit) =>
    !labels.some((entry) => has[unit][entry] > 0 && tally.held[target][entry] > 0));
  const right = movable(there, here);
  return movable(here, there).flatMap((one) => right.filter((other) => has[one][0] === has[other][0]).map((other) => ({
    leaving: [one],
    coming: [other],
    shift: tally.values[one].map((value, mean) => value - tally.values[other][mean]),
  })));
}

function aimBetween(tally, here, there) {
  return tally.grain.map((_, mean) => {
    const [[low, high], [lowest, highest]] = [tally.ends[here][mean], tally.ends[there][mean]];
    const [left, right] = [tally.sums[here][mean], tally.sums[there][mean]];
    return Math.floor((Math.max(left - high, lowest - right) + Math.min(left - low, highest - right)) / 2);
  });
}

/** The `count` candidates whose doubled shift is nearest to the aim, in their order. */
function nearest(tally, moves, aim, count) {
  if (moves.length <= count) return moves;
  const far = moves.map(({ shift }) => shift.reduce((total, one, mean) => total + Math.abs(2 * one - aim[mean]) * tally.grain[mean], 0));
  const order = far.map((_, place) => place).sort((one, other) => far[one] - far[other] || one - other);
  return order.slice(0, count).sort((one, other) => one - other).map((place) => moves[place]);
}

const joined = (one, other) => ({
  leaving: [...one.leaving, ...other.leaving],
  coming: [...one.coming, ...other.coming],
  shift: one.shift.map((value, mean) => value + other.shift[mean]),
});

function placesBy(keys) {
  const places = new Map();
  keys.forEach((key, place) => {
    if (places.has(key)) places.get(key).push(place);
    else places.set(key, [place]);
  });
  return places;
}

function doublesOf(tally, swaps, aim) {
  const near = nearest(tally, swaps, aim, COMBINED);
  const codes = near.map(({ leaving, coming }) => BigInt.asUintN(64, tally.codeOf(leaving[0]) - tally.codeOf(coming[0])));
  const places = placesBy(codes);
  return near.flatMap((one, first) => (places.get(BigInt.asUintN(64, -codes[first])) ?? [])
    .filter((second) => first < second && one.leaving[0] !== near[second].leaving[0] && one.coming[0] !== near[second].coming[0])
    .map((second) => joined(one, near[second])));
}

function quadsOf(tally, doubles, aim) {
  const near = nearest(tally, doubles, aim, DOUBLES);
  const widths = cellWidths(near, aim.length);
  const keyOf = (row) => row.reduce((key, one, mean) => BigInt.asUintN(64, key * 1_000_003n + BigInt(Math.floor(one / widths[mean]))), 0n);
  const places = placesBy(near.map(({ shift }) => keyOf(shift)));
  const quads = [];
  let running = 0;
  for (const [first, one] of near.entries()) {
    const found = places.get(keyOf(aim.map((value, mean) => value - one.shift[mean]))) ?? [];
    running += found.length;
    if (running > PAIRS) break;
    for (const second of found) {
      const other = near[second];
      const isApart = first < second && !one.leaving.some((unit) => other.leaving.includes(unit))
        && !one.coming.some((unit) => other.coming.includes(unit));
      if (isApart) quads.push(joined(one, other));
    }
  }
  return quads;
}

function cellWidths(moves, means) {
  const number = moves.length;
  const reach = Array.from({ length: means }, (_, mean) =>
    Math.floor((8 * moves.reduce((total, { shift }) => total + Math.abs(shift[mean]), 0)) / Math.max(1, number)) + 1);
  const meetings = Math.floor(number ** 2 / WANTED) + 1;
  const widths = reach.map(() => 1);
  const cells = (mean) => Math.floor(reach[mean] / widths[mean]);
  while (reach.reduce((product, _, mean) => product * (cells(mean) + 1), 1) > meetings) {
    let widest = 0;
    for (let mean = 1; mean < means; mean += 1) if (widest === 0 || cells(mean) > cells(widest)) widest = mean;
    if (cells(widest) <= 1) widest = 0;
    widths[widest] *= 2;
    if (reach.every((_, mean) => cells(mean) <= 1)) break;
  }
  return widths;
}

/** Make the best candidate that brings the two classes nearer to the floor; whether there was one. */
function makeBest(tally, here, there, moves, isTotalFirst) {
  const judged = (shift, place) => {
    let [total, subjects] = [0, 0];
    for (let mean = 0; mean < tally.means; mean += 1) {
      const off = tally.offBy(tally.sums[here][mean] - shift[mean], here, mean) + tally.offBy(tally.sums[there][mean] + shift[mean], there, mean);
      if (mean === 0) total = off;
      else subjects += off;
    }
    return isTotalFirst ? [total, subjects, place] : [2 * total + subjects, total, place];
  };
  const now = judged(tally.grain.map(() => 0), 0);
  const better = [];
  moves.forEach(({ shift }, place) => {
    const key = judged(shift, place);
    if (key[0] < now[0] || (isTotalFirst && key[0] === now[0] && key[1] < now[1])) better.push(key);
  });
  better.sort((one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2]);
  for (const [, , place] of better.slice(0, TRIED)) {
    const { leaving, coming } = moves[place];
    if (tally.allows(here, there, leaving, coming)) {
      tally.exchange(here, there, leaving, coming);
      return true;
    }
  }
  return false;
}
