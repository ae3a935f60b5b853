/** A masked value of a case's party, seen whole for a minute: by keyboard alone, and without JavaScript. */
import { expect, institutions, person, signIn, test } from "../support/test.ts";
import type { Page } from "@playwright/test";

const somebody = () => person({ host: institutions()[0].host, role: "LEGAL_HEAD" });
/** Of every respondent the loan account is known, and it is digits alone. */
const WHOLE = /^\d{8,18}$/;

/** The contacts of the first case of the list. */
async function openContacts(page: Page): Promise<void> {
  await signIn(page, somebody());
  await page.locator("tbody tr th a").first().click();
  await page.getByRole("navigation", { name: "Parts of the case" }).getByRole("link", { name: "Service" }).click();
  await expect(page.getByRole("heading", { name: "Contacts and identity" })).toBeVisible();
}

test("an account is revealed for a reason and hidden again @nojs", async ({ page, axe }) => {
  await openContacts(page);
  await axe();
  const service = page.url();
  await page.getByRole("link", { name: /^Reveal Bank account of/ }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Bank account of R/);
  await axe();
  await page.getByLabel("What it is for").selectOption("Something else");
  await page.getByRole("button", { name: "Reveal" }).click();
  await expect(page.getByRole("alert")).toContainText("at least 5 characters");
  await expect(page.getByLabel("What it is for")).toHaveValue("OTHER");
  await axe();
  await page.getByLabel("In your own words").fill("The borrower asked to be called back");
  await page.getByRole("button", { name: "Reveal" }).click();
  await expect(page.locator("#revealed")).toHaveText(WHOLE);
  await axe();
  await page.getByRole("link", { name: "Hide it now" }).click();
  await expect(page).toHaveURL(service);
  await expect(page.getByRole("link", { name: /^Reveal Bank account of/ }).first()).toBeVisible();
});

test("an account is revealed by keyboard alone", async ({ page }) => {
  await openContacts(page);
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  await page.getByRole("link", { name: /^Reveal Bank account of/ }).first().focus();
  await page.keyboard.press("Enter");
  // The form begins where the typing does: the purpose, then the words, then the button.
  await expect(page.getByLabel("What it is for")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("What it is for")).toHaveValue("CONTACT");
  await page.keyboard.press("Tab");
  await page.keyboard.type("call back today");
  await page.keyboard.press("Enter");
  await expect(page.locator("#revealed")).toHaveText(WHOLE);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Hide it now" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Contacts and identity" })).toBeVisible();
});
