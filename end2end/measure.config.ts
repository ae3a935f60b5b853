/** One measurement after the other, alone on the machine: measure.ts starts a demo of its own for each delay. */
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "measure.ts",
  outputDir: "./test-results",
  workers: 1,
  timeout: 30 * 60_000,
  reporter: [["line"]],
});
