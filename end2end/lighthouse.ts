/** Lighthouse, mobile preset, over the sign-in page and, signed in, the case list: prints the scores and the vitals. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { chromium, test } from "@playwright/test";
import lighthouse from "lighthouse";
import { executablePath, flags } from "./support/browser.ts";
import { address, person } from "./support/demo.ts";
import { signIn } from "./support/sign-in.ts";

const VITALS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift", "total-byte-weight"];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const bound = server.address();
      server.close(() => resolve(typeof bound === "object" && bound ? bound.port : 0));
    });
  });
}

test("Lighthouse of sign-in and case list", async () => {
  const profile = mkdtempSync(`${tmpdir()}/lighthouse-`);
  const port = await freePort();
  // A profile of its own, since Lighthouse opens its tabs in the browser's first context: there the session must be.
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...flags, `--remote-debugging-port=${port}`] });
  try {
    const somebody = person({ host: "banyan.localhost" });
    const measure = async (name: string, path: string) => {
      const result = await lighthouse(address(somebody.host, path), { port, output: "json", logLevel: "error", disableStorageReset: true });
      if (!result) throw new Error(`no result for ${path}`);
      const { categories, audits } = result.lhr;
      const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round((score ?? 0) * 100)}`);
      const vitals = VITALS.map((id) => `${id} ${audits[id]?.displayValue ?? "?"}`);
      console.log(`${name}: ${scores.join(", ")}\n  ${vitals.join(", ")}`);
    };
    await measure("sign-in", "/sign-in");
    const page = await context.newPage();
    await signIn(page, somebody);
    await page.close();
    await measure("cases", "/cases");
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
