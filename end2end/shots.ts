/** Every screen as an image, light and dark, at three sizes, with full, empty, slow, failed and refused data, into screenshots/:
 *  look at them before calling a screen done. */
import { type Page, test } from "@playwright/test";
import { address, behave, person } from "./support/demo.ts";
import { enterPassword, signIn } from "./support/sign-in.ts";

const FULL = "banyan.localhost";
const EMPTY = "monsoon.localhost";
/** Of its own, so that other pages go on while its server misbehaves. */
const TROUBLED = "laterite.localhost";

/** Stands for the address of the first case of the list. */
const FIRST_CASE = ":case";
/** Stands for the address of the first document that can be opened. */
const FIRST_DOCUMENT = ":document";
/** Stands for the address of a quick look at the first case of the list. */
const FIRST_LOOK = ":look";
/** Stands for the address that asks why the first masked value of the first case is to be seen. */
const FIRST_REVEAL = ":reveal";
/** Where the address stands that a word stands for. */
const FIRST = [
  { word: FIRST_CASE, list: "/cases", link: "tbody tr th a" },
  { word: FIRST_LOOK, list: "/cases", link: ".peek" },
  { word: FIRST_REVEAL, list: `${FIRST_CASE}/service`, link: "a[href*='/reveal/']" },
  { word: FIRST_DOCUMENT, list: "/documents?state=STORED", link: "tbody tr td a" },
];

/** Pages of somebody who is signed in. */
const SCREENS: { name: string; path: string; host?: string }[] = [
  { name: "dashboard", path: "/" },
  { name: "dashboard-empty", path: "/", host: EMPTY },
  { name: "case", path: FIRST_CASE },
  { name: "case-service", path: `${FIRST_CASE}/service` },
  { name: "case-tribunal", path: `${FIRST_CASE}/tribunal` },
  { name: "hearings", path: "/hearings" },
  { name: "hearings-week", path: "/hearings?view=week" },
  { name: "hearings-month", path: "/hearings?view=month" },
  { name: "hearings-agenda", path: "/hearings?view=agenda" },
  { name: "cause-list", path: "/hearings/cause-list?view=week" },
  { name: "feeds", path: "/hearings/feeds" },
  { name: "people", path: "/people" },
  { name: "settings", path: "/settings" },
  { name: "rule", path: "/settings/rules/S21" },
  { name: "deed-check", path: `${FIRST_CASE}/do/check-enforceability` },
  { name: "case-timeline", path: `${FIRST_CASE}/timeline` },
  { name: "case-money", path: `${FIRST_CASE}/money` },
  { name: "bulk", path: "/cases/bulk?of=all&q=stage%3Ahearing" },
  { name: "hearings-empty", path: "/hearings", host: EMPTY },
  { name: "portfolio", path: "/portfolio" },
  { name: "notices", path: "/notices" },
  { name: "notices-channels", path: "/notices/channels" },
  { name: "approvals", path: "/approvals" },
  { name: "approvals-decided", path: "/approvals?show=decided" },
  { name: "deed-hold", path: `${FIRST_CASE}/do/hold` },
  { name: "deed-comment", path: `${FIRST_CASE}/do/comment` },
  { name: "view-new", path: "/views/new?q=stage%3Ahearing" },
  { name: "audit", path: "/audit" },
  { name: "case-documents", path: `${FIRST_CASE}/documents` },
  { name: "case-document", path: FIRST_DOCUMENT },
  { name: "documents", path: "/documents" },
  { name: "documents-no-match", path: "/documents?state=WITHDRAWN" },
  { name: "cases", path: "/cases" },
  { name: "cases-filtered", path: "/cases?q=stage%3Ahearing" },
  { name: "cases-columns", path: "/cases?q=stage%3Ahearing&cols=number.stage.dues.owner.hearing.dense" },
  { name: "cases-look", path: FIRST_LOOK },
  { name: "reveal", path: FIRST_REVEAL },
  { name: "case-tasks", path: `${FIRST_CASE}/tasks` },
  { name: "case-audit", path: `${FIRST_CASE}/audit` },
  { name: "find", path: "/find?q=kumar" },
  { name: "find-page", path: "/find?q=hear" },
  { name: "keys", path: "/keys" },
  { name: "cases-no-match", path: "/cases?q=nothing-is-called-this" },
  { name: "cases-empty", path: "/cases", host: EMPTY },
  { name: "not-found", path: "/no-such-page" },
];
/** The same page, while its institution's server or entry is in trouble. */
const TROUBLES = ["slow", "dead", "maintenance", "suspend"] as const;
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1366, height: 768 },
  { width: 390, height: 844 },
];

/** The path with its word, if it begins with one, replaced by the address that it stands for. */
async function written(page: Page, host: string, path: string): Promise<string> {
  const first = FIRST.find(({ word }) => path.startsWith(word));
  if (!first) return path;
  await page.goto(address(host, await written(page, host, first.list)));
  return path.replace(first.word, (await page.locator(first.link).first().getAttribute("href")) ?? "");
}

test.describe.configure({ mode: "serial" });

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of SIZES) {
    test(`${colorScheme} ${viewport.width}×${viewport.height}`, async ({ browser }) => {
      const shoot = (page: Page, name: string) => page.screenshot({ path: `screenshots/${name}-${colorScheme}-${viewport.width}.png` });
      const fresh = () => browser.newPage({ colorScheme, viewport });

      const stranger = await fresh();
      await stranger.goto(address(FULL, "/sign-in"), { waitUntil: "networkidle" });
      await shoot(stranger, "sign-in");
      await enterPassword(stranger, { ...person({ host: FULL }), password: "not-this-one" });
      await shoot(stranger, "sign-in-wrong");
      await enterPassword(stranger, person({ host: FULL }));
      await stranger.locator("#code").waitFor();
      await shoot(stranger, "sign-in-code");
      await stranger.close();

      const pages = new Map<string, Page>();
      const at = async (host: string) => {
        const page = pages.get(host) ?? (await fresh());
        if (!pages.has(host)) await signIn(page, person({ host, role: "LEGAL_HEAD" }));
        pages.set(host, page);
        return page;
      };
      for (const { name, path, host = FULL } of SCREENS) {
        const page = await at(host);
        await page.goto(address(host, await written(page, host, path)), { waitUntil: "networkidle" });
        await shoot(page, name);
      }
      const troubled = await at(TROUBLED);
      for (const trouble of TROUBLES) {
        await behave(TROUBLED, trouble);
        await troubled.goto(address(TROUBLED, "/cases"), { waitUntil: "networkidle" });
        await shoot(troubled, `cases-${trouble}`);
        await behave(TROUBLED, trouble === "suspend" ? "resume" : "sound");
      }
      for (const page of pages.values()) await page.close();
    });
  }
}
