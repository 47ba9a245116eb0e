// The draw: a symmetric random walk among the divisions that keep every bound and the tolerance (section 11).

import { pupilsAlone } from './balance.mjs';
import { tornPairs } from './intake.mjs';
import { Stream } from './stream.mjs';
import { Tally } from './tally.mjs';

/** The pupils' classes after the walk from `classOf`; `tolerance` in hundredths, or null where no means are kept. */
export function walk(intake, classOf, tolerance, seed) {
  const tally = new Tally(intake, { units: pupilsAlone(intake), classOf }, seed);
  if (intake.count <= 1 || intake.classes === 1) return tally.classOf;
  const walker = new Walker(tally, tolerance, seed);
  const steps = tolerance === null ? Math.max(10_000, 200 * intake.count) : Math.max(400_000, 2_000 * intake.count);
  for (let step = 0; step < steps; step += 1) walker.step();
  return tally.classOf;
}

class Walker {
  constructor(tally, tolerance, seed) {
    const { intake } = tally;
    Object.assign(this, { tally, intake, stream: new Stream(seed, 'walk'), groupStream: new Stream(seed, 'walk/groups') });
    this.widths = tolerance === null ? null : tally.widths(tolerance);
    this.readLabels();
    this.kinds = this.groups.length > 0 ? 12 : 2;
    this.slots = Math.max(...tally.sizes);
    const order = intake.stratum.map((_, pupil) => pupil).sort((one, other) => intake.stratum[one] - intake.stratum[other] || one - other);
    const circles = new Map();
    for (const pupil of order) circles.set(intake.stratum[pupil], [...(circles.get(intake.stratum[pupil]) ?? []), pupil]);
    this.circle = intake.stratum.map((stratum) => circles.get(stratum));
    this.place = intake.stratum.map((stratum, pupil) => circles.get(stratum).indexOf(pupil));
    if (this.widths !== null) this.readEnds();
  }

  /** Labels kept whole are groups; of the others the pairs parted now may not grow. */
  readLabels() {
    const { together } = this.intake;
    [this.groups, this.torn, this.groupOf] = [[], new Map(), together.map(() => -1)];
    for (let label = 0; label <= Math.max(-1, ...together); label += 1) {
      const members = together.flatMap((one, pupil) => (one === label ? [pupil] : []));
      const pairs = tornPairs(members.map((pupil) => this.tally.classOf[pupil]));
      if (pairs > 0) this.torn.set(label, pairs);
      else if (members.length > 1) {
        for (const pupil of members) this.groupOf[pupil] = this.groups.length;
        this.groups.push(members);
      }
    }
  }

  /** The three highest and the three lowest classes of each mean. */
  readEnds() {
    const { sums, scale, sizes, grain } = this.tally;
    this.ends = grain.map((_, mean) => {
      const scaled = sums.map((row, number) => [number, row[mean] * scale[number]]).filter(([number]) => sizes[number] > 0);
      scaled.sort((one, other) => one[1] - other[1] || one[0] - other[0]);
      return { lowest: scaled.slice(0, 3), highest: scaled.slice(-3).reverse() };
    });
  }

  step() {
    const { count } = this.intake;
    const width = 2 * count + 1;
    const draw = this.stream.below(this.kinds * count * width);
    const kind = Math.floor(draw / (count * width));
    const first = Math.floor(draw / width) % count;
    const shift = (draw % width) - count;
    if (kind === 11) {
      this.moveGroup(this.groups[first % this.groups.length]);
      return;
    }
    const circle = kind % 2 === 1 ? this.circle[first] : null;
    const second = circle === null ? wrapped(first + shift, count) : circle[wrapped(this.place[first] + shift, circle.length)];
    const [here, there] = [this.tally.classOf[first], this.tally.classOf[second]];
    if (here === there || this.groupOf[first] >= 0 || this.groupOf[second] >= 0) return;
    if (this.widths !== null && !this.staysWithin(here, there, first, second)) return;
    if (this.tally.allows(here, there, [first], [second])) this.make(here, there, [first], [second]);
  }

  staysWithin(here, there, first, second) {
    const { sums, scale, values } = this.tally;
    const other = (ends, none) => (ends.find(([number]) => number !== here && number !== there) ?? [0, none])[1];
    return this.widths.every((width, mean) => {
      const shift = values[first][mean] - values[second][mean];
      const left = (sums[here][mean] - shift) * scale[here];
      const right = (sums[there][mean] + shift) * scale[there];
      const { lowest, highest } = this.ends[mean];
      return Math.max(left, right, other(highest, -Infinity)) - Math.min(left, right, other(lowest, Infinity)) <= width;
    });
  }

  /** Exchange, and take it back where a torn label would be torn more (or `isKept` says no). */
  make(here, there, leaving, coming, isKept = () => true) {
    this.tally.exchange(here, there, leaving, coming);
    const labels = new Set([...leaving, ...coming].map((pupil) => this.intake.together[pupil]).filter((label) => this.torn.has(label)));
    const isTornMore = [...labels].some((label) => {
      const classes = this.intake.together.flatMap((one, pupil) => (one === label ? [this.tally.classOf[pupil]] : []));
      return tornPairs(classes) > this.torn.get(label);
    });
    if (isTornMore || !isKept()) this.tally.exchange(here, there, coming, leaving);
    else if (this.widths !== null) this.readEnds();
  }

  moveGroup(group) {
    const there = this.groupStream.below(this.intake.classes);
    const places = Array.from({ length: this.slots }, (_, place) => place);
    for (let place = 0; place < group.length; place += 1) {
      const other = place + this.groupStream.below(this.slots - place);
      [places[place], places[other]] = [places[other], places[place]];
    }
    const members = this.tally.members(there);
    const chosen = places.slice(0, group.length);
    const here = this.tally.classOf[group[0]];
    if (here === there || chosen.some((place) => place >= members.length)) return;
    const coming = chosen.map((place) => members[place]);
    const touched = new Set(coming.map((pupil) => this.groupOf[pupil]).filter((one) => one >= 0));
    if ([...touched].some((one) => !this.groups[one].every((pupil) => coming.includes(pupil)))) return;
    if (!this.tally.allows(here, there, group, coming)) return;
    const isKept = () => this.widths === null || this.widths.every((width, mean) => {
      const { sums, scale, sizes } = this.tally;
      const scaled = sums.map((row, number) => row[mean] * scale[number]).filter((_, number) => sizes[number] > 0);
      return Math.max(...scaled) - Math.min(...scaled) <= width;
    });
    this.make(here, there, group, coming, isKept);
  }
}

const wrapped = (place, length) => ((place % length) + length) % length;
