/** A day's frame: who is here, for how long, and what an institution without cases sees. */
import { address, expect, person, signIn, test } from "../support/test.ts";
import { freshCode } from "../support/one-time-code.mjs";

test("an institution without cases is told so and what to do", async ({ page, axe }) => {
  await signIn(page, person({ host: "monsoon.localhost", role: "LEGAL_HEAD" }));
  await expect(page).toHaveTitle("Cases · Monsoon Credit");
  await expect(page.locator("tbody tr")).toHaveCount(0);
  await expect(page.getByText("no cases yet", { exact: false })).toBeVisible();
  await axe();
});

test("signing in needs no mouse", async ({ page }) => {
  const somebody = person({ host: "banyan.localhost", role: "LEGAL_MANAGER" });
  await page.goto(address(somebody.host));
  await page.keyboard.type(somebody.user);
  await page.keyboard.press("Tab");
  await page.keyboard.type(somebody.password);
  await page.keyboard.press("Enter");
  await expect(page.locator('input[autocomplete="one-time-code"]')).toBeFocused();
  await page.keyboard.type(await freshCode(somebody.totp_secret!));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
});

test("a wrong code may be tried again, and one can go back @nojs", async ({ page, axe }) => {
  const somebody = person({ host: "banyan.localhost", role: "FINANCE_MIS" });
  await page.goto(address(somebody.host));
  await page.getByLabel("User").fill(somebody.user);
  await page.locator('input[type="password"]').fill(somebody.password);
  await page.locator('button[type="submit"]').first().click();
  await page.locator('input[autocomplete="one-time-code"]').fill("000000");
  await page.locator('button[type="submit"]').first().click();
  await expect(page.locator("#problem")).toContainText("code", { ignoreCase: true });
  await axe();
  await page.locator('form[action="/sign-in/restart"] button').click();
  await expect(page.getByLabel("User")).toHaveValue(somebody.user);
});

test("before an idle session ends one is asked to stay", async ({ page }) => {
  await page.clock.install();
  await signIn(page, person({ host: "banyan.localhost", role: "AUDITOR" }));
  await page.waitForSelector("html[data-hydrated]");
  await page.clock.fastForward("13:30");
  const stay = page.getByRole("button", { name: "Stay signed in" });
  await expect(stay).toBeVisible();
  await stay.click();
  await page.clock.runFor(6_000);
  await expect(stay).toBeHidden();
});

test("the rows stay where the totals fail", async ({ page }) => {
  await signIn(page, person({ host: "banyan.localhost", role: "VIEWER" }));
  await page.waitForSelector("html[data-hydrated]");
  await page.route("**/api/cases/totals*", (route) =>
    route.fulfill({ status: 502, contentType: "application/json", body: '{"code":{"code":"upstream"},"request_id":"r-1"}' }),
  );
  await page.getByRole("searchbox", { name: "Search and filter cases" }).fill("stage:closed");
  await page.keyboard.press("Enter");
  await expect(page.getByText("r-1")).toBeVisible();
  await expect(page.locator("tbody tr").first()).toBeVisible();
});

test("light and dark are a person's own choice @nojs", async ({ page }) => {
  await signIn(page, person({ host: "banyan.localhost", role: "COLLECTIONS_OFFICER" }));
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});
