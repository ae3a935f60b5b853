/** Each institution has its own door: before anything else, nobody must sign in at the wrong one. */
import { address, expect, institutions, test } from "../support/test.ts";

test("each institution's sign-in page shows its own name and nobody else's @nojs", async ({ page, axe }) => {
  const all = institutions();
  expect(all.length).toBeGreaterThan(1);
  for (const own of all) {
    const answer = await page.goto(address(own.host, "/sign-in"));
    expect(answer?.status()).toBe(200);
    await expect(page.getByText(own.institution).first()).toBeVisible();
    const text = await page.content();
    for (const other of all.filter(({ host }) => host !== own.host)) expect(text).not.toContain(other.institution);
    await axe();
  }
});

test("an address that belongs to nobody is answered by a page that names nobody @nojs", async ({ page }) => {
  const answer = await page.goto(address("nobody.localhost"));
  expect(answer?.status()).toBe(404);
  const text = await page.content();
  for (const { institution } of institutions()) expect(text).not.toContain(institution);
});
