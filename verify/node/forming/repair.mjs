// The repair of a deal: single steps, then annealed exchanges, level after level (section 7).

import { SEX, compareRows, countsOf, excess } from './intake.mjs';

const FAR = 2 ** 40;
const [STEPS, ANNEALINGS, TENURE, CHUNK] = [800, 2, 6, 4_000];

/** The classes of the units while they are repaired. */
export class Repair {
  constructor(intake, units, classOf, stream) {
    Object.assign(this, { intake, units, stream });
    this.place(classOf);
  }

  /** The classes of the units after the repair. */
  done() {
    for (let level = 0; level < this.intake.levels; level += 1) {
      this.mend(level);
      if (level <= SEX && this.cost(level)[level] > 0) break;
    }
    return this.classOf;
  }

  place(classOf) {
    this.classOf = [...classOf];
    this.held = countsOf(this.units.has, classOf, this.intake);
  }

  cost(level) {
    const heads = Array(level + 1).fill(0);
    for (const row of this.held) {
      row.forEach((number, entry) => {
        const at = this.intake.level[entry];
        if (at <= level) heads[at] += excess(this.intake, entry, number);
      });
    }
    return heads;
  }

  mend(level) {
    const { intake, units } = this;
    this.weight = intake.level.map((at) => (at < level ? 2 : Number(at === level)));
    this.weighed = this.weight.flatMap((weight, entry) => (weight > 0 ? [entry] : []));
    this.freeAt = units.has.map(() => 0);
    let unavoidable = 0;
    for (const row of units.has) {
      row.forEach((number, entry) => { if (intake.level[entry] === level) unavoidable += Math.max(number - intake.high[entry], 0); });
    }
    const goal = [...this.cost(level).slice(0, level), unavoidable];
    this.mendBySteps(level, goal);
    for (let turn = 0; turn < ANNEALINGS && compareRows(this.cost(level), goal) > 0; turn += 1) {
      const enough = goal.reduce((total, one, at) => total + (at < level ? 2 * one : one), 0);
      const [before, cost] = [this.classOf, this.cost(level)];
      this.place(this.annealed(enough));
      if (compareRows(this.cost(level), cost) >= 0) this.place(before);
    }
  }

  mendBySteps(level, goal) {
    let [bestCost, best] = [this.cost(level), [...this.classOf]];
    for (let step = 0; step < STEPS; step += 1) {
      if (compareRows(bestCost, goal) <= 0 || !this.oneStep(step)) break;
      const cost = this.cost(level);
      if (compareRows(cost, bestCost) < 0) [bestCost, best] = [cost, [...this.classOf]];
    }
    this.place(best);
  }

  penalty(row, change = null, sign = 1) {
    let total = 0;
    for (const entry of this.weighed) {
      total += this.weight[entry] * excess(this.intake, entry, row[entry] + (change === null ? 0 : sign * change[entry]));
    }
    return total;
  }

  oneStep(step) {
    const places = this.held.flatMap((row, number) =>
      row.flatMap((count, entry) => (this.weight[entry] > 0 && excess(this.intake, entry, count) > 0 ? [[number, entry]] : [])));
    if (places.length === 0) return false;
    const [number, entry] = places[this.stream.below(places.length)];
    const isTooMany = this.held[number][entry] > this.intake.high[entry];
    const movers = this.classOf.flatMap((at, unit) =>
      (this.units.has[unit][entry] > 0 && (at === number) === isTooMany ? [unit] : []));
    if (movers.length === 0) return true;
    this.makeBest(movers[this.stream.below(movers.length)], isTooMany ? null : number, step);
    return true;
  }

  makeBest(mover, target, step) {
    const { units: { has }, held, classOf } = this;
    const here = classOf[mover];
    const now = held.map((row) => this.penalty(row));
    const options = [];
    classOf.forEach((there, partner) => {
      if (target === null ? there === here : there !== target) return;
      const change = has[partner].map((number, entry) => number - has[mover][entry]);
      const gain = this.penalty(held[here], change) - now[here] + this.penalty(held[there], change, -1) - now[there];
      const rests = Math.max(this.freeAt[partner], this.freeAt[mover]) > step;
      options.push({ value: gain + (rests ? FAR : 0), partner, there });
    });
    const left = this.penalty(held[here], has[mover], -1) - now[here];
    held.forEach((row, there) => {
      if (there === here || (target !== null && there !== target)) return;
      options.push({ value: left + this.penalty(row, has[mover]) - now[there], partner: null, there });
    });
    const least = options.reduce((found, { value }) => Math.min(found, value), Infinity);
    const best = options.filter(({ value }) => value === least);
    const { partner, there } = best[this.stream.below(best.length)];
    const change = partner === null ? has[mover] : has[mover].map((number, entry) => number - has[partner][entry]);
    change.forEach((number, entry) => {
      held[here][entry] -= number;
      held[there][entry] += number;
    });
    classOf[mover] = there;
    const freeAt = step + 2 + this.stream.below(TENURE);
    this.freeAt[mover] = freeAt;
    if (partner !== null) {
      classOf[partner] = here;
      this.freeAt[partner] = freeAt;
    }
  }

  /** The best state seen of a cooled walk over exchanges of two units. */
  annealed(enough) {
    const { intake, weight, units: { has } } = this;
    const count = has.length;
    const classOf = [...this.classOf];
    const held = this.held.map((row) => [...row]);
    let cost = held.reduce((total, row) => total + this.penalty(row), 0);
    let [bestCost, best] = [cost, [...classOf]];
    if (count > 40_000) return best;
    const steps = Math.min(300_000, Math.max(100_000, 2_000 * count));
    const bound = BigInt(count * count) << 32n;
    for (let start = 0; start < steps; start += CHUNK) {
      if (bestCost <= enough) break;
      const chance = BigInt(800 - Math.floor((775 * start) / steps));
      const chances = Array.from({ length: 12 }, (_, worse) => Number(((chance ** BigInt(worse)) << 32n) / 4096n ** BigInt(worse)));
      const draws = Array.from({ length: CHUNK }, () => this.stream.belowBig(bound));
      for (const draw of draws) {
        const pick = Number(draw >> 32n);
        const [first, second] = [Math.floor(pick / count), pick % count];
        const [here, there] = [classOf[first], classOf[second]];
        if (here === there) continue;
        let worse = 0;
        const outside = (entry, number) => weight[entry] * excess(intake, entry, number);
        const change = has[first].map((number, entry) => number - has[second][entry]);
        for (const entry of this.weighed) {
          const [by, left, right] = [change[entry], held[here][entry], held[there][entry]];
          if (by !== 0) {
            worse += outside(entry, left - by) - outside(entry, left) + outside(entry, right + by) - outside(entry, right);
          }
        }
        if (worse > 0 && (worse >= 12 || Number(draw & 0xffffffffn) >= chances[worse])) continue;
        change.forEach((by, entry) => {
          held[here][entry] -= by;
          held[there][entry] += by;
        });
        [classOf[first], classOf[second]] = [there, here];
        cost += worse;
        if (cost < bestCost) [bestCost, best] = [cost, [...classOf]];
      }
    }
    return best;
  }
}
