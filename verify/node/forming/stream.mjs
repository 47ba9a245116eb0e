// The stream of random numbers: SHA-256 in counter mode, keyed by the seed (docs/formats/class-draw.md, section 2).

import { createHash } from 'node:crypto';

const WORD = 2 ** 32;
const SMALL = 2 ** 26;

/** Words of 64 bits of one named stream; integers below a bound are taken by rejection. */
export class Stream {
  constructor(seed, name) {
    const key = createHash('sha256').update(seed).digest();
    const head = Buffer.concat([Buffer.from('sunroll-classes/v1\0'), key, Buffer.from(`${name}\0`)]);
    this.message = Buffer.concat([head, Buffer.alloc(8)]);
    this.counterAt = head.length;
    this.block = 0;
    this.digest = null;
    this.at = 32;
  }

  next() {
    if (this.at === 32) {
      this.message.writeUInt32BE(Math.floor(this.block / WORD), this.counterAt);
      this.message.writeUInt32BE(this.block % WORD, this.counterAt + 4);
      this.digest = createHash('sha256').update(this.message).digest();
      this.block += 1;
      this.at = 0;
    }
    const at = this.at;
    this.at += 8;
    return at;
  }

  /** An integer from 0 to bound − 1; 1 ≤ bound < 2^53. */
  below(bound) {
    if (bound >= SMALL) return Number(this.belowBig(BigInt(bound)));
    const wordRest = WORD % bound;
    const rest = (wordRest * wordRest) % bound;
    for (;;) {
      const at = this.next();
      const high = this.digest.readUInt32BE(at);
      const low = this.digest.readUInt32BE(at + 4);
      if (high < WORD - 1 || low < WORD - rest) return ((high % bound) * wordRest + low) % bound;
    }
  }

  /** The same as a BigInt; 1 ≤ bound ≤ 2^63. */
  belowBig(bound) {
    const limit = (1n << 64n) - ((1n << 64n) % bound);
    for (;;) {
      const at = this.next();
      const word = this.digest.readBigUInt64BE(at);
      if (word < limit) return word % bound;
    }
  }

  /** The numbers 0 … count − 1 in a random order: Fisher-Yates from the last place down. */
  shuffled(count) {
    const order = Array.from({ length: count }, (_, place) => place);
    for (let last = count - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      [order[last], order[other]] = [order[other], order[last]];
    }
    return order;
  }
}
