/** The list as somebody wants it again: kept as a view, sent to a colleague, changed and deleted; by keyboard alone, and without JavaScript. */
import { expect, institutions, person, signIn, test } from "../support/test.ts";
import type { Page } from "@playwright/test";

const host = () => institutions()[0].host;
const somebody = () => person({ host: host(), role: "LEGAL_HEAD" });

/** Nobody else's in this run: the tests of several projects share one demo. */
const called = (what: string) => `${what} ${test.info().project.name} ${Date.now()}`;

const views = (page: Page) => page.locator("details", { has: page.locator("summary", { hasText: /^Views$/ }) });

/** Opens the menu, where it is not open still, and takes one of its entries. */
async function choose(page: Page, name: string): Promise<void> {
  if ((await views(page).getAttribute("open")) === null) await views(page).locator("summary").click();
  await views(page).getByRole("link", { name }).click();
}

test("the list is narrowed down, kept as a view and its address sent to a colleague, by keyboard alone", async ({ page, browser, axe }) => {
  const title = called("Large and heard");
  await signIn(page, somebody());
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await page.keyboard.press("/");
  await page.keyboard.type("stage:hearing dues:>1L");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "Remove filter stage:hearing" })).toBeVisible();
  await views(page).locator("summary").focus();
  await page.keyboard.press("Enter");
  await axe();
  await views(page).getByRole("link", { name: "Save this view…" }).focus();
  await page.keyboard.press("Enter");
  // The form begins where the typing does; what the list shows stands in it.
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Save this view");
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await expect(page.getByLabel("Filters", { exact: true })).toHaveValue("stage:hearing dues:>100000");
  await axe();
  await page.keyboard.type(title);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("Who sees it")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("Who sees it")).toHaveValue("ALL");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(page.getByLabel(/^Pinned/)).toBeChecked();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/cases\?q=stage%3Ahearing/);
  const sent = page.url();

  const elsewhere = await browser.newContext();
  const colleague = await elsewhere.newPage();
  await signIn(colleague, person({ host: host(), role: "LEGAL_MANAGER" }));
  await colleague.goto(sent);
  await expect(colleague.getByRole("link", { name: "Remove filter stage:hearing" })).toBeVisible();
  await views(colleague).locator("summary").click();
  await expect(views(colleague).getByRole("link", { name: title })).toHaveAttribute("aria-current", "true");
  // It is somebody else's: there is nothing to change for them.
  await expect(views(colleague).getByRole("link", { name: "Change this view…" })).toHaveCount(0);
  await elsewhere.close();
});

test("a view is kept, found again, changed and deleted @nojs", async ({ page, axe }) => {
  const title = called("On its way");
  await signIn(page, somebody(), "/cases?q=open:yes%20stage:tribunal&sort=-dues");
  await choose(page, "Save this view…");
  await page.getByLabel("Name", { exact: true }).fill(title);
  await page.getByRole("button", { name: "Save the view" }).click();
  await expect(page).toHaveURL(/\/cases\?q=open%3Ayes%20stage%3Atribunal&sort=-dues/);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(page).toHaveURL(/\/cases$/);
  await choose(page, title);
  await expect(page.getByRole("columnheader", { name: "Dues" })).toHaveAttribute("aria-sort", "descending");

  await choose(page, "Change this view…");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Change a view");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(title);
  await axe();
  await page.getByLabel("Name", { exact: true }).fill(`${title}, renamed`);
  await page.getByRole("button", { name: "Change the view" }).click();
  await choose(page, "Change this view…");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(`${title}, renamed`);
  await page.getByRole("button", { name: "Delete…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Delete a view");
  await axe();
  await page.getByRole("button", { name: "Delete the view" }).click();
  await expect(page).toHaveURL(/\/cases$/);
  await views(page).locator("summary").click();
  await expect(views(page).getByRole("link", { name: title })).toHaveCount(0);
});

test("words to look for are not kept, and what was typed stays @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/cases?q=stage:hearing%20sharma");
  await choose(page, "Save this view…");
  await expect(page.getByRole("alert")).toContainText("What you typed is still here");
  await expect(page.getByText("Take out “sharma”")).toBeVisible();
  await axe();
  const title = called("Heard");
  await page.getByLabel("Name", { exact: true }).fill(title);
  await page.getByRole("button", { name: "Save the view" }).click();
  await expect(page.getByText("Take out “sharma”")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(title);
  await page.getByLabel("Filters", { exact: true }).fill("stage:hearing");
  await page.getByRole("button", { name: "Save the view" }).click();
  await expect(page).toHaveURL(/\/cases\?q=stage%3Ahearing/);
});
