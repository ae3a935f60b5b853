/** Work in a case: what may be done, a step that another person decides on, a hearing's outcome, a comment. By keyboard, and without JavaScript. */
import { address, expect, institutions, person, signIn, test } from "../support/test.ts";
import type { Page } from "@playwright/test";

const host = () => institutions()[0].host;

/** Signs in and opens the first case that this query finds; answers with its address. */
async function open(page: Page, role: string, query: string): Promise<string> {
  await signIn(page, person({ host: host(), role }));
  await page.goto(address(host(), `/cases?q=${encodeURIComponent(query)}`));
  await page.locator("tbody tr th a").first().click();
  await expect(page.getByRole("heading", { name: "What may be done", exact: true })).toBeVisible();
  return page.url();
}

test("a hold is put on a case, by a form that keeps what was typed @nojs", async ({ page, axe }) => {
  const there = await open(page, "LEGAL_HEAD", "stage:hearing hold:none");
  await axe();
  await page.getByRole("link", { name: "Put on hold" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Put on hold");
  await axe();
  await page.getByLabel("What the hold is for").selectOption("Legal hold");
  await page.getByLabel("Reason").fill("hm <b>");
  await page.getByRole("button", { name: "Put on hold" }).click();
  await expect(page.getByRole("alert")).toContainText("What you typed is still here");
  await expect(page.getByLabel("Reason")).toHaveValue("hm <b>");
  await axe();
  await page.getByLabel("Reason").fill("Counsel asks for time");
  await page.getByRole("button", { name: "Put on hold" }).click();
  await expect(page).toHaveURL(there);
  await expect(page.getByText("Counsel asks for time")).toBeVisible();
});

test("a withdrawal is asked for by one person and decided in the inbox by another, by keyboard alone", async ({ page, browser, axe }) => {
  const there = await open(page, "LEGAL_MANAGER", "stage:reference hold:none");
  await page.getByRole("link", { name: "Withdraw the case: ask for approval" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Reason")).toBeFocused();
  await page.keyboard.type("The borrower has paid at the branch");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(there);

  const other = await browser.newContext();
  const head = await other.newPage();
  await signIn(head, person({ host: host(), role: "LEGAL_HEAD" }));
  await head.goto(address(host(), "/approvals"));
  await axe(head);
  const number = (await page.locator("h1 .num").innerText()).trim();
  const row = head.getByRole("row").filter({ hasText: number }).filter({ hasText: "Withdraw" });
  await row.getByRole("link", { name: "Decide" }).focus();
  await head.keyboard.press("Enter");
  await expect(head.getByText("The borrower has paid at the branch")).toBeVisible();
  await axe(head);
  await head.getByRole("button", { name: "Approve" }).focus();
  await head.keyboard.press("Enter");
  await expect(head).toHaveURL(there);
  await head.goto(address(host(), "/approvals?show=decided"));
  await expect(head.getByRole("row").filter({ hasText: number }).filter({ hasText: "Approved" }).first()).toBeVisible();
  await other.close();
});

test("a hearing's outcome is reported in three steps from the list of a case's hearings @nojs", async ({ page, axe }) => {
  await signIn(page, person({ host: host(), role: "LEGAL_HEAD" }));
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  for (const day of [yesterday, new Date().toISOString().slice(0, 10)]) {
    await page.goto(address(host(), `/hearings?view=day&day=${day}`));
    const report = page.getByRole("link", { name: /^Report the outcome of hearing/ }).first();
    if ((await report.count()) === 0) continue;
    await report.click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Report a hearing’s outcome");
    await axe();
    await page.getByLabel("Held", { exact: true }).check();
    await page.getByRole("button", { name: "Report" }).click();
    await expect(page.getByText("Reported, not yet recorded").first()).toBeVisible();
    return;
  }
  // Early in the morning nothing may have begun: the form says so.
  test.info().annotations.push({ type: "note", description: "no hearing of the demo has begun" });
});

test("a comment is written and read on the timeline @nojs", async ({ page, axe }) => {
  await open(page, "LEGAL_MANAGER", "stage:hearing");
  await page.getByRole("link", { name: "Comment on the case" }).click();
  await page.getByLabel("Comment", { exact: true }).fill("Called twice.\nThe son says: <b>Friday</b>");
  await axe();
  await page.getByRole("button", { name: "Add the comment" }).click();
  await expect(page.getByText("The son says: <b>Friday</b>").first()).toBeVisible();
  await axe();
});
