//! The pages of a deed in several cases, in words: what can be done, what it asks, what it would come to, what came of it.
//!
//! It must not know how any case is found, judged or changed.

use std::collections::BTreeMap;

use super::{
    super::{
        keys::{OPERATION, operation_for},
        work::several::{Action, Chosen, NO_SUCH_CASE, Outcome},
    },
    ACTION, FILLED, LOOKED, SEEN, STEP,
    chosen::{CASES_MAX, Choice, Found},
    run::{Line, SLICE},
};
use crate::{
    model::{Cell, Field, FieldKind, Form, Inr, Role, Sheet, Status, Tone, Typed},
    server::context::Grant,
};

const ADDRESS: &str = "/cases/bulk";
/// Numbers that are named for each reason.
const SAMPLES: usize = 3;
/// Cases that the preview shows.
const SHOWN: usize = 10;

/// What all pages of one choice have in common.
pub struct Page<'a> {
    choice: &'a Choice,
    role: Role,
}

/// What it would come to.
pub struct Foreseen<'a> {
    /// What the deed asks.
    pub fields: &'a [Field],
    /// What was found of the choice.
    pub found: &'a Found,
    /// Cases in which it would be done.
    pub will: Vec<&'a Chosen>,
    /// Cases in which it cannot, by the reason.
    pub cannot: BTreeMap<String, Vec<&'a Chosen>>,
    /// The cases with their revisions, as they travel along.
    pub seen: String,
}

fn cases(count: usize) -> String {
    if count == 1 { "1 case".to_owned() } else { format!("{count} cases") }
}

fn dues<'a>(cases: impl Iterator<Item = &'a Chosen>) -> Inr {
    sum(cases.map(Chosen::dues))
}

fn sum(amounts: impl Iterator<Item = Inr>) -> Inr {
    Inr::from_paise(amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.paise())))
}

impl<'a> Page<'a> {
    /// Of this choice.
    pub fn of(choice: &'a Choice, grant: &Grant) -> Self {
        Self { choice, role: grant.principal.role }
    }

    fn form(&self, heading: &str) -> Form {
        Form {
            section: "Cases",
            heading: heading.to_owned(),
            about: self.choice.words(),
            hidden: self.choice.hidden().to_vec(),
            action: ADDRESS.to_owned(),
            back: (self.choice.query.href(), "Back to the cases".to_owned()),
            ..Form::default()
        }
    }

    /// How many there are, and what can be done.
    pub fn first(&self, found: &Found) -> Form {
        let mut form = self.form("Act on several cases");
        let advice = |part: &crate::model::QueryProblem| format!("“{}” of the query cannot be read: {}.", part.part, part.advice);
        form.notice = self.choice.query.problems.iter().map(advice).collect();
        if found.too_many {
            form.notice.push(format!(
                "These are more than {CASES_MAX} cases, the most that are taken at once. Narrow the list, then choose again."
            ));
        }
        if !form.notice.is_empty() {
            return Form { action: String::new(), ..form };
        }
        if found.cases.is_empty() && found.missing.is_empty() {
            let lead = vec!["No case is chosen. Tick some in the list, or choose all that match.".to_owned()];
            return Form { lead, action: String::new(), ..form };
        }
        form.lead.push(format!("{}, with dues of {}.", cases(found.cases.len()), dues(found.cases.iter()).exact()));
        form.lead.extend(no_such(found));
        let offered = Action::ALL.into_iter().filter(|action| action.is_for(self.role));
        let offered = offered.map(|action| (action.word().to_owned(), action.label().to_owned())).collect();
        form.fields = vec![Field::new(ACTION, "What is to be done", FieldKind::Pick(offered))];
        form.submit = "Go on".to_owned();
        form
    }

    /// What the deed asks.
    pub fn asking(&self, action: Action, fields: Vec<Field>) -> Form {
        let mut form = self.form(action.label());
        form.hidden.extend([(ACTION, action.word().to_owned()), (STEP, FILLED.to_owned())]);
        Form { fields, submit: "See what would happen".to_owned(), ..form }
    }

    /// What it would come to.
    pub fn preview(&self, action: Action, typed: &Typed, foreseen: &Foreseen<'_>) -> Form {
        let Foreseen { fields, found, will, cannot, seen } = foreseen;
        let mut form = self.form(action.label());
        form.hidden.extend(carried(action, fields, typed));
        form.hidden.extend([(OPERATION, operation_for(None)), (SEEN, seen.clone())]);
        if found.too_many {
            form.notice.push(format!(
                "More than {CASES_MAX} cases match by now, the most that are taken at once. Narrow the list, then choose again."
            ));
        }
        let count = will.len();
        let stays = found.cases.len() - count + found.missing.len();
        form.lead.push(format!("It would be done in {}, with dues of {}.", cases(count), dues(will.iter().copied()).exact()));
        if stays > 0 {
            form.lead.push(format!("In {} it cannot be done; they stay as they are.", cases(stays)));
        }
        if action == Action::CatchUp && count > 0 {
            form.lead.push("What is due is looked for in each of them as it is done: where nothing is, nothing happens.".to_owned());
        }
        if count > SLICE {
            form.lead.push(format!("{SLICE} are done at a time; you then go on with the others."));
        }
        if count == 0 || found.too_many {
            form.action.clear();
        }
        let said = fields.iter().map(|field| vec![Cell::text(field.label.as_str()), Cell::some(words_of(field, typed))]);
        let reasons = cannot.iter().map(|(why, cases)| {
            let samples = cases.iter().take(SAMPLES).map(|case| case.number()).collect::<Vec<_>>().join(", ");
            let amount = dues(cases.iter().copied());
            vec![Cell::text(why.as_str()), Cell::text(cases.len().to_string()), amount_cell(amount), Cell::text(samples)]
        });
        let missing = (!found.missing.is_empty()).then(|| {
            let samples = found.missing.iter().take(SAMPLES).map(String::as_str).collect::<Vec<_>>().join(", ");
            vec![Cell::text(NO_SUCH_CASE), Cell::text(found.missing.len().to_string()), Cell::some(None), Cell::text(samples)]
        });
        let rows = will.iter().take(SHOWN).map(|case| {
            let status = Status::from(case.status.clone());
            let number = Cell::text(case.number()).to(format!("/cases/{}", case.name));
            vec![number, Cell::text(case.title_text.as_str()), Cell::text(status.label()), amount_cell(case.dues())]
        });
        let sample = Sheet::new("Cases in which it would be done", "In none of them", &["Case", "Respondent", "Stands at", "#Dues"]);
        let remark = (count > SHOWN).then(|| format!("The first {SHOWN} of {count}."));
        let told = [
            Sheet::new("What would be done", "", &["What", "As you said it"]).with(said),
            Sheet::new("What stands in the way", "", &["Why", "#Cases", "#Dues", "Such as"]).with(reasons.chain(missing)),
        ];
        form.sheets = told.into_iter().filter(|sheet| !sheet.rows.is_empty()).chain([Sheet { remark, ..sample.with(rows) }]).collect();
        form.submit = format!("Do it in {}", cases(count));
        form
    }

    /// What came of each, and what is left to go on with.
    pub fn came_of(&self, action: Action, fields: &[Field], typed: &Typed, done: Vec<(String, Line)>, rest: &[String]) -> Form {
        let mut form = self.form(action.label());
        let count = |is: fn(&Outcome) -> bool| done.iter().filter(|(_, line)| is(&line.outcome)).count();
        let was_done = done.iter().filter(|(_, line)| matches!(line.outcome, Outcome::Done(_)));
        let amount = sum(was_done.map(|(_, line)| line.dues));
        let parts = [
            (count(|outcome| matches!(outcome, Outcome::Done(_))), "done"),
            (count(|outcome| matches!(outcome, Outcome::Not(_))), "not done"),
            (count(|outcome| *outcome == Outcome::Changed), "changed meanwhile and left alone"),
            (rest.len(), "not reached yet"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
        form.lead.push(format!("{}. Dues of the cases in which it was done: {}.", parts.collect::<Vec<_>>().join(", "), amount.exact()));
        let row = |(name, line): (String, Line)| {
            let number = Cell::text(line.number);
            let number = if line.found { number.to(format!("/cases/{name}")) } else { number };
            let (outcome, why) = match line.outcome {
                Outcome::Done(words) => (Cell::text(words).meant(Tone::Good), String::new()),
                Outcome::Not(why) => (Cell::text("Not done").meant(Tone::Bad), why),
                Outcome::Changed => {
                    let why = "Somebody changed it after you looked at it. Nothing of yours was done in it: look at it again.";
                    (Cell::text("Changed meanwhile").meant(Tone::Waiting), why.to_owned())
                }
            };
            vec![number, outcome, Cell::text(why), amount_cell(line.dues)]
        };
        let sheet = Sheet::new("What came of each", "None was reached yet", &["Case", "Outcome", "Why", "#Dues"]);
        form.sheets = vec![sheet.with(done.into_iter().map(row))];
        if rest.is_empty() {
            form.action.clear();
        } else {
            form.lead.push("What was not reached can be gone on with. Nothing is done twice.".to_owned());
            form.hidden.extend(carried(action, fields, typed));
            form.hidden.extend([(OPERATION, operation_for(Some(typed))), (SEEN, rest.join("."))]);
            form.submit = format!("Go on with {}", cases(rest.len()));
        }
        form
    }
}

/// What was said, as it travels on to where it is done.
fn carried(action: Action, fields: &[Field], typed: &Typed) -> Vec<(&'static str, String)> {
    let said = fields.iter().map(|field| (field.name, typed.text(field.name).to_owned()));
    said.chain([(ACTION, action.word().to_owned()), (STEP, LOOKED.to_owned())]).collect()
}

/// What was typed into a field, as people read it.
fn words_of(field: &Field, typed: &Typed) -> Option<String> {
    let text = typed.text(field.name);
    let words = match &field.kind {
        FieldKind::Choice(choices) => choices.iter().find(|(code, _)| code == text).map(|(_, words)| words.as_str()),
        _ => Some(text),
    };
    words.filter(|words| !words.is_empty()).map(str::to_owned)
}

fn no_such(found: &Found) -> Option<String> {
    (!found.missing.is_empty()).then(|| format!("Of {} that you chose: {NO_SUCH_CASE}", found.missing.len()))
}

fn amount_cell(amount: Inr) -> Cell {
    Cell::text(amount.exact())
}
