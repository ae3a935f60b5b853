/** Looks instead of assertions, run by name: photographs of every screen (shots.ts), Lighthouse's opinion (lighthouse.ts). */
import { defineConfig } from "@playwright/test";
import { browser } from "./support/browser.ts";

export default defineConfig({
  testDir: ".",
  globalSetup: "./support/start-demo.ts",
  outputDir: "./test-results",
  fullyParallel: true,
  workers: 2,
  timeout: 3 * 60_000,
  globalTimeout: 15 * 60_000,
  reporter: [["list"]],
  use: { ...browser },
  projects: [
    { name: "shots", testMatch: "shots.ts" },
    { name: "lighthouse", testMatch: "lighthouse.ts" },
  ],
});
