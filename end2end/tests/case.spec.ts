/** From what needs somebody now to a case, and through the case: by mouse, by keyboard, without JavaScript. */
import { address, expect, institutions, person, signIn, test } from "../support/test.ts";

const somebody = () => person({ host: institutions()[0].host, role: "LEGAL_HEAD" });
const PARTS = ["Service", "Timeline", "Hearings", "Documents", "Money", "Tribunal", "Tasks", "Audit", "Overview"];

test("every part of a case is a page of its own and accessible @nojs", async ({ page, axe }) => {
  await signIn(page, somebody());
  await page.locator("tbody tr th a").first().click();
  const number = await page.getByRole("heading", { level: 1 }).innerText();
  for (const part of PARTS) {
    await page.getByRole("navigation", { name: "Parts of the case" }).getByRole("link", { name: part }).click();
    await expect(page.getByRole("navigation", { name: "Parts of the case" }).getByRole("link", { name: part })).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(number, { useInnerText: true });
    await expect(page.getByText("could not be loaded")).toHaveCount(0);
    await axe();
  }
});

test("a figure of the dashboard opens the rows that it counts @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/");
  await axe();
  const active = page.getByRole("region", { name: "Portfolio" }).getByRole("link").first();
  const count = await active.innerText();
  await active.click();
  await expect(page.locator("tfoot th .num").first()).toHaveText(count);
});

test("a bar of a chart opens the rows that it counts, and the table below it has the same figure @nojs", async ({ page, axe }) => {
  await signIn(page, somebody(), "/");
  const panel = page.locator("main > section").filter({ has: page.getByRole("heading", { name: "Open cases by stage" }) });
  const bar = panel.getByRole("link", { name: /^Hearing: [\d,]+ of / });
  const count = ((await bar.getAttribute("aria-label")) ?? "").replace(/^Hearing: ([\d,]+) of.*$/, "$1");
  await panel.getByText("The same as a table").focus();
  await page.keyboard.press("Enter");
  await expect(panel.getByRole("row", { name: /^Hearing/ }).getByRole("link")).toHaveText(count);
  await axe();
  await bar.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("tfoot th .num").first()).toHaveText(count);
});

test("a case is found by its loan account and opened by keyboard alone", async ({ page }) => {
  await signIn(page, somebody());
  await expect(page.locator("html")).toHaveAttribute("data-hydrated", "");
  const lan = (await page.locator("tbody tr th .sub").nth(4).innerText()).replace("Loan account", "").trim();
  await page.keyboard.press("/");
  await page.keyboard.type(lan);
  await page.keyboard.press("Enter");
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await page.locator("main").focus();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page.getByText(`loan ${lan}`)).toBeVisible();
});

test("a case that is not there says so and leads back @nojs", async ({ page, axe }) => {
  await signIn(page, somebody());
  const answer = await page.goto(address(somebody().host, "/cases/0000000000"));
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is no such case");
  await axe();
  await page.getByRole("link", { name: "All cases" }).click();
  await expect(page.locator("tbody tr").first()).toBeVisible();
});
