// A division that keeps every hard bound that can be kept: units, the deal, the repair, rounds (sections 5 to 8).

import { SEX, WISHES, compareRows, costOf, countsOf, excess } from './intake.mjs';
import { Repair } from './repair.mjs';
import { Stream } from './stream.mjs';

/** Every pupil a unit of his own. */
export const pupilsAlone = (intake) => ({ unitOf: intake.has.map((_, pupil) => pupil), has: intake.has });

/** Labels `together` as units, those in `broken` given up; then every other pupil alone. */
function unitsOf(intake, broken) {
  const unitOf = Array(intake.count).fill(-1);
  let count = 0;
  for (let label = 0; label <= Math.max(-1, ...intake.together); label += 1) {
    let left = broken.has(label) ? [] : intake.together.flatMap((one, pupil) => (one === label ? [pupil] : []));
    while (left.length > 0) {
      const part = largestPart(intake, left);
      for (const pupil of part) unitOf[pupil] = count;
      left = left.filter((pupil) => !part.includes(pupil));
      count += 1;
    }
  }
  unitOf.forEach((unit, pupil) => {
    if (unit < 0) {
      unitOf[pupil] = count;
      count += 1;
    }
  });
  const has = Array.from({ length: count }, () => Array(intake.low.length).fill(0));
  intake.has.forEach((row, pupil) => row.forEach((number, entry) => { has[unitOf[pupil]][entry] += number; }));
  return { unitOf, has };
}

function largestPart(intake, pupils) {
  const held = Array(intake.low.length).fill(0);
  const part = [];
  for (const pupil of pupils) {
    const row = intake.has[pupil];
    const fits = row.every((number, entry) => intake.level[entry] > SEX || held[entry] + number <= intake.high[entry]);
    if (fits) {
      row.forEach((number, entry) => { held[entry] += number; });
      part.push(pupil);
    }
  }
  return part;
}

/** A class for every unit, dealt evenly. */
function deal(intake, units, stream) {
  const stratum = Array(units.has.length).fill(0);
  units.unitOf.forEach((unit, pupil) => { stratum[unit] = intake.stratum[pupil]; });
  const order = stream.shuffled(units.has.length).sort(
    (one, other) => units.has[other][0] - units.has[one][0] || stratum[one] - stratum[other],
  );
  const rank = stream.shuffled(intake.classes);
  const held = Array.from({ length: intake.classes }, () => Array(intake.low.length).fill(0));
  const classOf = Array(units.has.length).fill(0);
  for (const unit of order) {
    const has = units.has[unit];
    const own = has.flatMap((number, entry) => (number > 0 ? [entry] : []));
    const keys = held.map((row, number) => {
      let [over, alike] = [0, 0];
      for (const entry of own) {
        if (intake.level[entry] <= WISHES) over += Math.max(row[entry] + has[entry] - intake.high[entry], 0);
        if (intake.level[entry] === SEX) alike += row[entry];
      }
      return [over, alike, row[0], ...own.filter((entry) => intake.level[entry] > WISHES).map((entry) => row[entry]), rank[number]];
    });
    const chosen = keys.reduce((best, key, number) => (compareRows(key, keys[best]) < 0 ? number : best), 0);
    classOf[unit] = chosen;
    has.forEach((number, entry) => { held[chosen][entry] += number; });
  }
  return classOf;
}

/** The pupils' classes from the units'. */
export const classOfPupils = ({ units, classOf }) => units.unitOf.map((unit) => classOf[unit]);

/** Dealt and repaired until nothing is left unmet; labels that stand in the way of size or sex give up their unit. */
export function balancedDivision(intake, seed, attempt = 0) {
  const broken = new Set();
  for (;;) {
    const division = bestOfRounds(intake, seed, attempt, broken);
    const label = labelInTheWay(intake, division, broken);
    if (label === null) return division;
    broken.add(label);
  }
}

function bestOfRounds(intake, seed, attempt, broken) {
  const units = unitsOf(intake, broken);
  const rounds = Math.min(8, Math.max(3, Math.floor(480 / Math.max(1, intake.count))));
  let best = null;
  let least = 0;
  for (let turn = 0; turn < rounds; turn += 1) {
    const stream = new Stream(seed, `deal/${attempt}/${broken.size}/${turn}`);
    const classOf = new Repair(intake, units, deal(intake, units, stream), stream).done();
    const division = { units, classOf };
    const cost = costOf(intake, classOfPupils(division));
    const order = best === null ? -1 : compareRows(cost, best.cost);
    if (order < 0) [best, least] = [{ cost, division }, 0];
    if (order <= 0) least += 1;
    const isStuck = turn > 0 && cost.slice(0, WISHES).some((one) => one > 0);
    if (!cost.some((one) => one > 0) || isStuck || least === 3) break;
  }
  return best.division;
}

function labelInTheWay(intake, division, broken) {
  const classOf = classOfPupils(division);
  const outside = countsOf(intake.has, classOf, intake).map((row) =>
    row.some((number, entry) => intake.level[entry] <= SEX && excess(intake, entry, number) > 0));
  if (!outside.some(Boolean)) return null;
  const members = new Map();
  for (const label of intake.together) if (label >= 0 && !broken.has(label)) members.set(label, (members.get(label) ?? 0) + 1);
  const near = new Set(intake.together.filter((label, pupil) => members.has(label) && outside[classOf[pupil]]));
  const labels = [...(near.size > 0 ? near : members.keys())];
  labels.sort((one, other) => members.get(other) - members.get(one) || one - other);
  return labels[0] ?? null;
}
