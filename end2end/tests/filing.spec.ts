/** Job 10 by keyboard alone: a filing is prepared, approved by somebody else and watched going through, while another institution does the same. */
import type { Browser, Page } from "@playwright/test";
import { enter, follow } from "../support/keyboard.ts";
import { address, expect, institutions, person, signIn, test } from "../support/test.ts";

const ROWS = 120;

/** A branch that the maker may file in, as the form of one case offers it. */
async function branchOf(page: Page, host: string): Promise<string> {
  await page.goto(address(host, "/cases/new"));
  return (await page.locator('select[name="branch"] option').nth(1).getAttribute("value")) ?? "";
}

const lot = (branch: string, mark: string) => {
  const row = (number: number) => {
    const principal = number === 7 ? "a lot" : `"12,500"`;
    return `${mark}-${String(number).padStart(4, "0")},Personal loan,${branch},Ramesh Kumar,${principal},31/10/2026`;
  };
  return ["Loan No,Product,Branch,Customer Name,Principal,Dues as on", ...Array.from({ length: ROWS }, (_, index) => row(index + 1))].join("\r\n");
};

/** Prepares a lot and submits it; answers with the address of the filing. */
async function prepare(page: Page, host: string, mark: string, axe: () => Promise<void>): Promise<string> {
  await signIn(page, person({ host, role: "LEGAL_MANAGER" }));
  const branch = await branchOf(page, host);
  await page.goto(address(host, "/filing"));
  await axe();
  await follow(page, page.getByRole("link", { name: "New filing…" }));
  await enter(page, "title", `Lot ${mark}`);
  const file = { name: "lot.csv", mimeType: "text/csv", buffer: Buffer.from(lot(branch, mark)) };
  await page.getByLabel("File", { exact: true }).setInputFiles(file);
  await axe();
  await follow(page, page.getByRole("button", { name: "Upload" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Choose the columns");
  await expect(page.getByLabel("Loan account number")).toHaveValue("Loan No");
  await expect(page.getByLabel("Principal outstanding")).toHaveValue("Principal");
  await axe();
  await follow(page, page.getByRole("button", { name: "Check every row" }));
  await expect(page.getByRole("heading", { name: "What is to be mended" })).toBeVisible({ timeout: 60_000 });
  const filing = page.url();
  await axe();
  const wrong = page.getByRole("region", { name: /^Rows with something wrong/ });
  await follow(page, wrong.getByRole("link").first());
  await enter(page, "pos", "13,000");
  await follow(page, page.getByRole("button", { name: "Save and check" }));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Filing B-");
  await follow(page, page.getByRole("link", { name: "Submit for approval…" }));
  await expect(page.locator("main")).toContainText(`${ROWS} rows over`);
  await axe();
  await follow(page, page.getByRole("button", { name: "Submit for approval" }));
  await expect(page.locator("main")).toContainText("Pending approval");
  return filing;
}

/** Approves it as somebody else, and watches it go through. */
async function approve(page: Page, host: string, filing: string, axe: () => Promise<void>): Promise<void> {
  await signIn(page, person({ host, role: "LEGAL_HEAD" }));
  await page.goto(filing);
  await follow(page, page.getByRole("link", { name: "Decide…" }));
  await expect(page.getByRole("region", { name: "What would be filed" })).toContainText(String(ROWS));
  await axe();
  await follow(page, page.getByRole("button", { name: "Approve" }));
  await expect(page).toHaveURL(filing);
  await expect(page.locator("main")).toContainText("Done", { timeout: 120_000 });
  await expect(page.getByRole("link", { name: "Download what became of each row" })).toBeVisible({ timeout: 120_000 });
  await axe();
  await follow(page, page.getByRole("region", { name: "Rows", exact: true }).getByRole("link").first());
  await expect(page.getByRole("heading", { level: 1 })).toContainText("D-");
}

async function inWindow<T>(browser: Browser, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext();
  try {
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

test("job 10: a filing is prepared, approved by somebody else, and watched going through, in two institutions at once", async ({ page, browser, axe }) => {
  test.setTimeout(300_000);
  const [one, other] = institutions().map((institution) => institution.host);
  const quiet = () => Promise.resolve();
  const mark = Date.now().toString(36).toUpperCase();
  const [filing, theirs] = await Promise.all([prepare(page, one, mark, axe), inWindow(browser, (theirs) => prepare(theirs, other, mark, quiet))]);
  await page.context().clearCookies();
  await Promise.all([approve(page, one, filing, axe), inWindow(browser, (page) => approve(page, other, theirs, quiet))]);
});
