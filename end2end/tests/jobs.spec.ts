/** Daily jobs that no other file acts out, each by keyboard alone: the queue, a hearing's outcome and next date, a document, proof of service. */
import { follow, tabTo } from "../support/keyboard.ts";
import { address, expect, institutions, person, signIn, test } from "../support/test.ts";

const host = () => institutions()[0].host;

test("job 3: what waits is opened from the queue, done, and waits no more", async ({ page, axe }) => {
  await signIn(page, person({ host: host(), role: "LEGAL_MANAGER" }));
  await page.goto(address(host(), "/"));
  const queue = page.locator("section").filter({ has: page.getByRole("heading", { name: "Needs me now" }) });
  const marked = page.getByRole("navigation", { name: "Sections" }).getByRole("link", { name: /Dashboard/ });
  await expect(marked).toContainText("waiting");
  await axe();
  const first = queue.locator("tbody a").first();
  const number = await queue.locator("tbody tr").first().locator(".sub").first().innerText();
  await follow(page, first);
  await expect(page.locator("h1 .num")).toHaveText(number);
  await axe();
  await follow(page, page.getByRole("link", { name: "Check enforceability" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Check enforceability");
  await axe();
  await follow(page, page.getByRole("button", { name: "Keep this and set the tasks" }));
  await expect(page.getByRole("heading", { name: /Enforceability checklist/ })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await expect(queue).toBeVisible();
});

/** So many minutes from now on the institutions' wall clock, as a field of date and time takes it. */
const soon = (minutes: number) => new Date(Date.now() + (330 + minutes) * 60_000).toISOString().slice(0, 16);

test("job 4: a hearing's outcome and its next date are recorded", async ({ page, axe }) => {
  test.setTimeout(300_000);
  await signIn(page, person({ host: host(), role: "LEGAL_HEAD" }));
  await page.goto(address(host(), "/cases?q=stage:hearing"));
  await follow(page, page.locator("tbody tr th a").first());
  await follow(page, page.getByRole("link", { name: "Schedule a hearing" }));
  await tabTo(page, page.getByLabel("What kind of hearing"));
  await page.keyboard.press("ArrowDown");
  await tabTo(page, page.getByLabel("What it is for"));
  await page.keyboard.type("To be heard at once");
  // Whole minutes: some forty seconds ahead at least, and a hundred at most.
  await page.getByLabel("Starts").fill(soon(100 / 60));
  await page.getByLabel("Address to join by").fill("https://rooms.example/at-once");
  await axe();
  await follow(page, page.getByRole("button", { name: "Schedule" }));
  await expect(page).toHaveURL(/\/hearings$/);
  const report = page.getByRole("row").filter({ hasText: "To be heard at once" }).getByRole("link", { name: /^Report the outcome of hearing/ });
  // It begins with its minute; before, there is nothing to report.
  await expect(async () => {
    await page.reload();
    await expect(report).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 150_000 });
  await follow(page, report);
  await tabTo(page, page.getByLabel("Held", { exact: true }));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("Adjourned", { exact: true })).toBeChecked();
  await tabTo(page, page.getByLabel("If adjourned: who asked"));
  await page.keyboard.press("ArrowDown");
  await tabTo(page, page.getByLabel("If adjourned: why"));
  await page.keyboard.press("ArrowDown");
  await page.getByLabel("Next date, if one was given").fill(soon(21 * 24 * 60));
  await axe();
  await follow(page, page.getByRole("button", { name: "Report" }));
  await expect(page).toHaveURL(/\/hearings$/);
  await expect(page.getByText("Reported, not yet recorded").first()).toBeVisible();
});

test("job 5: a document is added to a case and read beside the list", async ({ page, axe }) => {
  await signIn(page, person({ host: host(), role: "LEGAL_MANAGER" }));
  await page.goto(address(host(), "/cases?q=stage:hearing"));
  await follow(page, page.locator("tbody tr th a").first());
  await follow(page, page.getByRole("link", { name: "Documents" }).last());
  await follow(page, page.getByRole("link", { name: "Add documents" }));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add documents");
  await axe();
  await tabTo(page, page.getByLabel("Kind"));
  await page.keyboard.type("Statement of account");
  const name = `statement ${Date.now()}.png`;
  // The picker itself is the system's.
  const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const picture = Buffer.concat([Buffer.from(onePixel, "base64"), Buffer.from(name)]);
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer: picture });
  await follow(page, page.getByRole("button", { name: "Upload", exact: true }));
  const added = page.getByRole("row").filter({ hasText: name }).getByRole("link").first();
  await follow(page, added);
  await expect(page.locator(".exhibit img")).toBeVisible();
  await axe();
});

test("job 8: whether every respondent was served, and the proof of it", async ({ page, axe }) => {
  await signIn(page, person({ host: host(), role: "LEGAL_HEAD" }));
  await page.goto(address(host(), "/cases?q=stage:award"));
  await follow(page, page.locator("tbody tr th a").first());
  await follow(page, page.getByRole("link", { name: "Service", exact: true }));
  const served = page.locator("td a").filter({ hasText: /served/i }).first();
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await axe();
  await follow(page, served);
  await expect(page.locator(".exhibit iframe, .exhibit img").first()).toBeVisible();
});
