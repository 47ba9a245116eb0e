// Class lists formed anew from their input, written from docs/formats/class-draw.md alone.

import { balancedDivision, classOfPupils } from './balance.mjs';
import { descend, driveToFloor } from './floor.mjs';
import { floorsOf, hundredths, readIntake } from './intake.mjs';
import { drawAmongAll, isSmall } from './small.mjs';
import { Stream } from './stream.mjs';
import { Tally } from './tally.mjs';
import { walk } from './walk.mjs';

/** {classes: [{no, class}] by number, steps, floors}: what the pupils, the options and the seed lead to.
 *  `floors` are the least spreads of the means by name, as fractions [hundredths, under]. */
export function formClasses(given) {
  const intake = readIntake(given);
  const tolerance = given.tolerance === null || intake.scores.means === 0 ? null : hundredths(given.tolerance);
  const { classOf, steps } = isSmall(intake) ? small(intake, tolerance, given.seed) : searched(intake, tolerance, given.seed);
  const numbers = new Stream(given.seed, 'number').shuffled(intake.classes);
  return {
    classes: intake.pupils.map(({ no }, pupil) => ({ no, class: numbers[classOf[pupil]] + 1 })),
    steps: [...steps, 'number'],
    floors: floorsOf(intake).map(({ width: [one, under] }, mean) =>
      [intake.scores.names[mean], [one * BigInt(intake.scores.grain[mean]), under]]),
  };
}

function small(intake, tolerance, seed) {
  const { classOf, isDrawn } = drawAmongAll(intake, tolerance, seed);
  return { classOf, steps: ['enumerate', isDrawn ? 'draw' : 'floor'] };
}

function searched(intake, tolerance, seed) {
  const division = balancedDivision(intake, seed);
  const steps = ['deal', 'repair'];
  if (intake.scores.means === 0) return { classOf: walk(intake, classOfPupils(division), null, seed), steps: [...steps, 'draw'] };
  if (tolerance !== null) {
    const tally = new Tally(intake, division, seed);
    descend(tally, (now) => now.liesWithin(tolerance));
    if (tally.liesWithin(tolerance)) {
      return { classOf: walk(intake, classOfPupils(tally), tolerance, seed), steps: [...steps, 'approach', 'draw'] };
    }
  }
  return { classOf: driveToFloor(intake, division, seed), steps: [...steps, 'floor'] };
}
