/** The tests' own one-time codes against the published vectors: a wrong helper would look like a broken sign-in. */
import { expect, test } from "@playwright/test";
import { oneTimeCode } from "../support/one-time-code.mjs";

test("codes agree with RFC 6238, appendix B", () => {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"; // base32 of the RFC's "12345678901234567890"
  const expected: [number, string][] = [
    [59, "287082"],
    [1111111109, "081804"],
    [1234567890, "005924"],
    [20000000000, "353130"],
  ];
  for (const [seconds, code] of expected) expect(oneTimeCode(secret, seconds * 1000)).toBe(code);
});
