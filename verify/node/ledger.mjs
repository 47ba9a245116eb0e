// The whole ledger folder: the manifest's chain, the files each level shows, every decision in order.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkClasses, checkClassesSummary, summariseClasses } from './classes.mjs';
import { checkDrawSummary, recomputeCircle, recomputeDraw, recomputeTeamDraw, summariseDraw } from './draws.mjs';
import { checkSessionSummary, dealSeats, recomputeQuota, recomputeSession, summariseSession } from './exam.mjs';
import { Lie, Unreadable, canonical, compare, demandEqual, demandKeys, parseCanonical, readBytes, sha256Hex } from './folder.mjs';
import { checkPlacementSummary, recomputePlacement, summarisePlacement } from './placement.mjs';
import { COMMIT_KEYS, leafOf, rootFromProof, rootOf, saltOf, seedOf } from './proof.mjs';

const FORMAT = 'sunroll-ledger/v1';
const MANIFEST = 'manifest.json';
const LEVELS = ['public', 'family', 'sealed'];
const ALWAYS = ['rules.json', 'commit.json', 'reveal.json', 'public.json'];
const NAMED = [...ALWAYS, 'input.json', 'output.json'];
const STATEMENT = 'statement';

const by = (recompute) => (given, output, where) => compare(output, recompute(given), where);
const wholeOutput = (_given, output) => output;

/** By kind: the lists of people in input and output, what else is not public, and the three checks. */
const KINDS = {
  draw: { people: 'roster', outputPeople: 'order', check: by(recomputeDraw), summarise: summariseDraw, checkSummary: checkDrawSummary },
  'circle-draw': {
    check: by(recomputeCircle), summarise: wholeOutput,
    checkSummary: (rule, summary, _people, where) => compare(summary, recomputeCircle(rule), where),
  },
  placement: {
    people: 'applicants', outputPeople: 'placements', check: by(recomputePlacement),
    summarise: summarisePlacement, checkSummary: checkPlacementSummary,
  },
  classes: {
    people: 'pupils', outputPeople: 'classes', check: checkClasses,
    summarise: summariseClasses, checkSummary: checkClassesSummary,
  },
  'team-draw': {
    check: by(recomputeTeamDraw), summarise: wholeOutput, drawsOn: true,
    checkSummary: (rule, summary, _people, where) => compare(summary, recomputeTeamDraw(rule), where),
  },
  'exam-admission': {
    people: 'candidates', outputPeople: 'candidates', private: ['events'], check: by(recomputeSession),
    summarise: summariseSession, checkSummary: checkSessionSummary,
  },
  quota: {
    people: 'juniors', outputPeople: 'rows', check: by(recomputeQuota), summarise: wholeOutput,
    checkSummary: (rule, summary, people, where) => {
      demandEqual(summary.rows.length, people, where, 'the number of schools');
      const weights = summary.rows.map(({ id, weight }) => ({ id, weight: BigInt(weight) }));
      compare(summary, { rows: dealSeats(weights, rule.seats) }, where);
    },
  },
};

/** Check everything in the folder; gives {decisions, head, notes}. Throws Lie or Unreadable. */
export function checkLedger(root) {
  const manifest = readManifest(root);
  const verdict = { decisions: manifest.decisions.length, head: '', notes: [] };
  verdict.head = sha256Hex(canonical({ format: FORMAT, season: manifest.season }));
  const earlier = new Map();
  manifest.decisions.forEach((entry, place) => asALie(`${MANIFEST}: decision ${place + 1}`, () => {
    checkEntry(entry, place + 1, verdict.head);
    const isShown = manifest.level === 'sealed' && entry.kind !== STATEMENT;
    const names = [...ALWAYS, ...(isShown ? Object.keys(entry.files).filter((name) => !ALWAYS.includes(name)) : [])];
    const parsed = Object.create(null);
    for (const name of names) {
      const where = `${entry.path}/${name}`;
      const data = readBytes(root, where);
      demandEqual(sha256Hex(data), entry.files[name], where, 'the SHA-256');
      parsed[name] = parseCanonical(data, where);
    }
    for (const name of readdirSync(join(root, entry.path)).sort()) {
      if (name !== 'proofs' && !names.includes(name)) {
        throw new Lie(`${entry.path}/${name}`, 'does not belong to the decision on this level of the ledger');
      }
    }
    verdict.notes.push(...checkDecision(entry, parsed, earlier));
    const proofs = join(root, entry.path, 'proofs');
    for (const name of existsSync(proofs) ? readdirSync(proofs).sort() : []) {
      checkProof(entry, readFileSync(join(proofs, name)), `${entry.path}/proofs/${name}`);
    }
    verdict.head = entry.hash;
  }));
  const known = new Set(manifest.decisions.map((entry) => entry.path));
  for (const name of readdirSync(root).sort()) {
    if (!known.has(name) && statSync(join(root, name)).isDirectory()) throw new Lie(name, 'is not in the manifest');
  }
  return verdict;
}

/** Whatever stumbles over the shape of a decision is told as a lie: the format leaves no such shape open. */
function asALie(where, check) {
  try {
    check();
  } catch (error) {
    if (error instanceof Lie || error.code !== undefined) throw error;
    throw new Lie(where, `is not made as the format says: ${error.message}`);
  }
}

function readManifest(root) {
  let data;
  try {
    data = readFileSync(join(root, MANIFEST));
  } catch (error) {
    throw new Unreadable(`${MANIFEST} cannot be read: ${error.code}`);
  }
  const manifest = parseCanonical(data, MANIFEST);
  if (manifest?.format !== FORMAT) {
    throw new Unreadable(`${MANIFEST} names no format that is known here; this checker reads ${FORMAT}`);
  }
  demandKeys(manifest, ['format', 'season', 'level', 'decisions'], MANIFEST);
  if (!LEVELS.includes(manifest.level) || !Array.isArray(manifest.decisions)) {
    throw new Lie(MANIFEST, `the level is none of ${LEVELS.join(', ')}, or there is no list of decisions`);
  }
  return manifest;
}

function checkEntry(entry, number, previous) {
  const where = `${MANIFEST}: decision ${number}`;
  demandKeys(entry, ['kind', 'path', 'files', 'roots', 'previous_hash', 'hash'], where);
  if (typeof entry.kind !== 'string' || !/^[a-z]+(-[a-z]+)*$/.test(entry.kind)) throw new Lie(where, 'the kind is none');
  demandEqual(entry.path, `${String(number).padStart(4, '0')}-${entry.kind}`, where, 'the path');
  demandEqual(entry.previous_hash, previous, where, 'the hash of the decision before');
  const { hash, ...unhashed } = entry;
  demandEqual(hash, sha256Hex(canonical(unhashed)), where, 'the hash');
  const { 'salts.json': salts = '0'.repeat(64), ...files } = demandObject(entry.files, where);
  demandKeys(files, NAMED, where);
  const isDigest = (digest) => typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest);
  if (!isDigest(salts) || !Object.values(files).every(isDigest)) throw new Lie(where, 'a hash is none');
  const roots = demandKeys(entry.roots, ['input', 'output'], where);
  for (const listed of ['input', 'output']) {
    const { root, rows } = demandKeys(roots[listed], ['root', 'rows'], where);
    if (!isDigest(root) || !Number.isInteger(rows)) throw new Lie(where, `the root of the ${listed} is none`);
  }
}

function demandObject(value, where) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Lie(where, 'must name its files');
  return value;
}

function checkDecision(entry, parsed, earlier) {
  const { path, kind: name } = entry;
  const rules = demandKeys(parsed['rules.json'], ['kind', 'rule', 'rule_book_sha256', 'corrects'], `${path}/rules.json`);
  demandEqual(rules.kind, name, `${path}/rules.json`, 'the kind');
  if (rules.corrects !== null) {
    const { hash, reason } = demandKeys(rules.corrects, ['hash', 'reason'], `${path}/rules.json`);
    if (!earlier.has(hash) || !reason) throw new Lie(`${path}/rules.json`, 'a correction names the hash of an earlier decision and its reason');
  }
  const commit = demandKeys(parsed['commit.json'], COMMIT_KEYS, `${path}/commit.json`);
  demandEqual(commit.input_sha256, entry.files['input.json'], `${path}/commit.json`, 'the input_sha256');
  demandEqual({ root: commit.root, rows: commit.rows }, entry.roots.input, `${path}/commit.json`, 'the root of the input');
  demandEqual(commit.leaf, 'salts.json' in entry.files ? 'salted-row' : 'row', `${path}/commit.json`, 'the leaf');
  const ownSeed = seedOf(commit, parsed['reveal.json'], `${path}/reveal.json`);
  earlier.set(entry.hash, ownSeed);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : null;
  const seed = kind?.drawsOn ? seedBehind(rules.rule, earlier, `${path}/rules.json`) : ownSeed;
  if (kind === null) return name === STATEMENT ? [] : [`${path}: the kind is not known here; hashes and proofs only`];
  if ('input.json' in parsed) {
    checkRecomputed(entry, kind, parsed, seed);
    return [];
  }
  kind.checkSummary(kind.drawsOn ? { ...rules.rule, seed } : rules.rule, parsed['public.json'], commit.rows, `${path}/public.json`);
  return [];
}

/** The seed of the decision that this one draws on. */
function seedBehind(rule, earlier, where) {
  const seed = earlier.get(rule.draws_on) ?? null;
  if (seed === null) throw new Lie(where, 'draws on no earlier decision that has a seed');
  return seed;
}

function checkRecomputed(entry, kind, parsed, seed) {
  const { path } = entry;
  const [given, output] = [parsed['input.json'], parsed['output.json']];
  const hidden = ['seed', kind.people, ...(kind.private ?? [])];
  const rule = Object.fromEntries(Object.entries(given).filter(([key]) => !hidden.includes(key)));
  demandEqual(parsed['rules.json'].rule, rule, `${path}/rules.json`, 'the rule');
  const key = 'salts.json' in parsed ? saltKey(parsed['salts.json'], `${path}/salts.json`) : null;
  const lists = { input: kind.people ? given[kind.people] : [], output: kind.outputPeople ? output[kind.outputPeople] : [] };
  for (const [listed, rows] of Object.entries(lists)) {
    const leaves = rows.map((row, index) => leafOf(row, key === null ? null : saltOf(key, listed, index)));
    demandEqual(entry.roots[listed], { root: rootOf(leaves), rows: rows.length }, path, `the root of the ${listed}`);
  }
  let seeded = given;
  if ('seed' in given) {
    demandEqual(given.seed, '', `${path}/input.json`, 'the seed of a frozen input');
    if (seed === null) throw new Lie(`${path}/reveal.json`, 'the decision needs a seed, and none was made');
    seeded = { ...given, seed };
  }
  kind.check(seeded, output, `${path}/output.json`);
  demandEqual(parsed['public.json'], kind.summarise(seeded, output), `${path}/public.json`, 'the summary');
}

function saltKey(salts, where) {
  const { key } = demandKeys(salts, ['key'], where);
  if (typeof key !== 'string' || !/^[0-9a-f]{64}$/.test(key)) throw new Lie(where, 'the key is none');
  return Buffer.from(key, 'hex');
}

function checkProof(entry, data, where) {
  const { list, index, row, salt, proof } = demandKeys(
    parseCanonical(data, where), ['list', 'index', 'row', 'salt', 'proof'], where,
  );
  const root = list === 'input' || list === 'output' ? entry.roots[list] : null;
  if (root === null || !Number.isInteger(index) || !Array.isArray(proof)) throw new Lie(where, 'names no list of the decision, or is no proof');
  if (index < 0 || index >= root.rows || (salt !== null) !== ('salts.json' in entry.files)) throw new Lie(where, 'names a row that is not in the list');
  if (!proof.every((one) => typeof one === 'string' && /^[0-9a-f]{64}$/.test(one))) throw new Lie(where, 'has a hash that is none');
  const reached = rootFromProof(leafOf(row, salt), index, root.rows, proof.map((one) => Buffer.from(one, 'hex')));
  if (reached !== root.root) throw new Lie(where, 'the row does not stand in the list with the published root');
}
