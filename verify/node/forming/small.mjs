// Small intakes whole: every division is listed, and one of the best is drawn (section 4).

import { compareRows, costOf, scalesOf } from './intake.mjs';
import { Stream } from './stream.mjs';

const MOST_DIVISIONS = 210_000n;
const MOST_CELLS = 12_000_000;

/** Whether all divisions are few enough to be looked at one by one. */
export function isSmall({ count, classes }) {
  if (count < classes) return true;
  if (count * classes > MOST_CELLS) return false;
  const ways = divisions(count, classes);
  return ways <= MOST_DIVISIONS && ways * BigInt(count * classes) <= BigInt(MOST_CELLS);
}

function divisions(count, classes) {
  const size = Math.floor(count / classes);
  const larger = count % classes;
  let [ways, left] = [1n, count];
  for (let number = 0; number < classes; number += 1) {
    const members = size + Number(number < larger);
    ways *= choose(left, members);
    left -= members;
  }
  return ways / (factorial(larger) * factorial(classes - larger));
}

function choose(from, many) {
  let ways = 1n;
  for (let one = 1; one <= Math.min(many, from - many); one += 1) ways = (ways * BigInt(from - one + 1)) / BigInt(one);
  return ways;
}

const factorial = (many) => (many <= 1 ? 1n : BigInt(many) * factorial(many - 1));

function everyDivision(count, classes) {
  if (count < classes) return [Array.from({ length: count }, (_, pupil) => pupil)];
  const size = Math.floor(count / classes);
  const larger = count % classes;
  const room = Array.from({ length: classes }, (_, number) => size + Number(number < larger));
  let rows = [[]];
  for (let pupil = 0; pupil < count; pupil += 1) {
    const grown = [];
    for (let number = 0; number < classes; number += 1) {
      for (const row of rows) {
        const held = row.reduce((found, one) => found + Number(one === number), 0);
        const mayOpen = number === 0 || number === larger || row.includes(number - 1);
        if (held < room[number] && mayOpen) grown.push([...row, number]);
      }
    }
    rows = grown;
  }
  return rows;
}

/** {classOf, isDrawn}: one of all best divisions; drawn, or at the floor of the means. */
export function drawAmongAll(intake, tolerance, seed) {
  const { count, classes, scores } = intake;
  let rows = everyDivision(count, classes);
  if (rows.length > 1) rows = leastBy(rows, (row) => costOf(intake, row));
  const stream = new Stream(seed, 'enumerate');
  const pick = (found) => found[stream.below(found.length)];
  if (scores.means === 0 || count === 0) return { classOf: pick(rows), isDrawn: true };
  const sizes = Array.from({ length: classes }, (_, number) => rows[0].filter((one) => one === number).length);
  const scale = scalesOf(sizes);
  const common = Math.max(...sizes.map((size, number) => size * scale[number]));
  const spreads = (row) => spreadsOf(row, intake, sizes, scale);
  if (tolerance !== null) {
    const inside = rows.filter((row) => spreads(row).every((spread) => spread <= tolerance * common));
    if (inside.length > 0) return { classOf: pick(inside), isDrawn: true };
  }
  const ordered = (row) => {
    const [total, ...subjects] = spreads(row);
    return [total, ...subjects.sort((one, other) => other - one)];
  };
  return { classOf: pick(leastBy(rows, ordered)), isDrawn: false };
}

function leastBy(rows, keyOf) {
  const keys = rows.map(keyOf);
  const least = keys.reduce((found, key) => (compareRows(key, found) < 0 ? key : found));
  return rows.filter((_, place) => compareRows(keys[place], least) === 0);
}

function spreadsOf(row, { scores }, sizes, scale) {
  return scores.grain.map((grain, mean) => {
    const sums = sizes.map(() => 0);
    row.forEach((number, pupil) => { sums[number] += scores.values[pupil][mean]; });
    const scaled = sums.map((one, number) => one * scale[number]).filter((_, number) => sizes[number] > 0);
    return (Math.max(...scaled) - Math.min(...scaled)) * grain;
  });
}
