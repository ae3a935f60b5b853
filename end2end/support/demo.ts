/** The demo as the tests see it: its ready line, read from the process once and handed to the workers as an environment variable. */
import { type ChildProcess, spawn } from "node:child_process";
import { get } from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface Person {
  id: string;
  institution: string;
  host: string;
  user: string;
  password: string;
  role: string;
  totp_secret: string | null;
}

export interface Ready {
  ready: true;
  site: string;
  admin: string;
  codes: string;
  authority: string;
  people: Person[];
  administrator: { token: string; sites: Record<string, { server: string; site: string }> };
}

const START_LIMIT_MS = 120_000;
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Starts the demo on free ports and resolves when it says that it is ready; its log goes to stderr only if it fails. */
export async function startDemo(...more: string[]): Promise<{ ready: Ready; pid: number; stop: () => Promise<void> }> {
  const binary = process.env.ODR_PORTAL_BIN ?? `${root}target/release/odr-portal`;
  const args = ["demo", "--print-json", "--site-addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--codes-addr", "127.0.0.1:0", ...more];
  const child = spawn(binary, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last: string[] = [];
  const keep = (line: string) => {
    last.push(line);
    if (last.length > 40) last.shift();
  };
  createInterface({ input: child.stderr }).on("line", keep);
  try {
    const ready = await readyLine(child, keep);
    return { ready, pid: child.pid ?? 0, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw new Error(`${binary} did not become ready: ${error}\n${last.join("\n")}`);
  }
}

function readyLine(child: ChildProcess, keep: (line: string) => void): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${START_LIMIT_MS} ms`)), START_LIMIT_MS);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`ended with ${code}`)));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      keep(line);
      if (!line.startsWith("{") || !line.includes('"ready"')) return;
      const said = JSON.parse(line);
      if (said.ready !== true) return;
      clearTimeout(timer);
      resolve(said);
    });
  });
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.pid === undefined) return resolve();
    const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill("SIGTERM");
  });
}

/** What the demo said, in a worker. */
export function demo(): Ready {
  const said = process.env.ODR_DEMO_READY;
  if (!said) throw new Error("the global set-up has not run");
  return JSON.parse(said);
}

/** The first person who fits: person({ role: "Officer" }), person({ host: "banyan.localhost" }). */
export function person(wanted: Partial<Person> = {}): Person {
  const found = demo().people.find((each) => Object.entries(wanted).every(([name, value]) => each[name as keyof Person] === value));
  if (!found) throw new Error(`nobody in the demo is ${JSON.stringify(wanted)}`);
  return found;
}

/** One person of each institution. */
export function institutions(): Person[] {
  const people = demo().people;
  return people.filter((each, index) => people.findIndex((other) => other.host === each.host) === index);
}

/** The address of a path at an institution. */
export function address(host: string, path = "/"): string {
  return `http://${host.split(":")[0]}:${demo().site.split(":").pop()}${path}`;
}

/** Tells an institution's server (or registry entry: "suspend", "resume") how to behave, and waits until the portal can see it. */
export async function behave(host: string, behaviour: string): Promise<void> {
  const body = new URLSearchParams({ institution: person({ host }).id, behaviour });
  const told = await fetch(`http://${demo().codes}/behave`, { method: "POST", body, redirect: "manual" });
  if (told.status !== 303) throw new Error(`the demo refuses ${behaviour}: ${told.status} ${await told.text()}`);
  const wanted = { suspend: true, resume: false }[behaviour];
  for (const until = Date.now() + 30_000; wanted !== undefined && Date.now() < until; ) {
    const suspended = (await statusOf(host)) === 403;
    if (suspended === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Asked over the address, with the host as a header: not every resolver knows *.localhost. */
function statusOf(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(`http://${demo().site}/sign-in`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once("error", reject);
  });
}
