/**
 * `test` and `expect` for every spec. Whatever the browser complains of fails the test that caused it: a console message,
 * an uncaught error, a breach of the content security policy. `axe` checks the page against WCAG 2.2 AA.
 */
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type BrowserContext, type Page } from "@playwright/test";

/** Chromium writes these lines by itself: for every answer of 400 and more, and when it clears what a sign-out asks it to. */
const CHROMIUMS_OWN = /^(Failed to load resource: the server responded with a status of [45]\d\d|Clear-Site-Data header on )/;

/** Listens to every page of a context; what it hears is appended to the list. */
export async function listen(context: BrowserContext, heard: string[]): Promise<void> {
  await context.exposeBinding("reportPolicyViolation", (_source, text: string) => heard.push(text));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = (window as unknown as { reportPolicyViolation(text: string): void }).reportPolicyViolation;
      report(`policy: ${event.violatedDirective} stopped ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`);
    });
  });
  context.on("console", (message) => {
    if (!CHROMIUMS_OWN.test(message.text())) heard.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => heard.push(`uncaught: ${error.error()}`));
}

export const test = base.extend<{ complaints: string[]; axe: (page?: Page) => Promise<void> }>({
  complaints: [
    async ({ context, javaScriptEnabled }, use) => {
      const heard: string[] = [];
      if (javaScriptEnabled !== false) await listen(context, heard);
      await use(heard);
      expect(heard, "the browser has nothing to complain of").toEqual([]);
    },
    { auto: true },
  ],
  axe: async ({ page, javaScriptEnabled }, use) => {
    await use(async (of = page) => {
      // axe is a script: where scripts are off there is nothing to run it with, and the markup is the same.
      if (javaScriptEnabled === false) return;
      // The sections on a phone and a table's totals lie over whatever the page has been scrolled to: what they half cover just now is no
      // small target.
      const over = ".rail, thead th, tfoot th, tfoot td";
      const lift = (position: string) =>
        of.evaluate(([over, position]) => document.querySelectorAll<HTMLElement>(over!).forEach((each) => each.style.setProperty("position", position!)), [over, position]);
      await lift("static");
      const { violations } = await new AxeBuilder({ page: of })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      await lift("");
      const told = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target }) => target.join(" ")) }));
      expect(told, "axe").toEqual([]);
    });
  },
});

export { expect };
export { address, demo, institutions, person, type Person } from "./demo.ts";
export { signIn } from "./sign-in.ts";
