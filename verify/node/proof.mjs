// Merkle trees as in RFC 6962, the salted leaves of the ledger's lists, and the seed of the ceremony.

import { createHmac } from 'node:crypto';
import { Lie, canonical, demandEqual, demandKeys, sha256, sha256Hex } from './folder.mjs';

const LEAF = Buffer.from([0]);
const NODE = Buffer.from([1]);
const FEWEST_WITNESSES = 3;
export const COMMIT_KEYS = [
  'frozen_at', 'input_sha256', 'root', 'rows', 'leaf', 'office_commitment', 'witnesses', 'beacon', 'beacon_fallback',
];

/** The salt of row `index` of the list "input" or "output". */
export const saltOf = (key, listed, index) =>
  createHmac('sha256', key).update(`sunroll-salt/v1\0${listed}\0${index}`).digest('hex');

/** The bytes of a leaf: the row with its salt, or the row alone where the list is not salted. */
export const leafOf = (row, salt) => Buffer.from(canonical(salt === null ? row : { row, salt }));

const leafHash = (leaf) => sha256(Buffer.concat([LEAF, leaf]));
const nodeHash = (left, right) => sha256(Buffer.concat([NODE, left, right]));

/** The root in hex, built on a stack of full trees as a mountain range. */
export function rootOf(leaves) {
  if (leaves.length === 0) return sha256Hex(Buffer.alloc(0));
  const peaks = [];
  leaves.forEach((leaf, place) => {
    let reached = leafHash(leaf);
    for (let bits = place; bits % 2 === 1; bits = (bits - 1) / 2) reached = nodeHash(peaks.pop(), reached);
    peaks.push(reached);
  });
  return peaks.reduceRight((right, left) => nodeHash(left, right)).toString('hex');
}

/** The root to which a proof leads, or null where the proof has not the length that the place asks for. */
export function rootFromProof(leaf, index, size, beside) {
  let [place, last, reached] = [index, size - 1, leafHash(leaf)];
  for (const other of beside) {
    if (last === 0) return null;
    if (place % 2 === 1 || place === last) {
      reached = nodeHash(other, reached);
      while (place % 2 === 0 && place !== 0) [place, last] = [place >>> 1, last >>> 1];
    } else {
      reached = nodeHash(reached, other);
    }
    [place, last] = [place >>> 1, last >>> 1];
  }
  return last === 0 ? reached.toString('hex') : null;
}

/** The seed that the ceremony gives, or null for a decision without chance. */
export function seedOf(commit, reveal, where) {
  demandKeys(reveal, ['root', 'office_commitment', 'parts', 'seed'], where);
  demandEqual(reveal.root, commit.root, where, 'the root');
  demandEqual(reveal.office_commitment, commit.office_commitment, where, "the office's commitment");
  if (!Array.isArray(reveal.parts)) throw new Lie(where, 'the parts must be a list');
  for (const part of reveal.parts) {
    demandKeys(part, ['party', 'text'], where);
    const isText = (text) => typeof text === 'string' && !text.includes('\0');
    if (!isText(part.party) || !isText(part.text)) throw new Lie(where, 'a part of the ceremony is no text');
  }
  if (commit.office_commitment === null) {
    const found = [reveal.parts, reveal.seed, commit.witnesses, commit.beacon, commit.beacon_fallback];
    demandEqual(found, [[], null, null, null, null], where, 'the ceremony of a decision without chance');
    return null;
  }
  checkParts(commit, reveal.parts, where);
  const texts = ['sunroll-seed/v1', commit.root, ...reveal.parts.map((part) => part.text)];
  const seed = sha256Hex(texts.join('\0'));
  demandEqual(reveal.seed, seed, where, 'the seed');
  return seed;
}

function checkParts(commit, parts, where) {
  const hasBeacon = commit.beacon !== null;
  const witnesses = parts.slice(1, hasBeacon ? -1 : undefined);
  const names = witnesses.map((part) => part.party);
  if (names.length < FEWEST_WITNESSES || new Set(names).size < names.length) {
    throw new Lie(where, `a ceremony has at least ${FEWEST_WITNESSES} witnesses, each named once`);
  }
  if (commit.witnesses !== null) demandEqual(names, commit.witnesses, where, 'the list of witnesses');
  const [office] = parts;
  demandEqual(office.party, 'office', where, 'the first party');
  if (sha256Hex(office.text) !== commit.office_commitment && office.text !== commit.office_commitment) {
    throw new Lie(where, "the office's text is not the one it was bound to");
  }
  witnesses.forEach((part, place) => {
    if (!/^[0-9]{12,}$/.test(part.text) && part.text !== `unrevealed/${place + 1}`) {
      throw new Lie(where, `the text of witness ${part.party} is neither twelve digits or more nor unrevealed`);
    }
  });
  if (hasBeacon) demandEqual(parts.at(-1).party, commit.beacon, where, 'the last party');
}
