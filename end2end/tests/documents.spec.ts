/** From the list of all documents to one of them beside its case's: by mouse, with and without JavaScript. */
import { expect, institutions, person, signIn, test } from "../support/test.ts";

const somebody = () => person({ host: institutions()[0].host, role: "LEGAL_HEAD" });

test("a document is found in the list of all and read beside its case's @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/documents");
  await axe();
  await page.getByLabel("Kind").selectOption("AGREEMENT");
  await page.getByLabel("State").selectOption("STORED");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/\/documents\?kind=AGREEMENT&state=STORED/);
  const first = page.locator("tbody tr").first().getByRole("link").first();
  const title = await first.innerText();
  await first.click();
  await expect(page).toHaveURL(/\/cases\/[0-9a-z]+\/documents\?doc=[0-9a-z]+$/);
  await expect(page.getByRole("heading", { level: 2, name: title })).toBeVisible();
  await expect(page.locator("iframe")).toHaveAttribute("src", /^\/documents\/[0-9a-z]+\/content$/);
  const fetched = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download" }).click();
  expect((await fetched).suggestedFilename()).toMatch(/\.pdf$/);
});

test("going back turns to the document before, and not a page of its frame", async ({ page }) => {
  await signIn(page, somebody(), "/documents?kind=AGREEMENT&state=STORED");
  await page.locator("tbody tr").first().getByRole("link").first().click();
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const before = page.url();
  const other = page.locator(".beside tbody tr").nth(1).getByRole("link").first();
  const title = await other.innerText();
  await other.click();
  await expect(page.getByRole("heading", { level: 2, name: title })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(before);
});
