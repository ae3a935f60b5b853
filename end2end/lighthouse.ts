/** Lighthouse, mobile preset, over the sign-in page and, signed in, each screen: prints the scores and the vitals. */
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

/** Screens by their address; a case's own are found in the list. */
const SCREENS = ["/", "/cases", "/hearings", "/approvals", "/documents", "/audit", "/keys"];
const OF_A_CASE = ["", "/service", "/timeline", "/documents", "/do/hold"];

test("Lighthouse of each screen", async () => {
  const profile = mkdtempSync(`${tmpdir()}/lighthouse-`);
  const port = await freePort();
  // A profile of its own, since Lighthouse opens its tabs in the browser's first context: there the session must be.
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: [...flags, `--remote-debugging-port=${port}`] });
  try {
    const somebody = person({ host: "banyan.localhost", role: "LEGAL_HEAD" });
    const measure = async (name: string, path: string) => {
      const result = await lighthouse(address(somebody.host, path), { port, output: "json", logLevel: "error", disableStorageReset: true });
      if (!result) throw new Error(`no result for ${path}`);
      const { categories, audits } = result.lhr;
      const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round((score ?? 0) * 100)}`);
      const vitals = VITALS.map((id) => `${id} ${audits[id]?.displayValue ?? "?"}`);
      const { accessibility } = categories;
      const failed = (accessibility?.auditRefs ?? []).filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1).map(({ id }) => id);
      console.log(`${name}: ${scores.join(", ")}\n  ${vitals.join(", ")}${failed.length > 0 ? `\n  not accessible: ${failed.join(", ")}` : ""}`);
    };
    await measure("sign-in", "/sign-in");
    const page = await context.newPage();
    await signIn(page, somebody);
    await page.goto(address(somebody.host, "/cases"));
    const found = await page.locator('a[href^="/cases/"]').evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    const first = found.find((href) => /^\/cases\/[0-9a-z]{10}$/.test(href));
    if (!first) throw new Error("the list links to no case");
    await page.close();
    for (const path of [...SCREENS, ...OF_A_CASE.map((part) => first + part)]) await measure(path.replace(first, "/cases/{id}"), path);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});
