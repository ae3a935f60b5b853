/** Somebody who is signed in and asks for pages one by one, without a browser: times, sizes, and what the portal counted. */
import { Agent, request } from "node:http";
import type { Person, Ready } from "./demo.ts";
import { freshCode } from "./one-time-code.mjs";

/** An answer, whole; times in milliseconds since it was asked for. */
export interface Seen {
  status: number;
  first: number;
  whole: number;
  bytes: number;
  text: string;
}

export class Visitor {
  private readonly cookies = new Map<string, string>();
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly ready: Ready,
    private readonly host: string,
  ) {}

  /** Signs in with both factors. */
  static async signedIn(ready: Ready, person: Person): Promise<Visitor> {
    const visitor = new Visitor(ready, person.host);
    await visitor.send("/sign-in", new URLSearchParams({ user: person.user, password: person.password }));
    if (person.totp_secret) await visitor.send("/sign-in/code", new URLSearchParams({ code: await freshCode(person.totp_secret) }));
    await visitor.page("/cases");
    return visitor;
  }

  /** Asks for a path that must be there. */
  async get(path: string): Promise<Seen> {
    const seen = await this.send(path);
    if (seen.status !== 200) throw new Error(`${path} answers ${seen.status}`);
    return seen;
  }

  /** The text of a page. */
  async page(path: string): Promise<string> {
    return (await this.get(path)).text;
  }

  /** How often the portal has called an institution's server so far. */
  async upstreamCalls(): Promise<number> {
    const metrics = await (await fetch(`http://${this.ready.admin}/metrics`)).text();
    const counted = metrics.matchAll(/^portal_upstream_requests_total\{[^}]*\} (\S+)/gm);
    return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
  }

  /** Over the address, with the host as a header: not every resolver knows *.localhost. */
  private send(path: string, form?: URLSearchParams): Promise<Seen> {
    const [address, port] = this.ready.site.split(":");
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { host: `${this.host}:${port}`, "sec-fetch-site": "same-origin", cookie };
    const type = form && { "content-type": "application/x-www-form-urlencoded" };
    const asked = performance.now();
    return new Promise((resolve, reject) => {
      const sent = request({ host: address, port, path, agent: this.agent, method: form ? "POST" : "GET", headers: { ...headers, ...type } });
      sent.once("error", reject);
      sent.once("response", (response) => {
        this.keep(response.headers["set-cookie"] ?? []);
        const pieces: Buffer[] = [];
        let first = 0;
        response.on("data", (piece: Buffer) => {
          first ||= performance.now() - asked;
          pieces.push(piece);
        });
        response.once("error", reject);
        response.once("end", () => {
          const body = Buffer.concat(pieces);
          const whole = performance.now() - asked;
          resolve({ status: response.statusCode ?? 0, first: first || whole, whole, bytes: body.length, text: body.toString() });
        });
      });
      sent.end(form?.toString());
    });
  }

  private keep(lines: string[]): void {
    for (const line of lines) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
      if (!value || line.includes("Max-Age=0")) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
