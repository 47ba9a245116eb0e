// `node verify/verify.mjs DIR`: check a ledger folder with Node alone. 0 = all true, 1 = a lie, 2 = unreadable.

import { Lie } from './node/folder.mjs';
import { checkLedger } from './node/ledger.mjs';

const [folder, ...more] = process.argv.slice(2);
if (folder === undefined || more.length > 0) {
  console.error('usage: node verify/verify.mjs DIR');
  process.exitCode = 2;
} else {
  try {
    const { decisions, head, notes } = checkLedger(folder);
    for (const note of notes) console.log(`note: ${note}`);
    console.log(`head ${head}`);
    console.log(`verified ${decisions} decisions`);
  } catch (error) {
    if (error instanceof Lie) console.log(`not true: ${error.message}`);
    else console.error(`cannot be read: ${error.message}`);
    process.exitCode = error instanceof Lie ? 1 : 2;
  }
}
