/** Every spec runs with JavaScript; those tagged @nojs run once more without, since every read page and form must work so. */
import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser.ts";

export default defineConfig({
  testDir: "./tests",
  globalSetup: "./support/start-demo.ts",
  outputDir: "./test-results",
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  // A test that passes at the second try has found something: it fails.
  retries: 0,
  workers: 2,
  // Generous: axe over a hundred rows takes seconds, and a machine may be building something else meanwhile.
  timeout: 180_000,
  globalTimeout: 20 * 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: { ...browser, viewport: { width: 1366, height: 768 }, trace: "retain-on-failure" },
  projects: [
    { name: "hydrated" },
    { name: "no-javascript", grep: /@nojs/, use: { javaScriptEnabled: false } },
  ],
});
