/** Which browser: the one that CHROMIUM_PATH names, else Debian's, else Playwright's own. */
import { existsSync } from "node:fs";

const DEBIAN = "/usr/bin/chromium";

export const executablePath = process.env.CHROMIUM_PATH ?? (existsSync(DEBIAN) ? DEBIAN : undefined);

/** No sandbox, since tests may run as root in a container; and nothing that would call out. */
export const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const browser = {
  browserName: "chromium",
  launchOptions: { executablePath, args: flags },
} as const;
