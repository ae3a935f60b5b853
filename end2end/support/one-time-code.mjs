/** Time-based one-time codes (RFC 6238: SHA-1, 30 seconds, six digits), as the person's telephone would show them. */
import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

const STEP_MS = 30_000;
/** A code with less time left than this may be too old when it arrives. */
const LEAST_LEFT_MS = 10_000;

/** @param {string} secret base32 @param {number} nowMs */
export function oneTimeCode(secret, nowMs) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / STEP_MS)));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const offset = digest[digest.length - 1] & 0xf;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A code that is good for ten seconds at least: waits for the next step where the present one is nearly over. A timer may end a moment
 * before its time, still within the old step, so the clock is looked at again.
 * @param {string} secret base32 */
export async function freshCode(secret) {
  const left = () => STEP_MS - (Date.now() % STEP_MS);
  while (left() < LEAST_LEFT_MS) await wait(left());
  return oneTimeCode(secret, Date.now());
}

/** @param {string} text */
function fromBase32(text) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let bits = 0;
  let value = 0;
  const bytes = [];
  for (const letter of text.toUpperCase().replace(/[=\s]/g, "")) {
    const index = letters.indexOf(letter);
    if (index < 0) throw new Error("a one-time secret is base32");
    value = (value << 5) | index;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
      value &= (1 << bits) - 1;
    }
  }
  return Buffer.from(bytes);
}
