// Pupils as numbers: entries and their bounds, labels, strata, scores in grains, the floor of each mean (sections 1, 3, 9).

import { compareBytes } from '../folder.mjs';

export const [SIZE, SEX, WISHES] = [0, 1, 2];
const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
const gcd = (one, other) => (other === 0 ? one : gcd(other, one % other));
const isScore = (name) => name === 'score' || (name.startsWith('score_') && name.length > 'score_'.length);

/** Compare two rows of numbers from the left. */
export function compareRows(one, other) {
  for (let place = 0; place < one.length; place += 1) {
    if (one[place] !== other[place]) return one[place] - other[place];
  }
  return 0;
}

/** A decimal with at most two places, in hundredths. */
export function hundredths(text) {
  const match = /^([0-9]{1,6})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) throw new Error(`${text} is no number of points`);
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** The intake of a forming, everything the document counts with. */
export function readIntake(given) {
  const pupils = [...given.pupils].sort((one, other) => compareBytes(one.no, other.no));
  const count = pupils.length;
  const classes = given.classes;
  const special = pupils.some((one) => 'special' in one) ? ['special'] : [];
  const columns = ['sex', ...special, 'ethnicity', 'household', ...given.balance];
  const apart = numbered(pupils.map((one) => one.apart ?? ''));
  const entries = [{ level: SIZE, pupils: pupils.map(() => 1) }, ...traitEntries(pupils, columns)];
  for (let label = 0; label <= Math.max(-1, ...apart); label += 1) {
    entries.push({ level: WISHES, pupils: apart.map((one) => Number(one === label)) });
  }
  const totals = entries.map((entry) => sum(entry.pupils));
  const level = entries.map((entry) => entry.level);
  return {
    pupils,
    count,
    classes,
    has: pupils.map((_, pupil) => entries.map((entry) => entry.pupils[pupil])),
    low: totals.map((total) => Math.floor(total / classes)),
    high: totals.map((total) => Math.ceil(total / classes)),
    level,
    levels: Math.max(WISHES, ...level) + 1,
    stratum: numbered(pupils.map((one) => columns.map((column) => one[column]).join('\0')), false),
    together: numbered(pupils.map((one) => one.together ?? '')),
    apart,
    scores: readScores(pupils),
  };
}

function traitEntries(pupils, columns) {
  const entries = [];
  let level = SEX;
  for (const column of columns) {
    const traits = [...new Set(pupils.map((one) => one[column]))].sort(compareBytes);
    for (const trait of column === 'special' ? traits.reverse() : traits) {
      entries.push({ level, pupils: pupils.map((one) => Number(one[column] === trait)) });
      if (column === 'special') level += 1;
    }
    if (column === 'sex') level = WISHES + 1;
    else if (column !== 'special') level += 1;
  }
  return entries;
}

/** Texts numbered by bytes from 0; an empty label is −1. */
function numbered(texts, isLabel = true) {
  const known = [...new Set(texts)].filter((text) => !isLabel || text !== '').sort(compareBytes);
  const number = new Map(known.map((text, place) => [text, place]));
  return texts.map((text) => number.get(text) ?? -1);
}

function readScores(pupils) {
  const columns = [...new Set(pupils.flatMap((one) => Object.keys(one).filter(isScore)))].sort(compareBytes);
  if (columns.length === 0) return { means: 0, names: [], grain: [], values: pupils.map(() => []) };
  const subjects = columns.filter((name) => name !== 'score');
  const names = ['score', ...subjects];
  const table = pupils.map((one) => {
    const marks = Object.fromEntries(columns.map((name) => [name, hundredths(one[name])]));
    return [marks.score ?? sum(Object.values(marks)), ...subjects.map((name) => marks[name])];
  });
  const lowest = names.map((_, mean) => Math.min(...table.map((row) => row[mean])));
  const grain = names.map((_, mean) => Math.max(1, table.reduce((found, row) => gcd(found, row[mean] - lowest[mean]), 0)));
  return { means: names.length, names, grain, values: table.map((row) => row.map((one, mean) => (one - lowest[mean]) / grain[mean])) };
}

/** The cost of a division, from the left: excess of size and sex, labels and pairs not kept, excess of further levels. */
export function costOf(intake, classOf) {
  const held = countsOf(intake.has, classOf, intake);
  const heads = Array(intake.levels).fill(0);
  for (const row of held) row.forEach((number, entry) => { heads[intake.level[entry]] += excess(intake, entry, number); });
  let [labels, pairs] = [0, 0];
  for (const [labelOf, wantsSame] of [[intake.together, true], [intake.apart, false]]) {
    const members = new Map();
    labelOf.forEach((label, pupil) => { if (label >= 0) members.set(label, [...(members.get(label) ?? []), classOf[pupil]]); });
    for (const found of members.values()) {
      const all = (found.length * (found.length - 1)) / 2;
      const same = all - tornPairs(found);
      const broken = wantsSame ? all - same : same;
      labels += Number(broken > 0);
      pairs += broken;
    }
  }
  return [heads[SIZE], heads[SEX], labels, pairs, ...heads.slice(WISHES + 1)];
}

/** How many pairs of these classes differ. */
export function tornPairs(classes) {
  let torn = 0;
  classes.forEach((one, place) => { for (let other = 0; other < place; other += 1) torn += Number(classes[other] !== one); });
  return torn;
}

/** How far a count lies outside the bounds of its entry. */
export const excess = (intake, entry, number) =>
  Math.max(number - intake.high[entry], 0) + Math.max(intake.low[entry] - number, 0);

/** What each class holds of each entry; `has` are pupils or units. */
export function countsOf(has, classOf, { classes, low }) {
  const held = Array.from({ length: classes }, () => Array(low.length).fill(0));
  has.forEach((row, one) => row.forEach((number, entry) => { held[classOf[one]][entry] += number; }));
  return held;
}

/** Factors that make sums of classes of two sizes comparable as means. */
export function scalesOf(sizes) {
  const present = [...new Set(sizes.filter((size) => size > 0))].sort((one, other) => one - other);
  if (present.length < 2) return sizes.map(() => 1);
  return sizes.map((size) => (size === present[0] ? present.at(-1) : present[0]));
}

/** For each mean `sums` at the floor by class size (Map of size → [lowest, highest]) and its `width` in grains, a fraction. */
export function floorsOf({ count, classes, scores }) {
  const size = Math.floor(count / classes);
  const larger = count % classes;
  const number = new Map([[size, classes - larger], [size + 1, larger]].filter(([one, many]) => one > 0 && many > 0));
  return scores.names.map((_, mean) => {
    const column = scores.values.map((row) => row[mean]);
    const most = Math.max(0, ...column);
    if (size === 0) return { sums: new Map([[1, [0, most]]]), width: [BigInt(most), 1n] };
    return floorOf(BigInt(sum(column)), BigInt(count), number);
  });
}

function floorOf(total, count, number) {
  const sizes = [...number.keys()].map(BigInt);
  const ends = (isHigh) => sizes.flatMap((size) => [0n, 1n].map((step) => {
    const whole = (total * size) / count;
    const isExact = (total * size) % count === 0n;
    return [isHigh ? whole + (isExact ? 0n : 1n) + step : whole - step, size];
  }));
  const choices = ends(false).flatMap((low) => ends(true).map((high) => ({ low, high, width: minus(high, low) })));
  choices.sort((one, other) => compareFractions(one.width, other.width) || compareFractions(one.low, other.low));
  for (const { low, high, width } of choices) {
    const sums = new Map([...number.keys()].map((size) => {
      const [lowest, highest] = [-floorDivide(-low[0] * BigInt(size), low[1]), floorDivide(high[0] * BigInt(size), high[1])];
      return [size, [Number(lowest), Number(highest)]];
    }));
    const least = sum([...sums].map(([size, [lowest]]) => lowest * number.get(size)));
    const most = sum([...sums].map(([size, [, highest]]) => highest * number.get(size)));
    const isSound = [...sums.values()].every(([lowest, highest]) => lowest <= highest);
    if (isSound && least <= Number(total) && Number(total) <= most) return { sums, width };
  }
  throw new Error('no sums lie around the total');
}

const minus = ([one, under], [other, below]) => [one * below - other * under, under * below];
function compareFractions([one, under], [other, below]) {
  const difference = one * below - other * under;
  return difference < 0n ? -1 : Number(difference > 0n);
}
function floorDivide(one, other) {
  const whole = one / other;
  return one % other < 0n ? whole - 1n : whole;
}
