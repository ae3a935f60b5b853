/** A person who has no mouse: goes to things by Tab, and fills a form in by typing. */
import { expect, type Locator, type Page } from "@playwright/test";

/** Tabs on until this has the focus: what cannot be reached so cannot be used by keyboard. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < 300; stops++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("not reached in 300 stops");
}

/** Goes there by keyboard. */
export async function follow(page: Page, link: Locator): Promise<void> {
  await tabTo(page, link);
  await page.keyboard.press("Enter");
}

/** Enters a value into the field of this name, whatever kind it is; choices are given by their code. */
export async function enter(page: Page, name: string, value: string): Promise<void> {
  const field = page.locator(`main [name="${name}"]:not([type=hidden])`);
  await tabTo(page, field.first());
  const kind = await field.first().evaluate((element) => (element instanceof HTMLInputElement ? element.type : element.tagName));
  if (kind === "SELECT") {
    // A choice is found by the beginning of its words, as far as they tell it from the others.
    const words = await field.locator(`option[value="${value}"]`).innerText();
    await page.keyboard.type(words);
    await expect(field).toHaveValue(value);
  } else if (kind === "radio") {
    const codes = await field.evaluateAll((all) => all.map((each) => (each as HTMLInputElement).value));
    await page.keyboard.press("Space");
    for (let index = codes.indexOf(value); index > 0; index--) await page.keyboard.press("ArrowDown");
    await expect(page.locator(`main [name="${name}"][value="${value}"]`)).toBeChecked();
  } else if (kind === "checkbox") {
    if ((await field.isChecked()) !== (value === "1")) await page.keyboard.press("Space");
    expect(await field.isChecked(), name).toBe(value === "1");
  } else if (kind === "date" || kind === "datetime-local") {
    // What is typed into these depends on the machine's language.
    await field.fill(value);
  } else {
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type(value);
    await expect(field).toHaveValue(value);
  }
}
