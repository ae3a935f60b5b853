/** The diary of hearings and the audit trail, and the case list taken away as a file: with and without JavaScript. */
import { readFile } from "node:fs/promises";
import { expect, institutions, person, signIn, test } from "../support/test.ts";

const somebody = () => person({ host: institutions()[0].host, role: "LEGAL_HEAD" });

test("a day is found in the month and its board opened @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/hearings");
  await axe();
  const views = page.getByRole("navigation", { name: "Views of the diary" });
  await views.getByRole("link", { name: "Week" }).click();
  await expect(page).toHaveURL(/view=week/);
  await expect(views.getByRole("link", { name: "Week" })).toHaveAttribute("aria-current", "page");
  await axe();
  await views.getByRole("link", { name: "Month" }).click();
  await expect(page).toHaveURL(/view=month/);
  await axe();
  const month = await page.locator(".diary-title h2").innerText();
  const days = page.getByRole("navigation", { name: "Other days" });
  await days.getByRole("link", { name: "Earlier" }).click();
  await expect(page.locator(".diary-title h2")).not.toHaveText(month);
  await days.getByRole("link", { name: "Today" }).click();
  await expect(page.locator(".diary-title h2")).toHaveText(month);
  await page.getByRole("link", { name: /, today$/ }).click();
  await expect(page).toHaveURL(/view=day&day=\d{4}-\d\d-\d\d$/);
});

test("the trail shows this very sign-in, and only what it is filtered by @nojs", async ({ page, axe }) => {
  const head = somebody();
  await signIn(page, head, "/audit");
  await axe();
  await page.getByLabel("What").selectOption("SIGN_IN");
  await page.getByLabel("Who").fill(head.user);
  // It is written within a second.
  await expect(async () => {
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page.locator("tbody tr").first()).toContainText("session.begin", { timeout: 1_000 });
  }).toPass();
  await expect(page.getByLabel("Who")).toHaveValue(head.user);
  for (const row of await page.locator("tbody tr").all()) await expect(row).toContainText(head.user);
});

test("the list is taken away as it is filtered @nojs", async ({ page }) => {
  await signIn(page, somebody(), "/cases?q=stage%3Ahearing&sort=-dues");
  const first = await page.locator("tbody th a").first().innerText();
  const fetched = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export CSV" }).click();
  const file = await fetched;
  expect(file.suggestedFilename()).toMatch(/^cases-.*\.csv$/);
  const lines = (await readFile(await file.path(), "utf8")).split("\r\n");
  expect(lines[1]).toContain(first);
  expect(lines.at(-2)).toContain("Taken by");
  const workbook = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export Excel" }).click();
  expect((await workbook).suggestedFilename()).toMatch(/^cases-.*\.xlsx$/);
});
