/** What the registry, an arbitrator or a respondent does: it comes about at the institution's own server, past the portal. */
import { demo, person } from "./demo.ts";

export type Row = Record<string, unknown> & { name: string };

/** What a copy gets from its site. */
const KEPT_BY_THE_SITE = ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"];

async function call(host: string, method: string, path: string, body?: unknown): Promise<any> {
  const { token, sites } = demo().administrator;
  const { server, site } = sites[person({ host }).id]!;
  const headers = { authorization: `token ${token}`, "x-frappe-site-name": site, "content-type": "application/json" };
  const answer = await fetch(`http://${server}/api/resource/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text).data;
}

/** Rows of a DocType whose fields hold these values, whole. */
export function rows(host: string, doctype: string, of: Record<string, unknown>, most = 50): Promise<Row[]> {
  const filters = Object.entries(of).map(([field, value]) => [field, "=", value]);
  const query = new URLSearchParams({ fields: '["*"]', filters: JSON.stringify(filters), limit_page_length: String(most) });
  return call(host, "GET", `${encodeURIComponent(doctype)}?${query}`);
}

export async function change(host: string, doctype: string, name: string, fields: Record<string, unknown>): Promise<void> {
  await call(host, "PUT", `${encodeURIComponent(doctype)}/${encodeURIComponent(name)}`, fields);
}

export async function create(host: string, doctype: string, fields: Record<string, unknown>): Promise<string> {
  return (await call(host, "POST", encodeURIComponent(doctype), fields)).name;
}

/** A new record like the first one of the same institution, but for these fields. */
export async function createLike(host: string, doctype: string, institution: string, fields: Record<string, unknown>): Promise<void> {
  const [first] = await rows(host, doctype, { institution }, 1);
  if (!first) throw new Error(`${institution} has no ${doctype}`);
  const kept = Object.entries(first).filter(([field, value]) => value !== null && !KEPT_BY_THE_SITE.includes(field));
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  await create(host, doctype, Object.fromEntries([...kept.filter(([field]) => !(field in fields)), ...given]));
}
