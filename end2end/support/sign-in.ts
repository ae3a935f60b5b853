/** Signs in as a person would: both steps, by label, with or without JavaScript. */
import { expect, type Page } from "@playwright/test";
import { address, type Person } from "./demo.ts";
import { freshCode } from "./one-time-code.mjs";

/** The first step alone. */
export async function enterPassword(page: Page, person: Person): Promise<void> {
  await page.goto(address(person.host, "/sign-in"));
  await page.getByLabel("User", { exact: false }).first().fill(person.user);
  await page.locator('input[type="password"]').fill(person.password);
  await page.locator('button[type="submit"]').first().click();
}

/** Both steps, then on to a page: the case list, where nothing else is asked for. */
export async function signIn(page: Page, person: Person, path = "/cases"): Promise<void> {
  await enterPassword(page, person);
  const code = page.locator('input[autocomplete="one-time-code"]');
  if (person.totp_secret) {
    // The code is read when it is asked for: signing in may take a busy machine longer than a code is good for.
    await code.waitFor();
    await code.fill(await freshCode(person.totp_secret));
    await page.locator('button[type="submit"]').first().click();
  }
  await expect(page).not.toHaveURL(/\/sign-in/);
  await page.goto(address(person.host, path));
}
