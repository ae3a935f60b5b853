/** Playwright's global set-up: one demo for the whole run, ended when the run is. */
import { startDemo } from "./demo.ts";

export default async function start(): Promise<() => Promise<void>> {
  const { ready, stop } = await startDemo("--administrator", ...(process.env.ODR_DEMO_ARGS ?? "--cases 600").split(" "));
  process.env.ODR_DEMO_READY = JSON.stringify(ready);
  return stop;
}
