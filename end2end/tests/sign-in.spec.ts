/** Sign-in says the same for every wrong try, keeps the user name, and works by keyboard and without JavaScript. */
import { address, expect, institutions, person, signIn, test } from "../support/test.ts";

test("a wrong password is answered in words and the user name stays @nojs", async ({ page, axe }) => {
  const somebody = person({ host: institutions()[0].host });
  await page.goto(address(somebody.host, "/sign-in"));
  await expect(page).toHaveTitle(`Sign in · ${somebody.institution}`);
  await page.getByLabel("User").fill(somebody.user);
  await page.getByLabel("Password").fill("not-the-password");
  await page.getByLabel("Password").press("Enter");
  await expect(page.getByRole("alert")).toContainText("User or password is wrong.");
  await expect(page.getByLabel("User")).toHaveValue(somebody.user);
  await axe();
});

test("signing in leads to the cases, signing out says so @nojs", async ({ page, axe }) => {
  const somebody = institutions()[0];
  await signIn(page, somebody);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cases");
  await expect(page).toHaveTitle(`Cases · ${somebody.institution}`);
  await axe();
  await page.locator("details.person summary").click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page.getByLabel("Password")).toBeVisible();
});
