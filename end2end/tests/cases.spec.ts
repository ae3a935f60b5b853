/** The case list keeps its whole state in the URL. */
import { address, expect, institutions, signIn, test } from "../support/test.ts";

const rows = "tbody tr";

test.beforeEach(async ({ page }) => signIn(page, institutions()[0]));

test("a heading sorts, and once more turns the order around @nojs", async ({ page }) => {
  await page.getByRole("link", { name: "Dues", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Dues" })).toHaveAttribute("aria-sort", "descending");
  await page.getByRole("link", { name: "Dues", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Dues" })).toHaveAttribute("aria-sort", "ascending");
});

test("pages go forward and back @nojs", async ({ page }) => {
  const first = await page.locator(rows).first().innerText();
  await page.getByRole("link", { name: "Next", exact: true }).click();
  await expect(page.locator(rows).first()).not.toHaveText(first, { useInnerText: true });
  await page.getByRole("link", { name: "Previous", exact: true }).click();
  await expect(page.locator(rows).first()).toHaveText(first, { useInnerText: true });
});

test("what cannot be read is said, and stays as typed @nojs", async ({ page, axe }) => {
  await page.getByRole("searchbox").fill("stage:nowhere");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Part of the query could not be read")).toBeVisible();
  await expect(page.getByRole("searchbox")).toHaveValue("stage:nowhere");
  await axe();
});

test("a percent sign and a slash survive the way into the URL and back @nojs", async ({ page }) => {
  await page.getByRole("searchbox").fill("100% Cotton/Ltd");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("link", { name: "Remove filter “100% Cotton/Ltd”" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("100% Cotton/Ltd");
});

test("nothing that matches offers to clear the filters @nojs", async ({ page, axe }) => {
  await page.goto(address(institutions()[0].host, "/cases?q=nothing-is-called-this"));
  await expect(page.getByText("No case matches")).toBeVisible();
  await axe();
  await page.getByRole("link", { name: "Clear all filters" }).click();
  await expect(page.locator(rows).first()).toBeVisible();
});

test("keys reach the query box and the rows", async ({ page }) => {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await page.keyboard.press("j");
  await expect(page.locator(rows).first()).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
});
