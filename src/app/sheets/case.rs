//! The parts of a case file, in words.

use super::{cases, day, due, moment, money, term};
use crate::model::{
    CaseFile, Cell, ClockRow, CommentRow, Comments, Day, DefectRow, Due, EventRow, Fact, FactGroup, FileForm, HearingRow, Hold, MoneyBook,
    ParticularRow, PartyLine, ServiceCell, ServiceMatrix, Sheet, TaskEntry, TaskPage, TaskRow, Timeline, Tone, Tribunal,
};

/// The case at a glance: where it stands, then what is known of it.
pub fn glance(file: CaseFile) -> Vec<FactGroup> {
    let CaseFile { case, outcome, hold_reason, groups, today, .. } = file;
    let fact = |label: &str, cell: Cell| Fact { label: label.to_owned(), cell, formula: None };
    let hold =
        (case.hold != Hold::None).then(|| fact("Notices held", Cell::text(case.hold.label()).some_line(hold_reason).meant(Tone::Waiting)));
    let mut facts = vec![
        fact("Respondent", cases::respondent(&case)),
        fact("Stage", cases::stage(&case)),
        fact("Claim", money(case.claim)),
        fact("Dues", money(case.dues)),
        fact("Next hearing", moment(case.next_hearing)),
        fact("Next due", due(case.next_due, today)),
    ];
    facts.extend(outcome.map(|outcome| fact("Outcome", term(outcome))));
    facts.extend(hold);
    [FactGroup { title: case.number, facts }].into_iter().chain(groups).collect()
}

/// Tasks, soonest first.
pub fn tasks(due_tasks: Due<TaskRow>) -> Sheet {
    let Due { rows, today } = due_tasks;
    let row = |task: TaskRow| vec![due(task.due_on, today), Cell::text(task.title), Cell::text(task.assignee)];
    Sheet::new("To do", "Nothing is to be done", &["By", "Task", "Who"]).with(rows.into_iter().map(row))
}

/// A page of the tasks of this case, the newest first, whatever has become of them.
pub fn every_task(page: TaskPage, case: &str) -> Sheet {
    let today = page.today;
    let row = |entry: TaskEntry| {
        let by = if entry.open { due(entry.task.due_on, today) } else { day(entry.task.due_on) };
        let done = day(entry.done_on).some_line(entry.done_by);
        let title = Cell::text(entry.task.title).line(entry.task.kind.label);
        vec![title, term(entry.state), by, Cell::text(entry.task.assignee), done]
    };
    let next = page.after.map(|after| after.href_after(&format!("/cases/{case}/tasks")));
    let sheet = Sheet::new("Tasks", "No task has been set", &["Task", "State", "By", "Who", "Done"]);
    Sheet { next, ..sheet.with(page.rows.into_iter().map(row)) }
}

/// The defects that the registry raised and nobody has cured, with the way to answer each.
pub fn defects(open: Due<DefectRow>) -> Option<Sheet> {
    let Due { rows, today } = open;
    let row = |defect: DefectRow| {
        let (words, tone) = if defect.answered { ("Answered, not yet submitted", Tone::Waiting) } else { ("Not answered", Tone::Bad) };
        let answer = Cell::text(words).meant(tone);
        let spoken = format!("Answer the defect: {}", defect.code.label);
        let form = |href| Cell { exact: Some(spoken), ..Cell::text("Answer") }.file(href, FileForm::Form);
        let what = Cell::text(defect.code.label).some_line(defect.text);
        vec![due(defect.due_on, today), what, answer, defect.answer.map_or_else(Cell::default, form)]
    };
    let sheet = Sheet::new("Defects of the registry", "", &["By", "Defect", "Answer", "Do"]);
    (!rows.is_empty()).then(|| sheet.with(rows.into_iter().map(row)))
}

/// Clocks, with why each ends when it does.
pub fn clocks(due_clocks: Due<ClockRow>) -> Sheet {
    let Due { rows, today } = due_clocks;
    let row = |clock: ClockRow| {
        let ends = if clock.running { due(clock.due_on, today) } else { day(clock.due_on) };
        let began = clock.starts_on.map_or_else(|| "an unknown day".to_owned(), Day::long);
        let why = Cell::text(format!("{} on {began}, then {}", clock.start_event, clock.length)).line(clock.rule);
        let state = term(clock.state).some_line(clock.running.then_some(clock.side.label));
        vec![ends, term(clock.clock).some_line(clock.party.map(|party| format!("for {party}"))), state, why]
    };
    Sheet::new("Clocks", "No clock runs", &["Ends", "Clock", "State", "Why this date"]).with(rows.into_iter().map(row))
}

/// The service matrix: parties by notices.
pub fn service(matrix: ServiceMatrix) -> Sheet {
    let today = matrix.today;
    let headings: Vec<&str> = std::iter::once("Party").chain(matrix.notices.iter().map(|notice| notice.label.as_str())).collect();
    let rows: Vec<_> = matrix.parties.into_iter().map(|party| party_line(party, today, matrix.proofs.as_deref())).collect();
    Sheet::new("Service", "No party is on record", &headings).with(rows)
}

fn party_line(party: PartyLine, today: Day, proofs: Option<&str>) -> Vec<Cell> {
    let who = match party.name {
        Some(name) => format!("{} {name}", party.label),
        None => party.label,
    };
    let role = if party.deceased { format!("{}, deceased", party.role.label) } else { party.role.label };
    let known = party.contacts.into_iter().filter(|(_, value)| !value.is_empty());
    let first =
        known.fold(Cell::text(who).some_line(party.name_local).line(role), |cell, (name, value)| cell.line(format!("{name}: {value}")));
    let cells = party.cells.into_iter().map(|cell| cell.map_or_else(|| Cell::some(None), |cell| evidence(cell, today, proofs)));
    std::iter::once(first).chain(cells).collect()
}

fn evidence(cell: ServiceCell, today: Day, proofs: Option<&str>) -> Cell {
    let late = !cell.counts && cell.due_on.is_some_and(|due| due < today);
    let tone = match (cell.counts, late) {
        (true, _) => Tone::Good,
        (false, true) => Tone::Bad,
        (false, false) => Tone::Waiting,
    };
    let date = match (cell.served_on, cell.due_on) {
        (Some(day), _) => Some(day.long()),
        (None, due) => due.map(|due| format!("due {}", due.long())),
    };
    let href = proofs.zip(cell.proof.as_deref()).map(|(address, name)| format!("{address}{name}"));
    let proof = if cell.proof.is_some() { "Proof on file" } else { "No proof on file" };
    let proof = (cell.counts || cell.required).then(|| proof.to_owned());
    let shown = term(cell.state).some_line(date).some_line(cell.channel.map(|channel| channel.label));
    let shown = shown.some_line(cell.rule).some_line(proof).meant(tone);
    Cell { href, ..shown }
}

/// Masked values of parties. Who may reveal none has no column for it.
pub fn particulars(rows: Vec<ParticularRow>) -> Sheet {
    let may = rows.iter().any(|row| row.reveal.is_some());
    let headings = ["Party", "What", "Value", "Deliveries", "Whole"];
    let headings = if may { &headings[..] } else { &headings[..4] };
    let remark = may.then(|| "Revealing a value asks for a reason, which is recorded. It is hidden again after a minute.".to_owned());
    let line = |row: ParticularRow| {
        let party = Cell::text(row.party.as_str()).some_line(row.name);
        let what = Cell::text(row.kind.label()).some_line(row.address_kind.map(|kind| kind.label));
        let what = what.some_line((!row.active).then(|| "no longer in use".to_owned()));
        let told = Cell::text(row.state.label).some_line(row.told_on.map(Day::long));
        let mut cells = vec![party, what, Cell::some(Some(row.masked).filter(|masked| !masked.is_empty())), told];
        if may {
            let spoken = format!("Reveal {} of {}", row.kind.label(), row.party);
            let reveal = |address| Cell { exact: Some(spoken), ..Cell::text("Reveal") }.file(address, FileForm::OnPage);
            cells.push(row.reveal.map_or_else(|| Cell::some(None), reveal));
        }
        cells
    };
    Sheet {
        remark,
        ..Sheet::new("Contacts and identity", "Nothing is on record of the parties", headings).with(rows.into_iter().map(line))
    }
}

/// A page of the timeline of this case, of this kind.
pub fn timeline(timeline: Timeline, case: &str, kind: &str) -> Sheet {
    let row = |event: EventRow| {
        vec![
            moment(event.at),
            Cell::text(event.title).some_line(event.note),
            Cell::text(format!("{} · {}", event.kind.label, event.origin.label)),
        ]
    };
    let next = timeline.after.map(|place| format!("{}&kind={kind}", place.href_after(&format!("/cases/{case}/timeline"))));
    let sheet = Sheet::new("Timeline", "Nothing of this kind has happened", &["When", "What", "Kind"]);
    Sheet { next, ..sheet.with(timeline.events.into_iter().map(row)) }
}

/// A page of the comments on this case.
pub fn comments(comments: Comments, case: &str) -> Sheet {
    let row = |comment: CommentRow| {
        let mut lines = comment.text.lines().filter(|line| !line.trim().is_empty());
        let first = Cell::some(lines.next().map(str::to_owned));
        vec![moment(comment.at), lines.fold(first, Cell::line), Cell::text(comment.by), term(comment.visibility)]
    };
    let next = comments.after.map(|place| format!("{}&kind=COMMENT", place.href_after(&format!("/cases/{case}/timeline"))));
    let sheet = Sheet::new("Comments", "Nobody has commented", &["When", "Comment", "Who", "Read by"]);
    Sheet { next, ..sheet.with(comments.rows.into_iter().map(row)) }
}

/// A column of what may be done with a hearing: its heading, and whether a hearing offers it.
type HearingDeed = (&'static str, fn(&HearingRow) -> bool);

/// Hearings of a case, newest first.
pub fn hearings(hearings: Vec<HearingRow>) -> Sheet {
    let deeds: [HearingDeed; 4] = [
        ("Report", |row| row.report.is_some()),
        ("Prepare", |row| row.prepare.is_some()),
        ("Move", |row| row.changes.is_some()),
        ("Cancel", |row| row.changes.is_some()),
    ];
    // What may be done with none of them has no column.
    let used = deeds.map(|(_, offered)| hearings.iter().any(offered));
    let headings = ["When", "Hearing", "Where", "Before", "Outcome"].into_iter();
    let headings: Vec<&str> = headings.chain(deeds.iter().zip(used).filter(|(_, used)| *used).map(|((label, _), _)| *label)).collect();
    let none = "No hearing has been scheduled";
    Sheet::new("Hearings", none, &headings).with(hearings.into_iter().map(|row| hearing(row, used)))
}

fn hearing(hearing: HearingRow, used: [bool; 4]) -> Vec<Cell> {
    let (place, outcome) = (hearing_place(&hearing), hearing_outcome(&hearing));
    let (moves, cancels) = hearing.changes.clone().unzip();
    let deeds = [
        hearing_report(&hearing),
        hearing_deed(&hearing, "Checklist", "Prepare", hearing.prepare.clone()),
        hearing_deed(&hearing, "Move", "Move", moves),
        hearing_deed(&hearing, "Cancel", "Cancel", cancels),
    ];
    let prepared = (hearing.prepared && hearing.prepare.is_some()).then(|| "Prepared".to_owned());
    let what = Cell::text(format!("{}. {}", hearing.seq, hearing.kind.label)).line(hearing.purpose).some_line(prepared);
    let first = [moment(hearing.starts_at), what, place, Cell::text(hearing.arbitrator), outcome];
    first.into_iter().chain(deeds.into_iter().zip(used).filter(|(_, used)| *used).map(|(cell, _)| cell)).collect()
}

/// The way to something that may be done with a hearing.
fn hearing_deed(hearing: &HearingRow, words: &str, spoken: &str, form: Option<String>) -> Cell {
    let exact = format!("{spoken} hearing {} of {}", hearing.seq, hearing.number);
    form.map_or_else(Cell::default, |form| Cell { exact: Some(exact), ..Cell::text(words) }.file(form, FileForm::Form))
}

/// The way to report what came of a hearing.
pub(super) fn hearing_report(hearing: &HearingRow) -> Cell {
    match &hearing.report {
        Some(form) => {
            Cell { exact: Some(format!("Report the outcome of hearing {} of {}", hearing.seq, hearing.number)), ..Cell::text("Outcome") }
                .file(form.clone(), FileForm::Form)
        }
        None => Cell::default(),
    }
}

/// Where a hearing is, or how to join it.
pub(super) fn hearing_place(hearing: &HearingRow) -> Cell {
    match &hearing.room {
        Some(room) => Cell::text("Join online").to(room.clone()),
        None => Cell::text(hearing.place.clone().unwrap_or_else(|| hearing.mode.label.clone())),
    }
}

/// What came of a hearing: what the registry recorded counts; what was only reported says so.
pub(super) fn hearing_outcome(hearing: &HearingRow) -> Cell {
    match (&hearing.outcome, &hearing.reported) {
        (Some(recorded), _) => term(recorded.clone()).some_line(hearing.adjourned.clone()),
        (None, Some(reported)) => term(reported.clone()).line("Reported, not yet recorded"),
        (None, None) => term(hearing.status.clone()).some_line(hearing.adjourned.clone()),
    }
}

/// What was paid, offered, promised and spent.
pub fn money_book(book: MoneyBook) -> Vec<Sheet> {
    let heads = |headings: &'static [&'static str], does: bool| if does { headings } else { &headings[..headings.len() - 1] };
    let paid = heads(&["Paid on", "#Amount", "How", "State", "Reference", "Change"], book.payments.iter().any(|row| row.deed.is_some()));
    let payments = book.payments.into_iter().map(|row| {
        let change = money_deed(row.deed, &format!("the payment of {}", row.amount.exact()));
        vec![day(row.on), money(row.amount), term(row.mode), term(row.state), Cell::text(row.utr), change]
    });
    let offered =
        heads(&["Made", "By", "#Offer", "#Dues then", "State", "Valid until", "Change"], book.offers.iter().any(|row| row.deed.is_some()));
    let offers = book.offers.into_iter().map(|row| {
        let change = money_deed(row.deed, &format!("the offer of {}", row.amount.exact()));
        // One whose answer stands below it says so even where nobody has written that it was countered.
        let answered = row.answered_by.map(|number| format!("countered by offer {number}"));
        let state = term(row.state).line(row.kind.label).some_line(answered);
        let answers = row.answers.map(|number| format!("answers offer {number}"));
        let made = moment(row.at).line(format!("Offer {}", row.seq)).some_line(answers);
        vec![made, term(row.by), money(row.amount), money(row.dues), state, day(row.valid_until), change]
    });
    let instalments = book.instalments.into_iter().map(|row| vec![day(row.due_on), money(row.amount), money(row.paid), term(row.state)]);
    let costs =
        book.costs.into_iter().map(|row| vec![day(row.on), term(row.kind), money(row.amount), term(row.state), Cell::text(row.payee)]);
    let cut = |columns: usize| {
        move |mut row: Vec<Cell>| {
            row.truncate(columns);
            row
        }
    };
    vec![
        Sheet::new("Payments", "Nothing has been paid", paid).with(payments.map(cut(paid.len()))),
        Sheet::new("Offers", "Nothing has been offered", offered).with(offers.map(cut(offered.len()))),
        Sheet::new("Instalments", "No instalments have been agreed", &["Due", "#Instalment", "#Paid", "State"]).with(instalments),
        Sheet::new("Costs", "No costs have been recorded", &["Incurred", "For", "#Amount", "State", "Payee"]).with(costs),
    ]
}

/// The way to what may be done about a payment or an offer.
fn money_deed(deed: Option<(String, String)>, on: &str) -> Cell {
    match deed {
        Some((words, form)) => Cell { exact: Some(format!("{words} {on}")), ..Cell::text(words) }.file(form, FileForm::Form),
        None => Cell::default(),
    }
}

/// Who decides, what they decided, and what an award will be measured by.
pub fn tribunal(tribunal: Tribunal) -> Vec<Sheet> {
    let appointments = tribunal.appointments.into_iter().map(|row| {
        let repeats = row.repeats.map_or_else(|| "Not disclosed".to_owned(), |number| number.to_string());
        let state = term(row.state).line(row.mode.label);
        vec![Cell::text(row.arbitrator), state, term(row.basis), day(row.disclosed_on), day(row.appointed_on), Cell::text(repeats)]
    });
    let orders = tribunal.orders.into_iter().map(|row| {
        let kind = term(row.kind).some_line(row.ex_parte.then(|| "ex parte".to_owned()));
        let kind = kind.some_line((!row.in_force).then(|| "not in force".to_owned()));
        vec![day(row.on), kind, row.total.map_or_else(|| Cell::some(None), money), day(row.received_on)]
    });
    let checklist = tribunal.checklist;
    let items = checklist.items.into_iter().map(|item| {
        let (words, tone) = if item.there { ("On file", Tone::Good) } else { ("Missing", Tone::Bad) };
        vec![term(item.item), Cell::text(words).meant(tone), Cell::text(item.weight.to_string())]
    });
    let headings = ["Arbitrator", "State", "Consent shown by", "Disclosed", "Appointed", "#By this claimant in 3 years"];
    let title = format!("Enforceability checklist, {} of 100", checklist.score);
    let remark = if checklist.capped {
        "Nothing on file shows the respondent’s consent to this appointment: the score is held at 20. It is no opinion on whether an award will be enforced."
    } else {
        "What is on file, weighted. It is no opinion on whether an award will be enforced."
    };
    vec![
        Sheet::new("Appointment", "No arbitrator has been proposed", &headings).with(appointments),
        Sheet::new("Orders and awards", "Nothing has been ordered", &["Date", "Order", "#Awarded", "Our copy"]).with(orders),
        Sheet { remark: Some(remark.to_owned()), ..Sheet::new(&title, "", &["Item", "State", "#Points"]).with(items) },
    ]
}
