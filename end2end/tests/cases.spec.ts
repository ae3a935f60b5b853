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

test("a column is made wider and narrower by keyboard, stays so, and is taken back", async ({ page, axe }) => {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const heading = page.getByRole("columnheader", { name: "Respondent" });
  const edge = page.getByRole("separator", { name: "Width of Respondent" });
  const width = () => heading.evaluate((element) => (element as HTMLElement).offsetWidth);
  const usual = await width();
  await expect(edge).toHaveAttribute("aria-valuenow", String(usual));
  await edge.focus();
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowRight");
  await expect.poll(width).toBe(usual + 80);
  await expect(edge).toHaveAttribute("aria-valuenow", String(usual + 80));
  await axe();
  // A tab that is opened later, and another page of the list, have it as well.
  await page.reload();
  await expect.poll(width).toBe(usual + 80);
  await page.getByRole("link", { name: "Next", exact: true }).click();
  await expect(page.getByRole("link", { name: "Previous", exact: true })).toBeVisible();
  await expect.poll(width).toBe(usual + 80);
  await edge.focus();
  for (let step = 0; step < 9; step++) await page.keyboard.press("ArrowLeft");
  // No column is narrower than 48 pixels.
  await expect.poll(width).toBe(Math.max(48, usual - 64));
  await page.keyboard.press("Enter");
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("width-")))).toEqual([]);
  // The rows are still reached by their keys, and the first column stays where it is.
  await page.keyboard.press("j");
  await expect(page.locator(rows).first()).toBeFocused();
});

test("a column is dragged, and a double click takes its width back", async ({ page }) => {
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const heading = page.getByRole("columnheader", { name: "Stage" });
  const width = () => heading.evaluate((element) => (element as HTMLElement).offsetWidth);
  const usual = await width();
  const drag = async (by: number) => {
    const box = await heading.boundingBox();
    if (!box) throw new Error("the heading is not there");
    const [x, y] = [box.x + box.width - 4, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + by, y, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(x + by + 200, y + 200);
  };
  await drag(60);
  await expect.poll(width).toBe(usual + 60);
  // What was let go is not moved any further.
  await page.mouse.move(400, 400);
  expect(await width()).toBe(usual + 60);
  await page.getByRole("separator", { name: "Width of Stage" }).dblclick();
  await expect.poll(() => page.evaluate(() => localStorage.getItem("width-stage"))).toBe(null);
});

test("without scripts no edge is offered that could not be moved @nojs", async ({ page, javaScriptEnabled }) => {
  if (javaScriptEnabled !== false) await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await expect(page.getByRole("separator")).toHaveCount(javaScriptEnabled === false ? 0 : (await page.getByRole("columnheader").count()));
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
