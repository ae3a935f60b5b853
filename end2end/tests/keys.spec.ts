/** Keys that work on every page, the list of them, and the box that finds pages as well as cases. */
import { address, expect, institutions, signIn, test } from "../support/test.ts";

test.beforeEach(async ({ page }) => signIn(page, institutions()[0]));

test("g and another key go to each section, and nothing happens while something is typed", async ({ page }) => {
  for (const [key, path] of [["h", "/hearings"], ["p", "/approvals"], ["o", "/documents"], ["a", "/audit"], ["d", "/"], ["s", "/portfolio"], ["n", "/notices"], ["c", "/cases"]] as const) {
    await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page).toHaveURL(address(institutions()[0].host, path));
  }
  // A key between the two takes the first one back.
  await page.keyboard.press("g");
  await page.keyboard.press("x");
  await page.keyboard.press("h");
  await page.getByRole("searchbox", { name: "Search and filter cases" }).focus();
  await page.keyboard.type("gh?e");
  await expect(page.getByRole("searchbox", { name: "Search and filter cases" })).toHaveValue("gh?e");
  await expect(page).toHaveURL(address(institutions()[0].host, "/cases"));
});

test("a question mark opens the list of keys", async ({ page, axe }) => {
  await page.goto(address(institutions()[0].host, "/hearings"));
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await page.keyboard.press("?");
  await expect(page.getByRole("heading", { level: 1, name: "Keys" })).toBeVisible();
  await axe();
});

test("the list of keys is reached from the person's menu, and leads on @nojs", async ({ page, axe }) => {
  await page.locator(".person summary").click();
  await page.getByRole("link", { name: "Keys" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Keys" })).toBeVisible();
  await axe();
  await page.getByRole("link", { name: "Hearings", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hearings" })).toBeVisible();
});

test("e exports what is listed", async ({ page }) => {
  await page.goto(address(institutions()[0].host, "/cases?q=stage%3Ahearing"));
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("e")]);
  expect(file.suggestedFilename()).toMatch(/^cases-.*\.csv$/);
});

test("a few letters find the page @nojs", async ({ page, axe }) => {
  await page.goto(address(institutions()[0].host, "/find"));
  await expect(page.getByRole("link", { name: "Export CSV" })).toBeVisible();
  await page.locator("#q").fill("hear");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByRole("table").getByRole("link", { name: "Hearings" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Export CSV" })).toHaveCount(0);
  await axe();
  await page.getByRole("table").getByRole("link", { name: "Hearings" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Hearings" })).toBeVisible();
});
