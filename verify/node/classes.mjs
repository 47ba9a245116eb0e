// Class lists, recomputed: everybody once, the bounds, the figures of the report, and the lists formed anew from the seed.

import { Lie, canonical, compare, compareBytes, demandEqual, sha256Hex, sum } from './folder.mjs';
import { formClasses } from './forming/form.mjs';

/** Whether the lists are those that the seed leads to, keep the bounds, and the report tells their figures. */
export function checkClasses(given, { classes, report }, where) {
  const count = given.classes;
  const pupils = [...given.pupils].sort((one, other) => compareBytes(one.no, other.no));
  demandEqual(classes.map((row) => row.no), pupils.map((pupil) => pupil.no), where, 'the list of pupils');
  if (!classes.every((row) => Number.isInteger(row.class) && row.class >= 1 && row.class <= count)) {
    throw new Lie(where, `a class is none of 1 to ${count}`);
  }
  const classOf = new Map(classes.map((row) => [row.no, row.class - 1]));
  const options = { balance: given.balance, classes: count, seed: given.seed, tolerance: given.tolerance };
  demandEqual(report.seed, given.seed, where, 'the seed of the report');
  demandEqual(report.input_sha256, sha256Hex(canonical({ files: { pupils }, options })), where, 'the input_sha256 of the report');
  const sizes = perClass(count, classes.map((row) => [row.class - 1, 1]));
  demandEqual(report.sizes, sizes, where, 'the sizes');
  const counts = countsOf(given, classOf, 'special' in report.counts);
  demandEqual(report.counts, counts, where, 'the counts');
  const figures = meansOf(given, classOf, sizes);
  demandEqual(report.means, figures.means, where, 'the means');
  demandEqual(report.spread, figures.spread, where, 'the spread');
  if (report.violations.length === 0) checkBounds(given, classOf, sizes, counts, where);
  const formed = formClasses(given);
  demandEqual(report.steps, formed.steps, where, 'the steps of the report');
  compare(classes, formed.classes, where, '/classes');
  const bounds = {
    sizes: least(sizes),
    counts: mapped(counts, (rows) => mapped(rows, least)),
    spread: Object.fromEntries(formed.floors.map(([name, [one, under]]) => [name, shown(one, under)])),
  };
  demandEqual(report.lower_bound, bounds, where, 'the lower bounds');
  const isFloorInstead = given.tolerance !== null && formed.floors.length > 0 && !formed.steps.includes('draw');
  const unmet = [...unmetRules(given, classOf, counts), ...(isFloorInstead ? ['tolerance'] : [])];
  demandEqual(report.violations.map(({ rule }) => rule), unmet, where, 'the rules named as violated');
}

/** The least difference between classes: 0 where they can share evenly, else 1. */
const least = (row) => Number(sum(row) % row.length > 0);
const mapped = (value, change) => Object.fromEntries(Object.entries(value).map(([key, one]) => [key, change(one)]));

/** The rules that the lists do not keep, once a value or label, in the order of their priority. */
function unmetRules(given, classOf, counts) {
  const ofColumn = (column) => Object.keys(counts[column]).sort(compareBytes).filter((value) => {
    const row = counts[column][value];
    return Math.min(...row) < Math.floor(sum(row) / row.length) || Math.max(...row) > Math.ceil(sum(row) / row.length);
  }).map(() => column);
  const ofLabel = (kind, isBroken) => {
    const labels = [...new Set(given.pupils.map((pupil) => pupil[kind] ?? ''))].filter((label) => label !== '');
    const classesOf = (label) => given.pupils.filter((pupil) => pupil[kind] === label).map((pupil) => classOf.get(pupil.no));
    return labels.filter((label) => isBroken(classesOf(label))).map(() => kind);
  };
  const [first, ...others] = ['sex', ...('special' in counts ? ['special'] : []), 'ethnicity', 'household', ...given.balance];
  return [
    ...ofColumn(first),
    ...ofLabel('together', (found) => new Set(found).size > 1),
    ...ofLabel('apart', (found) => new Set(found).size < found.length),
    ...others.flatMap(ofColumn),
  ];
}

function perClass(count, entries) {
  const row = Array(count).fill(0);
  for (const [number, one] of entries) row[number] += one;
  return row;
}

function countsOf(given, classOf, isSpecialCounted) {
  const hasSpecial = isSpecialCounted || given.pupils.some((pupil) => (pupil.special ?? '0') !== '0');
  const columns = ['sex', ...(hasSpecial ? ['special'] : []), 'ethnicity', 'household', ...given.balance];
  const counts = Object.create(null);
  for (const column of columns) {
    counts[column] = Object.create(null);
    for (const pupil of given.pupils) {
      counts[column][pupil[column]] ??= Array(given.classes).fill(0);
      counts[column][pupil[column]][classOf.get(pupil.no)] += 1;
    }
  }
  return counts;
}

function hundredths(text) {
  const match = /^([0-9]+)(?:\.([0-9]{1,2}))?$/.exec(text);
  if (match === null) throw new Error(`${text} is no score`);
  return BigInt(match[1] + (match[2] ?? '').padEnd(2, '0'));
}

function meansOf(given, classOf, sizes) {
  const subjects = [...new Set(given.pupils.flatMap((pupil) => Object.keys(pupil).filter((name) => name.startsWith('score_'))))];
  const hasTotal = given.pupils.some((pupil) => 'score' in pupil);
  const means = Object.create(null);
  const spread = Object.create(null);
  for (const name of subjects.length || hasTotal ? ['score', ...subjects] : []) {
    const summed = name === 'score' && !hasTotal ? subjects : [name];
    const row = Array(given.classes).fill(0n);
    for (const pupil of given.pupils) for (const one of summed) row[classOf.get(pupil.no)] += hundredths(pupil[one]);
    const known = row.map((total, number) => ({ total, size: BigInt(sizes[number]) }));
    means[name] = known.map(({ total, size }) => (size ? shown(total, size) : null));
    const inOrder = known.filter(({ size }) => size).sort((one, other) => Number(one.total * other.size - other.total * one.size));
    const [lowest, highest] = [inOrder[0], inOrder.at(-1)];
    spread[name] = lowest === undefined ? shown(0n, 1n)
      : shown(highest.total * lowest.size - lowest.total * highest.size, highest.size * lowest.size);
  }
  return { means, spread };
}

/** A number of hundredths, total ÷ size, as points with four decimals, half up. */
function shown(total, size) {
  const rounded = (2n * total * 100n + size) / (2n * size);
  return `${rounded / 10000n}.${String(rounded % 10000n).padStart(4, '0')}`;
}

function checkBounds(given, classOf, sizes, counts, where) {
  const rows = Object.keys(counts).flatMap((column) => Object.keys(counts[column]).map((value) => [`${column} ${value}`, counts[column][value]]));
  for (const [what, row] of [['the sizes', sizes], ...rows]) {
    if (Math.max(...row) - Math.min(...row) > 1) {
      throw new Lie(where, `${what} differ by more than one between classes, and the report names no violation`);
    }
  }
  const labelled = (column) => {
    const found = new Map();
    for (const pupil of given.pupils.filter((one) => one[column])) {
      found.set(pupil[column], [...(found.get(pupil[column]) ?? []), classOf.get(pupil.no)]);
    }
    return [...found.values()];
  };
  if (labelled('together').some((found) => new Set(found).size > 1)) {
    throw new Lie(where, 'pupils of one `together` label are in two classes, and the report names no violation');
  }
  if (labelled('apart').some((found) => new Set(found).size < found.length)) {
    throw new Lie(where, 'pupils of one `apart` label share a class, and the report names no violation');
  }
}

/** What everybody may see of a forming: sizes, boys and girls, how far the means lie apart. */
export const summariseClasses = (given, { report }) => ({
  sizes: report.sizes,
  sex: report.counts.sex,
  spread: report.spread,
  violations: report.violations.length,
  counts: { people: given.pupils.length, classes: given.classes },
});

/** Whether the public figures of a forming agree with each other. */
export function checkClassesSummary(rule, { sizes, sex, violations, counts }, people, where) {
  demandEqual(counts, { people, classes: rule.classes }, where, 'the counts');
  demandEqual([sizes.length, sum(sizes)], [rule.classes, people], where, 'the sizes');
  demandEqual(Object.values(sex).map((row) => row.length), Object.values(sex).map(() => sizes.length), where, 'the length of the rows');
  demandEqual(sizes.map((_, number) => sum(Object.values(sex).map((row) => row[number]))), sizes, where, 'boys and girls together');
  if (violations === 0 && Math.max(...sizes) - Math.min(...sizes) > 1) {
    throw new Lie(where, 'the sizes differ by more than one, and no violation is named');
  }
}
