/** Every screen as an image, light and dark, wide and narrow, into screenshots/: look at them before calling a screen done. */
import { test } from "@playwright/test";
import { address, person } from "./support/demo.ts";
import { signIn } from "./support/sign-in.ts";

/** A screen's name and address; those before sign-in say so. */
const SCREENS: { name: string; path: string; signedOut?: true }[] = [
  { name: "sign-in", path: "/sign-in", signedOut: true },
  { name: "cases", path: "/cases" },
  { name: "cases-filtered", path: "/cases?q=stage%3Ahearing" },
  { name: "cases-empty", path: "/cases?q=nothing-is-called-this" },
  { name: "not-found", path: "/no-such-page" },
];
const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of SIZES) {
    test(`${colorScheme} ${viewport.width}×${viewport.height}`, async ({ browser }) => {
      const page = await browser.newPage({ colorScheme, viewport });
      const somebody = person({ host: "banyan.localhost" });
      let signedIn = false;
      for (const { name, path, signedOut } of SCREENS) {
        if (!signedOut && !signedIn) {
          await signIn(page, somebody);
          signedIn = true;
        }
        await page.goto(address(somebody.host, path), { waitUntil: "networkidle" });
        await page.screenshot({ path: `screenshots/${name}-${colorScheme}-${viewport.width}.png` });
      }
      await page.close();
    });
  }
}
