//! What is done with a filing as a whole: its columns are chosen, it is submitted, held up, gone on with, and cancelled.
//!
//! It must not know rows.

use serde_json::json;

use super::{
    super::{
        Refusal, batches,
        keys::{OPERATION, REVISION, operation_of},
        second::{Asked, Desk, not_for},
        work::Said,
    },
    Filing, KIND, Phase, SECTION, address, remembered,
};
use crate::{
    model::{
        Answered, Cell, ErrorCode, Field, FieldError, FieldKind, Form, Permission, Sheet, Term, Typed,
        filing::{FIELDS, Mapping},
    },
    server::{
        casework::batches::Batch,
        frappe::{Changes, Fault, Field as Column, Record as _},
    },
};

/// A deed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Says which column is what.
    Columns,
    /// Asks for it to be filed.
    Submit,
    /// Holds it up while it runs.
    Pause,
    /// Goes on with it.
    Resume,
    /// Ends it before anything of it is filed.
    Cancel,
}

impl Deed {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Columns, Self::Submit, Self::Pause, Self::Resume, Self::Cancel];

    /// Its word in the address.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Submit => "submit",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Cancel => "cancel",
        }
    }

    /// What it is called where it is offered.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Columns => "Choose the columns…",
            Self::Submit => "Submit for approval…",
            Self::Pause => "Pause…",
            Self::Resume => "Go on…",
            Self::Cancel => "Cancel the filing…",
        }
    }

    /// Who may at all.
    const fn permission(self) -> Permission {
        match self {
            Self::Columns | Self::Submit | Self::Cancel => Permission::File,
            // Whoever prepared it, and whoever approved it.
            Self::Pause | Self::Resume => Permission::SeeFilings,
        }
    }

    /// Whether it is for this person, where the filing stands.
    pub fn fits(self, filing: &Filing) -> bool {
        let role = filing.desk.grant.principal.role;
        let theirs = filing.is_own() && role.allows(Permission::File);
        let batch = &filing.batch;
        match (self, batch.state.as_str()) {
            (Self::Columns, "DRAFT") => theirs && !batch.file_doc.is_empty(),
            (Self::Columns, "READY" | "RETURNED") => theirs,
            (Self::Submit, "READY" | "RETURNED") => theirs && batch.row_ok + batch.row_warned > 0,
            (Self::Pause, "APPROVED" | "RUNNING") | (Self::Resume, "PAUSED") => theirs || role.allows(Permission::CheckFiling),
            (Self::Cancel, "DRAFT" | "READY" | "RETURNED" | "FAILED") => theirs,
            _ => false,
        }
    }
}

/// The form of a deed.
///
/// # Errors
/// [`ErrorCode::NotFound`] for no such deed and no such filing; otherwise any fault of the calls.
pub async fn ask(id: &str, word: &str) -> Result<Form, Refusal> {
    let deed = Deed::ALL.into_iter().find(|deed| deed.word() == word).ok_or(ErrorCode::NotFound)?;
    match Filing::find(id, deed.permission()).await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => Ok(not_for(deed.permission(), SECTION)),
        Err(refusal) => Err(refusal),
        Ok(filing) => form_of(&filing, deed, None).await,
    }
}

async fn form_of(filing: &Filing, deed: Deed, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let form = filing.form(deed.word(), deed.label().trim_end_matches('…'), typed);
    let batch = &filing.batch;
    if !deed.fits(filing) {
        let stands = format!("It stands at “{}”: this cannot be done now, or not by you.", Term::of(batch.state.as_str()).label);
        return Ok(Form { lead: vec![stands], action: String::new(), ..form });
    }
    Ok(match deed {
        Deed::Columns => columns_form(filing, form).await?,
        Deed::Submit => {
            let left_out = batch.row_bad + batch.row_skipped;
            let mut lead = vec![format!(
                "{} rows over {} would become draft cases once somebody else has approved them.",
                super::count(batch.row_ok + batch.row_warned),
                batch.amount_total.0.exact()
            )];
            lead.extend((left_out > 0).then(|| {
                format!("{} rows are left out: they are in the file of rows to be mended, and can be filed later.", super::count(left_out))
            }));
            lead.extend(
                (batch.row_warned > 0).then(|| format!("{} rows have a warning. Look at them first.", super::count(batch.row_warned))),
            );
            Form { lead, submit: "Submit for approval".to_owned(), ..form }
        }
        Deed::Pause => Form { lead: vec!["What was filed stays filed; the rest waits.".to_owned()], submit: "Pause".to_owned(), ..form },
        Deed::Resume => Form { lead: vec!["It is gone on with where it stopped.".to_owned()], submit: "Go on".to_owned(), ..form },
        Deed::Cancel => {
            let lead = "Nothing of it becomes a case. It stays in the list as cancelled.".to_owned();
            Form { lead: vec![lead], submit: "Cancel the filing".to_owned(), grave: true, ..form }
        }
    })
}

async fn columns_form(filing: &Filing, form: Form) -> Result<Form, Refusal> {
    let noted = filing.noted();
    let known = Mapping::parse(&filing.batch.mapping).filter(|mapping| mapping.pairs().next().is_some());
    let mapping = match known {
        Some(mapping) => mapping,
        None => Mapping::guess(&noted.headings, &remembered(&filing.desk.client).await?),
    };
    let example = |index: usize| noted.sample.iter().filter_map(|row| row.get(index)).find(|text| !text.is_empty()).cloned();
    let choices: Vec<(String, String)> = (noted.headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()))
        .map(|(index, heading)| {
            let example = example(index).map(|example| format!(" · {example}")).unwrap_or_default();
            (heading.clone(), format!("{heading}{example}"))
        })
        .collect();
    let field = |of: &'static crate::model::filing::FilingField| {
        let field = Field::new(of.code, of.label, FieldKind::Choice(choices.clone())).help(of.help);
        let field = field.value(mapping.heading(of.code).unwrap_or_default());
        if of.required { field } else { field.optional() }
    };
    let headings: Vec<&str> = noted.headings.iter().map(String::as_str).collect();
    let sample = noted.sample.iter().map(|row| {
        row.iter()
            .map(|text| Cell::text(text.as_str()))
            .chain(std::iter::repeat_with(Cell::default))
            .take(headings.len())
            .collect::<Vec<_>>()
    });
    let mut lead = vec!["Which column of the file says what. What was chosen before for a heading is chosen again.".to_owned()];
    lead.extend(noted.notes.iter().cloned());
    lead.extend(filing.same_files().await?.into_iter().map(|other| format!("The very same file was uploaded before: {other}.")));
    Ok(Form {
        lead,
        sheets: vec![Sheet::new("How the file begins", "", &headings).with(sample)],
        fields: FIELDS.iter().map(field).collect(),
        submit: "Check every row".to_owned(),
        wide: true,
        ..form
    })
}

/// Does it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, word: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let deed = Deed::ALL.into_iter().find(|deed| deed.word() == word).ok_or(ErrorCode::NotFound)?;
    let filing = Filing::find(id, deed.permission()).await?;
    let form = form_of(&filing, deed, Some(typed)).await?;
    let done = Answered::Done { lead_to: address(id) };
    if form.action.is_empty() {
        return Ok(Answered::Changed(form));
    }
    if typed.text(REVISION) != filing.revision.0 {
        let mut form = super::super::second::renewed(form.again(typed, &[]));
        form.notice.push("It was changed after you opened the form. Look at it again.".to_owned());
        return Ok(Answered::Changed(form));
    }
    let changes = Changes::new();
    let outcome = match deed {
        Deed::Columns => {
            let mapping = Mapping::of(FIELDS.iter().map(|field| (typed.text(field.code), field.code)));
            let twice = twice(typed);
            if let Err(problems) = mapping.check() {
                let problems: Vec<_> = problems
                    .into_iter()
                    .map(|problem| FieldError { field: problem.field.to_owned(), problem: problem.sentence })
                    .chain(twice)
                    .collect();
                return Ok(Answered::Again(form.again(typed, &problems)));
            }
            if !twice.is_empty() {
                return Ok(Answered::Again(form.again(typed, &twice)));
            }
            let mut noted = filing.noted();
            noted.phase = if filing.batch.state == "DRAFT" { Phase::Read } else { Phase::Again };
            let changes = changes
                .set(Column::new("mapping"), mapping.json())
                .set(Column::new("params"), noted.json())
                .set(Column::new("next_row"), 0_i64)
                .set(Column::new("amount_total"), crate::model::Inr::ZERO)
                .set(Column::new("error_text"), "")
                .set(Column::new("state"), "VALIDATING");
            filing
                .change("filing.columns", changes, json!({"columns": mapping.pairs().collect::<std::collections::BTreeMap<_, _>>()}))
                .await
        }
        Deed::Submit => submit(&filing, &operation_of(typed).ok_or(ErrorCode::BadRequest)?).await,
        // The lease is taken back with it: whoever works on it stops at the next row that it writes down.
        Deed::Pause => {
            let changes = changes.set(Column::new("state"), "PAUSED").set(Column::new("lease_holder"), "");
            filing
                .change(
                    "filing.pause",
                    changes.set(Column::new("lease_until_at"), crate::server::frappe::Value::Nothing),
                    json!({"state": "PAUSED"}),
                )
                .await
        }
        Deed::Resume => filing.change("filing.resume", changes.set(Column::new("state"), "APPROVED"), json!({"state": "APPROVED"})).await,
        Deed::Cancel => filing.change("filing.cancel", changes.set(Column::new("state"), "CANCELLED"), json!({"state": "CANCELLED"})).await,
    };
    match outcome {
        Ok(()) => {
            batches::ring();
            Ok(done)
        }
        Err(Refusal::Fault(Fault::Conflict)) => {
            let filing = Filing::find(id, deed.permission()).await?;
            let mut form = super::super::second::renewed(form_of(&filing, deed, None).await?.again(typed, &[]));
            form.hidden.retain(|(name, _)| *name != REVISION && *name != OPERATION);
            form.hidden.extend([(REVISION, filing.revision.0.clone()), (OPERATION, uuid::Uuid::new_v4().to_string())]);
            form.notice.push("It went on while you decided. Send the form again if it is still what you want.".to_owned());
            Ok(Answered::Changed(form))
        }
        Err(refusal) => Err(refusal),
    }
}

/// Columns that were chosen for two things.
fn twice(typed: &Typed) -> Vec<FieldError> {
    let chosen = |code: &str| typed.text(code).to_owned();
    let problem = |index: usize, code: &str| {
        let heading = chosen(code);
        let other = FIELDS.iter().take(index).find(|other| !heading.is_empty() && chosen(other.code) == heading)?;
        Some(FieldError { field: code.to_owned(), problem: format!("This column is chosen for “{}” already.", other.label) })
    };
    FIELDS.iter().enumerate().filter_map(|(index, field)| problem(index, field.code)).collect()
}

/// What is approved: it is void when any of it is another by then.
pub(super) fn values(batch: &Batch) -> Vec<(String, String)> {
    vec![
        ("rows".to_owned(), (batch.row_ok + batch.row_warned).to_string()),
        ("amount".to_owned(), batch.amount_total.0.exact()),
        ("file".to_owned(), batch.file_sha256.clone()),
        ("mended".to_owned(), batch.rejects_doc.clone()),
        ("columns".to_owned(), batch.mapping.clone()),
    ]
}

/// It is asked for, and then waits. A fault in between leaves it to be submitted again, which asks once; what is mended meanwhile makes the
/// request void.
async fn submit(filing: &Filing, operation: &str) -> Result<(), Refusal> {
    let Filing { desk, batch, .. } = filing;
    ask_for(desk, batch, operation).await?;
    let changes = Changes::new().set(Column::new("state"), "PENDING_APPROVAL").set(Column::new("submitted_by"), desk.user());
    filing.change("filing.submit", changes, json!({"rows": batch.row_ok + batch.row_warned, "amount": batch.amount_total.0.exact()})).await
}

async fn ask_for(desk: &Desk, batch: &Batch, operation: &str) -> Result<(), Refusal> {
    let title = format!("{} · {}: {} rows", batch.batch_no, batch.title, super::count(batch.row_ok + batch.row_warned));
    let asked =
        Asked { kind: KIND, object: (Batch::DOCTYPE, &batch.name), title: title.chars().take(140).collect(), amount: batch.amount_total.0 };
    let said = Said { action: "filing.submit".to_owned(), said: Vec::new(), values: values(batch), before: Vec::new() };
    desk.ask_for(operation, asked, &said).await
}
