// A division while its means are improved: sums of scores, counts, and the bounds that no exchange may widen (section 9).

import { WISHES, countsOf, floorsOf, scalesOf } from './intake.mjs';
import { Stream } from './stream.mjs';

/** The state of one division by units. */
export class Tally {
  constructor(intake, division, seed, scores = intake.scores) {
    const { units } = division;
    Object.assign(this, { intake, units, means: scores.means, grain: scores.grain });
    this.classOf = [...division.classOf];
    this.values = units.has.map(() => Array(this.means).fill(0));
    units.unitOf.forEach((unit, pupil) => this.add(this.values[unit], scores.values[pupil]));
    this.held = countsOf(units.has, this.classOf, intake);
    this.sums = this.held.map(() => Array(this.means).fill(0));
    this.classOf.forEach((number, unit) => this.add(this.sums[number], this.values[unit]));
    this.low = this.held.map((row) => row.map((number, entry) => Math.min(number, intake.low[entry])));
    this.high = this.held.map((row) => row.map((number, entry) => Math.max(number, intake.high[entry])));
    this.sizes = this.held.map((row) => row[0]);
    this.scale = scalesOf(this.sizes);
    if (this.means > 0) {
      const floors = floorsOf(intake);
      this.ends = this.sizes.map((size) => floors.map(({ sums }) => sums.get(size) ?? [0, 0]));
    }
    const codes = new Stream(seed, 'codes');
    this.factor = intake.level.map((level) => [level, codes.belowBig(1n << 62n)]).map(([level, one]) => (level === WISHES ? 0n : one));
    this.codes = new Map();
  }

  add(row, more, sign = 1) {
    for (let place = 0; place < more.length; place += 1) row[place] += sign * more[place];
  }

  /** What a unit adds to the counts, as one number modulo 2^64. */
  codeOf(unit) {
    if (!this.codes.has(unit)) {
      this.codes.set(unit, this.units.has[unit].reduce((code, number, entry) => code + BigInt(number) * this.factor[entry], 0n));
    }
    return this.codes.get(unit);
  }

  /** How far a sum of a class is from the floor in one mean, in hundredths. */
  offBy(sum, number, mean) {
    const [lowest, highest] = this.ends[number][mean];
    return (Math.max(sum - highest, 0) + Math.max(lowest - sum, 0)) * this.grain[mean];
  }

  off(number) {
    return this.sums[number].reduce((total, sum, mean) => total + this.offBy(sum, number, mean), 0);
  }

  atFloor() {
    return this.sums.every((_, number) => this.off(number) === 0);
  }

  spreads() {
    const filled = this.sums.map((row, number) => [row, this.scale[number]]).filter((_, number) => this.sizes[number] > 0);
    const [total, ...subjects] = this.grain.map((grain, mean) => {
      const scaled = filled.map(([row, scale]) => row[mean] * scale);
      return (Math.max(...scaled) - Math.min(...scaled)) * grain;
    });
    return [total, ...subjects.sort((one, other) => other - one)];
  }

  /** Whether all spreads lie within the tolerance (hundredths). */
  liesWithin(tolerance) {
    const widths = this.widths(tolerance);
    return widths.every((width, mean) => {
      const scaled = this.sums.map((row, number) => row[mean] * this.scale[number]).filter((_, number) => this.sizes[number] > 0);
      return Math.max(...scaled) - Math.min(...scaled) <= width;
    });
  }

  widths(tolerance) {
    const common = Math.max(1, ...this.sizes.map((size, number) => size * this.scale[number]));
    return this.grain.map((grain) => Math.floor((tolerance * common) / grain));
  }

  /** Whether the exchange of units keeps every hard bound. */
  allows(here, there, leaving, coming) {
    const { has } = this.units;
    for (let entry = 0; entry < this.intake.low.length; entry += 1) {
      let change = 0;
      for (const unit of leaving) change += has[unit][entry];
      for (const unit of coming) change -= has[unit][entry];
      const [left, right] = [this.held[here][entry] - change, this.held[there][entry] + change];
      if (left < this.low[here][entry] || left > this.high[here][entry]) return false;
      if (right < this.low[there][entry] || right > this.high[there][entry]) return false;
    }
    return true;
  }

  exchange(here, there, leaving, coming) {
    for (const [source, target, moved] of [[here, there, leaving], [there, here, coming]]) {
      for (const unit of moved) {
        this.classOf[unit] = target;
        for (const [table, row] of [[this.sums, this.values[unit]], [this.held, this.units.has[unit]]]) {
          this.add(table[source], row, -1);
          this.add(table[target], row);
        }
      }
    }
  }

  members(number) {
    return this.classOf.flatMap((at, unit) => (at === number ? [unit] : []));
  }
}
