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
  await page.getByRole("searchbox", { name: "Search and filter cases" }).fill("stage:nowhere");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Part of the query could not be read")).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Search and filter cases" })).toHaveValue("stage:nowhere");
  await axe();
});

test("a percent sign and a slash survive the way into the URL and back @nojs", async ({ page }) => {
  await page.getByRole("searchbox", { name: "Search and filter cases" }).fill("100% Cotton/Ltd");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("link", { name: "Remove filter “100% Cotton/Ltd”" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("searchbox", { name: "Search and filter cases" })).toHaveValue("100% Cotton/Ltd");
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
  await expect(page.getByRole("searchbox", { name: "Search and filter cases" })).toBeFocused();
});

test("columns are chosen, ordered and kept @nojs", async ({ page, axe }) => {
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("spinbutton", { name: "Product and zone" }).fill("");
  await page.getByRole("spinbutton", { name: "Legal owner" }).fill("2");
  await page.getByLabel("One line a row").check();
  await axe();
  await page.getByRole("button", { name: "Apply" }).click();
  const headings = page.getByRole("columnheader");
  await expect(headings.nth(1)).toHaveText("Legal owner");
  await expect(page.getByRole("columnheader", { name: "Product and zone" })).toHaveCount(0);
  await page.reload();
  await expect(headings.nth(1)).toHaveText("Legal owner");
  await page.getByText("Columns", { exact: true }).click();
  await page.getByRole("button", { name: "As usual" }).click();
  await expect(headings.nth(1)).toHaveText("Respondent");
});

test("the totals stand under the columns that they add up @nojs", async ({ page }) => {
  const cells = page.locator("tfoot tr > *");
  await expect(cells.first()).toContainText("cases");
  const headings = await page.getByRole("columnheader").allInnerTexts();
  await expect(cells.nth(headings.indexOf("Dues"))).toContainText("₹");
  await expect(cells.nth(headings.indexOf("Stage"))).toHaveText("");
});

test("a case is found by its loan account, and opened, by keyboard alone", async ({ page, axe }) => {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const lan = await page.locator("tbody th .sub").first().innerText();
  const number = await page.locator("tbody th a").first().innerText();
  await page.keyboard.press("Control+k");
  await page.keyboard.type(lan);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(number);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing is called this");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No case goes by this number")).toBeVisible();
  await axe();
});

test("a quick look opens beside the list and closes again, by keyboard alone", async ({ page, axe }) => {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await page.keyboard.press("j");
  await page.keyboard.press("Space");
  const look = page.getByRole("complementary", { name: "Quick look" });
  await expect(look.getByText("Respondent", { exact: true })).toBeVisible();
  await expect(page.locator(rows).first()).toBeFocused();
  await axe();
  await page.keyboard.press("Escape");
  await expect(look).toHaveCount(0);
  await expect(page.locator(rows).first()).toBeFocused();
});

test("the address of a quick look shows it @nojs", async ({ page }) => {
  const href = await page.locator(".peek").first().getAttribute("href");
  await page.goto(address(institutions()[0].host, href ?? ""));
  await expect(page.getByRole("link", { name: "Open the case" })).toBeVisible();
  await page.getByRole("link", { name: "Close" }).click();
  await expect(page.getByRole("link", { name: "Open the case" })).toHaveCount(0);
});
