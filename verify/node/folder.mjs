// Reading a ledger folder: canonical JSON with exact integers, digests, and the two ways in which a folder can fail.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder is no ledger that this checker can read; nothing is said about its truth. */
export class Unreadable extends Error {}

/** Something in the folder does not agree with something else in it. */
export class Lie extends Error {
  constructor(where, what) {
    super(`${where}: ${what}`);
  }
}

export const sha256 = (data) => createHash('sha256').update(data).digest();
export const sha256Hex = (data) => sha256(data).toString('hex');

/** The order of UTF-8 bytes, for two texts: that of code units, but for surrogates, which stand above U+FFFF. */
export function compareBytes(one, other) {
  const length = Math.min(one.length, other.length);
  for (let place = 0; place < length; place += 1) {
    let left = one.charCodeAt(place);
    let right = other.charCodeAt(place);
    if (left !== right) {
      if (left >= 0xd800 && right >= 0xd800) {
        left += left >= 0xe000 ? -0x800 : 0x2000;
        right += right >= 0xe000 ? -0x800 : 0x2000;
      }
      return left - right;
    }
  }
  return one.length - other.length;
}

/** Keys sorted, real characters, two spaces of indent, one newline at the end. */
export const canonical = (value) => `${written(value, '\n')}\n`;

function written(value, line) {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = `${line}  `;
  if (Array.isArray(value)) {
    return value.length ? `[${inner}${value.map((one) => written(one, inner)).join(`,${inner}`)}${line}]` : '[]';
  }
  const keys = Object.keys(value).sort(compareBytes);
  const pairs = keys.map((key) => `${JSON.stringify(key)}: ${written(value[key], inner)}`);
  return pairs.length ? `{${inner}${pairs.join(`,${inner}`)}${line}}` : '{}';
}

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*))(?![.0-9eE])|(true|false|null))/y;

/** JSON with integers of any size (numbers where they are exact, else BigInt). Throws on anything else. */
class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  token() {
    TOKEN.lastIndex = this.at;
    const match = TOKEN.exec(this.text);
    if (match === null) throw new Error(`no JSON at character ${this.at}`);
    this.at = TOKEN.lastIndex;
    return match;
  }

  whole() {
    const value = this.value(this.token());
    if (this.text.slice(this.at).trim() !== '') throw new Error('something follows the JSON');
    return value;
  }

  value([, mark, text, number, word]) {
    if (text !== undefined) return readText(text);
    if (number !== undefined) return Number.isSafeInteger(Number(number)) ? Number(number) : BigInt(number);
    if (word !== undefined) return JSON.parse(word);
    if (mark === '[') return this.list();
    if (mark === '{') return this.object();
    throw new Error(`no value at character ${this.at}`);
  }

  list() {
    const found = [];
    let token = this.token();
    while (token[1] !== ']') {
      found.push(this.value(token));
      token = this.token();
      if (token[1] === ',') token = this.notClosing();
      else if (token[1] !== ']') throw new Error(`a list is broken at character ${this.at}`);
    }
    return found;
  }

  object() {
    const found = Object.create(null);
    let token = this.token();
    while (token[1] !== '}') {
      if (token[2] === undefined || this.token()[1] !== ':') throw new Error(`an object is broken at character ${this.at}`);
      const key = readText(token[2]);
      if (key in found) throw new Error(`the key ${key} stands twice`);
      found[key] = this.value(this.token());
      token = this.token();
      if (token[1] === ',') token = this.notClosing();
      else if (token[1] !== '}') throw new Error(`an object is broken at character ${this.at}`);
    }
    return found;
  }

  notClosing() {
    const token = this.token();
    if (token[1] === ']' || token[1] === '}') throw new Error(`a comma stands before the end at character ${this.at}`);
    return token;
  }
}

function readText(quoted) {
  const text = JSON.parse(quoted);
  if (!text.isWellFormed()) throw new Error('a text has half of a surrogate pair');
  return text;
}

/** The JSON in `data`, which must be written canonically, so that nobody reads it in two ways. */
export function parseCanonical(data, where) {
  let value;
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    value = new Parser(text).whole();
  } catch (error) {
    throw new Lie(where, `is not JSON: ${error.message}`);
  }
  if (canonical(value) !== text) throw new Lie(where, 'is not written canonically');
  return value;
}

/** The bytes of a file that has to be in the folder. */
export function readBytes(root, where) {
  try {
    return readFileSync(join(root, where));
  } catch (error) {
    throw new Lie(where, `cannot be read: ${error.code}`);
  }
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The value as an object with exactly these keys. */
export function demandKeys(value, keys, where) {
  if (!isObject(value) || Object.keys(value).length !== keys.length || !keys.every((key) => key in value)) {
    throw new Lie(where, `must be an object with the keys ${[...keys].sort().join(', ')}`);
  }
  return value;
}

/** Fail where the two differ; `what` names the thing that is compared. */
export function demandEqual(found, expected, where, what) {
  if (found === expected) return;
  const [left, right] = [canonical(found), canonical(expected)];
  if (left !== right) throw new Lie(where, `${what} is ${shown(left)}, and must be ${shown(right)}`);
}

const shown = (text) => {
  const flat = text.replace(/\s*\n\s*/g, ' ').trim();
  return flat.length <= 100 ? flat : `${flat.slice(0, 100)}…`;
};

/** Fail at the first place where two values differ. */
export function compare(found, expected, where, pointer = '') {
  if (Array.isArray(found) && Array.isArray(expected) && found.length === expected.length) {
    found.forEach((one, place) => compare(one, expected[place], where, `${pointer}/${place}`));
  } else if (isObject(found) && isObject(expected) && sameKeys(found, expected)) {
    for (const key of Object.keys(found).sort(compareBytes)) compare(found[key], expected[key], where, `${pointer}/${key}`);
  } else {
    demandEqual(found, expected, where, `recomputed from the input, ${pointer || '/'}`);
  }
}

const sameKeys = (one, other) =>
  Object.keys(one).length === Object.keys(other).length && Object.keys(one).every((key) => key in other);

/** A count of each word, as an object without a prototype. */
export function tally(words) {
  const found = Object.create(null);
  for (const word of words) found[word] = (found[word] ?? 0) + 1;
  return found;
}

export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);
export const byId = (one, other) => compareBytes(one.id, other.id);
