/** The portfolio summary: read without JavaScript, narrowed by a plain form, each figure a way to its rows, and fit for paper. */
import { expect, institutions, person, signIn, test } from "../support/test.ts";

const host = () => institutions()[0].host;
const somebody = () => person({ host: host(), role: "LEGAL_HEAD" });

test("the summary is read, narrowed and opened row by row @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/portfolio");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Portfolio summary");
  const products = page.getByRole("table", { name: "Open cases by stage and product" });
  const all = products.getByRole("row", { name: /^All open cases/ }).getByRole("cell").last().getByRole("link");
  const everywhere = await all.textContent();
  await axe();
  await page.getByLabel("Narrow to").fill("zone:west");
  await page.getByRole("button", { name: "Narrow" }).click();
  await expect(page).toHaveURL(/\/portfolio\?q=zone/);
  await expect(page.locator("#cover")).toContainText("zone:west");
  expect(await all.textContent()).not.toBe(everywhere);
  await all.click();
  await expect(page).toHaveURL(/\/cases\?q=zone%3Awest%20open%3Ayes/);
});

test("on paper there is the pack and no frame, and what is folded on a screen is there", async ({ page }) => {
  await signIn(page, somebody(), "/portfolio");
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".rail")).toBeHidden();
  await expect(page.locator(".top")).toBeHidden();
  await expect(page.locator("#cover")).toContainText("Institution");
  await expect(page.getByRole("table", { name: "Recovery by month of filing" })).toBeVisible();
});
