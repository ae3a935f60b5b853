/**
 * One case's whole life in a browser and by keyboard, from the draft to the award satisfied, with the right person at each step. What the
 * registry, the arbitrator and the respondent do comes about at the institution's own server.
 */
import type { Browser, Page } from "@playwright/test";
import { enter, follow } from "../support/keyboard.ts";
import { address, expect, institutions, person, signIn, test, type Person } from "../support/test.ts";
import { change, create, createLike, rows, type Row } from "../support/upstream.ts";

const host = () => institutions()[0].host;
/** A day on the institutions' calendar. */
const day = (from_now = 0) => new Date(Date.now() + (330 + from_now * 1440) * 60_000).toISOString().slice(0, 10);

/** Somebody at their own desk. */
async function at(browser: Browser, who: Person): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, who);
  return page;
}

/** Fills in the form that is open and sends it; it is taken. */
async function send(page: Page, typed: Record<string, string>): Promise<void> {
  const form = page.url();
  for (const [name, value] of Object.entries(typed)) await enter(page, name, value);
  await follow(page, page.locator("main form button.primary"));
  await expect(page).not.toHaveURL(form);
  await expect(page.getByRole("alert")).toHaveCount(0);
}

class Life {
  constructor(
    readonly maker: Page,
    readonly head: Page,
    readonly id: string,
    readonly institution: string,
    readonly party: string,
  ) {}

  path(part = ""): string {
    return address(host(), `/cases/${this.id}${part}`);
  }

  async case(): Promise<Row> {
    return (await rows(host(), "Arbitration Case", { name: this.id }))[0]!;
  }

  async stands(stage: string, status: string): Promise<void> {
    const { stage: at, status: stands } = await this.case();
    expect([at, stands]).toEqual([stage, status]);
  }

  /** Opens a form from the case, or from one of its parts, fills it in and sends it. */
  async does(page: Page, deed: string, typed: Record<string, string> = {}, part = ""): Promise<void> {
    await page.goto(this.path(part));
    await follow(page, page.locator(`main a[href*="/do/${deed}"]`).first());
    await expect(page).toHaveURL(new RegExp(`/do/${deed}`));
    await send(page, typed);
  }

  /** What may not be done is said, with why, and leads nowhere. */
  async mayNot(page: Page, deed: string): Promise<void> {
    await page.goto(this.path(`/do/${deed}`));
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator("main form.fields")).toHaveCount(0);
  }

  /** The maker asks, nothing happens yet; the head decides, from the inbox. */
  async byTwo(deed: string, typed: Record<string, string> = {}): Promise<void> {
    const { status } = await this.case();
    await this.does(this.maker, deed, typed);
    expect((await this.case()).status, `${deed}: nothing happens until somebody else has decided`).toBe(status);
    await this.maker.goto(this.path(`/do/${deed}`));
    await expect(this.maker.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);
    await this.head.goto(address(host(), "/approvals"));
    await follow(this.head, this.head.locator(`main a[href*="/cases/${this.id}/do/${deed}"]`).first());
    await send(this.head, {});
  }

  catchesUp(): Promise<void> {
    return this.does(this.maker, "catch-up");
  }

  /** The registry or the arbitrator moves the case. */
  moved(stage: string, status: string, more: Record<string, unknown> = {}): Promise<void> {
    return change(host(), "Arbitration Case", this.id, { stage, status, ...more });
  }

  /** A notice is on its way, then served. */
  async notice(notice_type: string, served: boolean): Promise<void> {
    const state = { state: served ? "SERVED" : "IN_PROGRESS", counts_served: Number(served), required: 1, served_on: served ? day() : null };
    const [cell] = await rows(host(), "Case Service", { case_ref: this.id, notice_type });
    if (cell) return change(host(), "Case Service", cell.name, state);
    await createLike(host(), "Case Service", this.institution, {
      case_ref: this.id, party: this.party, notice_type, zone: (await this.case()).zone, idem_key: null, service_key: `${this.id}-${notice_type}`, ...state,
    });
  }

  /** A clock of the case ended long ago. */
  async timeIsOver(clock: string): Promise<void> {
    const clocks = await rows(host(), "Case Clock", { case_ref: this.id, clock });
    expect(clocks.length, `${clock} runs`).toBeGreaterThan(0);
    for (const { name } of clocks) await change(host(), "Case Clock", name, { due_on: "2026-01-05" });
  }

  /** The maker adds a document. */
  async adds(kind: string): Promise<void> {
    await this.maker.goto(this.path("/documents"));
    await follow(this.maker, this.maker.getByRole("link", { name: "Add documents" }));
    await enter(this.maker, "doc_type", kind);
    await enter(this.maker, "visible_to", "INSTITUTION");
    // The picker itself is the system's.
    await this.maker.locator("input[type=file]").setInputFiles({ name: `${kind}.pdf`, mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.7\n${kind} ${this.id}`) });
    await follow(this.maker, this.maker.getByRole("button", { name: "Upload", exact: true }));
    await expect(this.maker.getByRole("row").filter({ hasText: `${kind}.pdf` })).toBeVisible();
  }
}

/** The maker enters a draft. */
async function born(browser: Browser): Promise<Life> {
  const maker = await at(browser, person({ host: host(), role: "LEGAL_MANAGER" }));
  const head = await at(browser, person({ host: host(), role: "LEGAL_HEAD" }));
  await follow(maker, maker.locator('main a[href="/cases/new"]'));
  await expect(maker.getByRole("heading", { level: 1 })).toBeVisible();
  const branch = await maker.locator('[name="branch"] option').nth(1).getAttribute("value");
  await send(maker, {
    lan: `LIFE-${Date.now()}`, product: "PERSONAL", branch: branch!, agreement_no: "AG-LIFE", agreement_on: "2024-01-01", clause: "1",
    consent_basis: "NAMED_IN_CLAUSE", default_on: "2025-01-01", pos: "1,00,000", dues_on: day(), party_name: "Ramesh Kumar",
    entity_type: "INDIVIDUAL", mobile: "+91 90000 00021", email: "ramesh@mail.example.in", address: "12 MG Road", town: "Pune", pincode: "411001", language: "mr",
  });
  await expect(maker).toHaveURL(/\/cases\/[^/]+$/);
  const id = maker.url().split("/").pop()!;
  const [drafted] = await rows(host(), "Arbitration Case", { name: id });
  const parties = await rows(host(), "Case Party", { case_ref: id });
  const party = parties.find(({ party_role }) => party_role !== "CLAIMANT")!.name;
  return new Life(maker, head, id, String(drafted!.institution), party);
}

test("a case lives from the draft to the award satisfied with the right person at each step, by keyboard alone", async ({ browser, axe }) => {
  test.setTimeout(600_000);
  const life = await born(browser);
  const { maker, head, id, institution } = life;
  await maker.goto(life.path());
  await axe(maker);
  await life.stands("S00", "DRAFT");
  await life.adds("AGREEMENT");
  await life.does(maker, "submit_draft");
  await life.mayNot(maker, "approve_draft");
  await life.does(head, "approve_draft");
  await life.stands("S00", "APPROVED");

  await test.step("the recall notice goes out with an approved campaign, and its time to pay runs out", async () => {
    const [campaign] = await rows(host(), "Notice Campaign", { institution }, 1);
    const { state } = campaign!;
    await change(host(), "Notice Campaign", campaign!.name, { state: "APPROVED" });
    await createLike(host(), "Notice Recipient", institution, {
      case_ref: id, party: life.party, campaign: campaign!.name, notice_type: "LRN", zone: (await life.case()).zone, idem_key: null, recipient_key: `life-${id}`,
    });
    await life.does(maker, "queue_lrn");
    await change(host(), "Notice Campaign", campaign!.name, { state });
    await life.notice("LRN", false);
    await life.catchesUp();
    await life.stands("S10", "LRN_ISSUED");
    await life.notice("LRN", true);
    await life.catchesUp();
    await life.stands("S10", "CURE_RUNNING");
    await life.timeIsOver("CURE");
    await life.catchesUp();
    await life.stands("S10", "CURE_EXPIRED");
  });

  await test.step("arbitration is invoked, and nothing is filed before every respondent is served", async () => {
    await life.byTwo("queue_s21");
    await life.notice("S21", false);
    await life.catchesUp();
    await life.stands("S20", "S21_ISSUED");
    await life.mayNot(maker, "file_reference");
    await life.notice("S21", true);
    await life.catchesUp();
    await life.stands("S20", "S21_SERVED");
    await life.does(maker, "file_reference", { fee: "500" });
    await life.stands("S30", "FILED");
  });

  await test.step("the registry finds a defect, which is cured, and registers the case", async () => {
    await life.moved("S30", "DEFECT_RAISED");
    await create(host(), "Case Defect", {
      institution, made_by: "upstream:registry", changed_by: "upstream:registry", case_ref: id, code: "NO_SOA", defect_text: "The account is missing",
      raised_on: day(-3), due_on: day(10), state: "OPEN", cure_days: -1,
    });
    await maker.goto(life.path());
    await axe(maker);
    await life.does(maker, "answer-defect", { answer: "It is annexed" }, "/tasks");
    await life.does(maker, "cure_defect");
    await life.stands("S30", "DEFECT_CURED");
    await life.moved("S30", "REGISTERED", { case_id: `ARB/2026/${Date.now() % 1_000_000}`, registered_on: day(-2) });
  });

  await test.step("the arbitrator is never the lender's to appoint", async () => {
    for (const lender of [maker, head]) for (const deed of ["propose_arbitrator", "appoint_arbitrator"]) await life.mayNot(lender, deed);
    await createLike(host(), "Case Appointment", institution, {
      case_ref: id, is_current: 1, state: "APPOINTED", consent_basis: "NAMED_IN_CLAUSE", appointment_mode: "INSTITUTION", disclosed_on: day(-1), idem_key: null,
    });
    await life.moved("S40", "APPOINTED", { appointed_on: day(-1) });
  });

  await test.step("the claim is filed with the account, and pleadings close", async () => {
    await life.moved("S50", "SOC_DUE");
    await life.mayNot(maker, "file_soc");
    await life.adds("SOA");
    await life.does(maker, "file_soc", { claim: "1,00,000" });
    await life.stands("S50", "SOC_FILED");
    await life.notice("SOC", true);
    await life.catchesUp();
    await life.stands("S50", "SOD_DUE");
    await life.moved("S50", "SOD_FILED", { sod_on: day() });
    await life.moved("S50", "PLEADINGS_COMPLETE", { pleadings_complete_on: day(), s29a_due_on: "2099-01-01" });
  });

  await test.step("a hearing is reported; the case moves when the registry records it", async () => {
    await createLike(host(), "Case Hearing", institution, {
      case_ref: id, case_id: (await life.case()).case_id, starts_at: `${day(-1)} 10:30:00`, starts_on: day(-1), status: "SCHEDULED", outcome: null,
      reported_outcome: null, confirmed: 1, made_by: "upstream:registry", seq: 1, ics_uid: `life-${id}`, idem_key: null, next_hearing: null,
      previous_hearing: null, zone: (await life.case()).zone,
    });
    await life.moved("S60", "HEARING_SCHEDULED");
    await life.does(maker, "report-outcome", { outcome: "HELD", appeared: "1" }, "/hearings");
    await life.stands("S60", "HEARING_SCHEDULED");
    await life.notice("HEARING", true);
    await life.moved("S60", "RESERVED");
  });

  await test.step("the award is made, reaches everybody, and the time to challenge it passes", async () => {
    await life.moved("S70", "AWARD_MADE", { award_on: day(), award_total: 90_000 });
    await life.moved("S70", "AWARD_DISPATCHED");
    await life.notice("AWARD", true);
    await life.catchesUp();
    await life.stands("S80", "CHALLENGE_WINDOW");
    await life.timeIsOver("S34_CHALLENGE");
    await life.catchesUp();
    await life.stands("S80", "EXECUTION_ELIGIBLE");
  });

  await test.step("an advocate executes it, finance confirms the money, two people close it", async () => {
    const counsel = person({ host: host(), role: "ADVOCATE" });
    const [portal_user] = await rows(host(), "Portal User", { user_id: counsel.user });
    await life.does(maker, "assign", { advocate: String(portal_user!.advocate) });
    const advocate = await at(browser, counsel);
    await life.does(advocate, "file_execution", { court: "City Civil Court", cnr: `MHMU01${String(Date.now()).slice(-10)}` });
    await life.does(advocate, "realise_in_part", { amount: "90,000" });
    await life.stands("S80", "PART_REALISED");
    await life.mayNot(maker, "close_satisfied");
    await life.does(maker, "record-payment", { amount: "90,000", paid_on: day(), mode: "NEFT", utr: `LIFE${Date.now()}` });
    const finance = await at(browser, person({ host: host(), role: "FINANCE_MIS" }));
    await life.does(finance, "confirm-payment", {}, "/money");
    await life.byTwo("close_satisfied");
  });

  const closed = await life.case();
  expect([closed.stage, closed.status, closed.outcome]).toEqual(["S90", "CLOSED", "AWARD_SATISFIED"]);
  await maker.goto(life.path());
  await expect(maker.locator("main")).toContainText("Award satisfied");
  await axe(maker);
  const approvals = await rows(host(), "Case Approval", { case_ref: id });
  expect(approvals.length).toBeGreaterThanOrEqual(3);
  for (const { submitted_by, checker, state } of approvals) {
    expect(state).toBe("APPROVED");
    expect(checker, "nobody decides on what they have asked for").not.toBe(submitted_by);
  }
});
