/**
 * What pages and exports cost, as one Markdown table: signed in as a legal head, one request at a time, with the institutions'
 * servers answering after 5, 50 and 500 ms. Runs under Playwright for its TypeScript alone; no browser is started.
 *
 * ODR_MEASURE_N is how often each page is asked for (15), ODR_MEASURE_DEMO what else the demo is told (--cases-of banyan=150000).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "@playwright/test";
import { startDemo } from "./support/demo.ts";
import { Visitor } from "./support/visitor.ts";

const DELAYS_MS = [5, 50, 500];
const TIMES = Number(process.env.ODR_MEASURE_N ?? 15);
const MORE = (process.env.ODR_MEASURE_DEMO ?? "").split(" ").filter(Boolean);
/** So many pages from the first is deep. */
const DEEP_PAGES = 20;
const PAGES_AT_ONCE = 8;
const PAGES_IN_ALL = 200;

const table: string[][] = [["what", "upstream", "first byte", "whole page", "upstream calls", "size"]];
const after: string[] = [];

const ms = (time: number) => `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
const size = (bytes: number) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
}

/** Bytes of memory that a process has, or had at most. */
function memory(pid: number, which: "VmRSS" | "VmHWM"): number {
  const line = new RegExp(`^${which}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** The addresses of the pages, as somebody who clicks would find them. */
async function addresses(visitor: Visitor): Promise<[string, string][]> {
  const link = (page: string, pattern: RegExp) => pattern.exec(page)?.[1]?.replaceAll("&amp;", "&");
  const list = await visitor.page("/cases");
  const found = link(list, /href="(\/cases\/[0-9a-z]{10,}[^"]*)"/);
  if (!found) throw new Error("the list links to no case");
  let deep = "/cases";
  for (let page = list, turned = 0; turned < DEEP_PAGES; turned++) {
    const next = link(page, /href="(\/cases\?[^"]*after=[^"]*)"/);
    if (!next) break;
    [deep, page] = [next, await visitor.page(next)];
  }
  return [
    ["dashboard", "/"],
    ["case list, 100 rows", "/cases"],
    ["deep page of the list", deep],
    ["search for a name", "/cases?q=kumar"],
    ["case page", found],
  ];
}

async function measurePages(visitor: Visitor, delay: string): Promise<void> {
  for (const [name, path] of await addresses(visitor)) {
    // The first time fills caches and indexes; what is measured is the rest.
    await visitor.get(path);
    const before = await visitor.upstreamCalls();
    const seen = [];
    for (let time = 0; time < TIMES; time++) seen.push(await visitor.get(path));
    const calls = ((await visitor.upstreamCalls()) - before) / TIMES;
    const of = (what: "first" | "whole" | "bytes") => median(seen.map((each) => each[what]));
    table.push([name, delay, ms(of("first")), ms(of("whole")), calls.toFixed(1), size(of("bytes"))]);
  }
}

async function measureExports(visitor: Visitor, delay: string, pid: number): Promise<void> {
  for (const format of ["csv", "xlsx"]) {
    // Forgets the largest size so far.
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    const [calls, held] = [await visitor.upstreamCalls(), memory(pid, "VmRSS")];
    const seen = await visitor.get(`/cases/export?format=${format}&q=`);
    const asked = (await visitor.upstreamCalls()) - calls;
    table.push([`export, ${format}`, delay, ms(seen.first), ms(seen.whole), String(asked), size(seen.bytes)]);
    after.push(`Peak memory during the ${format} export at ${delay}: ${size(memory(pid, "VmHWM"))}, ${size(held)} before it.`);
  }
}

/** Seconds of processor time that a process has used; the kernel counts in hundredths. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A filter that leaves about so many rows, by halving the sums between the smallest and the largest claim. */
async function filterOf(visitor: Visitor, rows: number): Promise<[string, number]> {
  let [low, high] = [0, 100_000_000];
  for (;;) {
    const middle = Math.round((low + high) / 2);
    const path = `/cases?q=${encodeURIComponent(`dues:>${middle}`)}`;
    const { total } = JSON.parse(await visitor.page(`/api/v1${path}`)) as { total: number };
    if (Math.abs(total - rows) <= 1 || high - low < 2) return [path, total];
    if (total > rows) low = middle;
    else high = middle;
  }
}

/** How many pages of the list are rendered a second when several are asked for at once. */
async function measureRate(visitor: Visitor, pid: number): Promise<void> {
  for (const [path, rows] of [["/cases", 100], await filterOf(visitor, 20)] as const) {
    let left = PAGES_IN_ALL;
    const [began, used] = [performance.now(), processorTime(pid)];
    const ask = async () => {
      while (left-- > 0) await visitor.get(path);
    };
    await Promise.all(Array.from({ length: PAGES_AT_ONCE }, ask));
    const seconds = (performance.now() - began) / 1e3;
    const cpu = processorTime(pid) - used;
    after.push(
      `List of ${rows} rows, ${PAGES_AT_ONCE} at once, no delay: ${(PAGES_IN_ALL / seconds).toFixed(1)} pages a second, ` +
        `${(PAGES_IN_ALL / cpu).toFixed(1)} a second of one core (the simulated servers' share is in it).`,
    );
  }
}

async function withDemo(delayMs: number, work: (visitor: Visitor, pid: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const delay = delayMs > 0 ? ["--upstream-delay", `${delayMs}ms`] : [];
  const { ready, pid, stop } = await startDemo("--requests-per-second", "100000", ...delay, ...MORE);
  try {
    after.push(`Started with ${delayMs} ms in ${((performance.now() - began) / 1e3).toFixed(1)} s; ${size(memory(pid, "VmRSS"))} then.`);
    const head = ready.people.find((each) => each.id === "banyan" && each.role === "LEGAL_HEAD" && each.totp_secret);
    if (!head) throw new Error("nobody in the demo is a legal head");
    await work(await Visitor.signedIn(ready, head), pid);
  } finally {
    await stop();
  }
}

test("what pages and exports cost", async () => {
  for (const delayMs of DELAYS_MS) {
    await withDemo(delayMs, async (visitor, pid) => {
      await measurePages(visitor, `${delayMs} ms`);
      await measureExports(visitor, `${delayMs} ms`, pid);
    });
  }
  await withDemo(0, measureRate);
  const [head = [], ...rows] = table.map((cells) => `| ${cells.join(" | ")} |`);
  const rule = `|${" --- |".repeat(table[0]?.length ?? 0)}`;
  const notes = after.map((note) => `- ${note}`);
  console.log(["", `Medians of ${TIMES}.`, "", head, rule, ...rows, "", ...notes, "", "Portal and simulated servers are one process.", ""].join("\n"));
});
