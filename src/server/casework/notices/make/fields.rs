//! What is asked of a campaign, how what was typed is read, and how it is written. It must not know who asks, nor what becomes of it.

use jiff::civil::{Date, Time};
use serde_json::{Value as Json, json};

use super::{
    texts::{Offered, offered},
    wire::CampaignWork,
};
use crate::{
    model::{
        CaseQuery, ChannelPlan, Day, Field, FieldError, FieldKind, Inr, NoticeType, Reading, SendDays, SendWindow, StepCondition, Typed,
        is_legal, kept_query,
    },
    server::{
        casework::{Refusal, columns::Site, second::Desk, site_time, views},
        frappe::{Changes, Field as Column, Value},
    },
};

/// The longest title, in characters.
const TITLE_MAX: usize = 100;
/// The longest question to the case list: what its box reads.
const QUERY_MAX: usize = 500;
/// Hours that a step may wait at most: thirty days.
const WAIT_MAX: i64 = 720;
/// Messages an hour at most.
const THROTTLE_MAX: i64 = 100_000;
/// Steps of a campaign, with the names of their fields.
const STEPS: [(&str, &str, &str); 3] = [("text_1", "wait_1", "when_1"), ("text_2", "wait_2", "when_2"), ("text_3", "wait_3", "when_3")];
/// Days of the week, with the names of their fields.
const DAYS: [(&str, &str); 7] = [
    ("day_1", "Monday"),
    ("day_2", "Tuesday"),
    ("day_3", "Wednesday"),
    ("day_4", "Thursday"),
    ("day_5", "Friday"),
    ("day_6", "Saturday"),
    ("day_7", "Sunday"),
];
/// A step as it was entered.
struct Step {
    channel: String,
    template: String,
    wait_hours: i64,
    go_on_when: StepCondition,
}

/// A campaign as it was entered.
pub struct Draft {
    title: String,
    query: String,
    plan: ChannelPlan,
    steps: Vec<Step>,
    window: SendWindow,
    days: SendDays,
    throttle: i64,
    budget: Inr,
    scheduled: Option<(Day, u16)>,
}

/// What can be chosen.
pub struct Choices {
    /// What is sent.
    pub notice: NoticeType,
    /// The texts of it that are in force.
    pub texts: Vec<Offered>,
    /// Name, title and question of each view of the case list.
    views: Vec<(String, String, String)>,
}

impl Choices {
    /// What this person can choose for this notice.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(desk: &Desk, notice: &NoticeType) -> Result<Self, Refusal> {
        let (texts, views) = futures::try_join!(offered(&desk.client, notice), views::list())?;
        let views = views.views.into_iter().map(|view| (view.id, view.title, view.query.text())).collect();
        Ok(Self { notice: notice.clone(), texts, views })
    }

    /// What is asked.
    pub fn fields(&self) -> Vec<Field> {
        let legal = is_legal(&self.notice);
        let texts: Vec<_> = self.texts.iter().map(|text| (text.name.clone(), text.words.clone())).collect();
        let views: Vec<_> = self.views.iter().map(|(id, title, query)| (id.clone(), format!("{title}: {query}"))).collect();
        let conditions: Vec<_> = coded(StepCondition::ALL.iter().map(|code| (code.code(), code.label())));
        let mut fields = vec![
            Field::new("title", "Title", FieldKind::Line { max: TITLE_MAX }).help("Write no borrower’s name: it is read by many."),
            Field::new("view", "Whom it goes to: a saved view", FieldKind::Choice(views)).optional(),
            Field::new("query", "Or filters of the case list", FieldKind::Line { max: QUERY_MAX }).optional().help(
                "As in the box above the case list: stage:invocation product:pl. Every respondent of these cases who must be served.",
            ),
        ];
        if !legal {
            let plans = coded(ChannelPlan::ALL.iter().map(|plan| (plan.code(), plan.label())));
            fields.push(Field::new("plan", "Channels", FieldKind::Pick(plans)).value(ChannelPlan::Waterfall.code()));
        }
        for (index, (text, wait, when)) in STEPS.into_iter().enumerate() {
            let words = Field::new(text, format!("Text {}", index + 1), FieldKind::Choice(texts.clone()));
            fields.push(if index == 0 { words } else { words.optional() });
            if !legal && index > 0 {
                let hours = FieldKind::Number { min: 0, max: WAIT_MAX };
                fields.push(Field::new(wait, format!("Hours before text {}", index + 1), hours).optional());
                let condition = FieldKind::Choice(conditions.clone());
                fields.push(Field::new(when, format!("Text {} goes out", index + 1), condition).optional());
            }
        }
        fields.extend([
            Field::new("window_start", "Sends from", FieldKind::Line { max: 5 }),
            Field::new("window_end", "Sends until", FieldKind::Line { max: 5 })
                .help("Between 08:00 and 19:00 where the institution is; narrower if you like, never wider."),
        ]);
        fields.extend(DAYS.map(|(name, label)| Field::new(name, format!("Sends on {label}"), FieldKind::Check).optional()));
        fields.extend([
            Field::new("throttle", "Messages an hour at most", FieldKind::Number { min: 0, max: THROTTLE_MAX })
                .optional()
                .help("Empty or 0: as fast as the providers take them."),
            Field::new("budget", "Budget", FieldKind::Amount).optional().help("It is not submitted while the estimate is more."),
            Field::new("scheduled", "Begins", FieldKind::Moment).optional().help("Whoever releases it can set another time."),
        ]);
        fields
    }

    /// What was typed.
    ///
    /// # Errors
    /// Each problem, under its field.
    pub fn read(&self, typed: &Typed, now: (Day, u16)) -> Result<Draft, Vec<FieldError>> {
        let legal = is_legal(&self.notice);
        let mut reading = Reading::of(typed);
        let title = reading.required("title", |reading| reading.some_line("title", TITLE_MAX));
        let query = self.audience(&mut reading);
        let plans = ChannelPlan::ALL.iter().map(|plan| (plan.code().to_owned(), Some(plan.clone())));
        let plan = match legal {
            // What the law wants served waits for no channel.
            true => Some(ChannelPlan::Parallel),
            false => reading.required("plan", |reading| reading.some_choice("plan", plans)),
        };
        let steps = self.steps(&mut reading, plan.as_ref() == Some(&ChannelPlan::Waterfall));
        let [from, until] = ["window_start", "window_end"].map(|name| reading.required(name, |reading| reading.some_line(name, 5)));
        let mut window = SendWindow::WIDEST;
        match SendWindow::read(&from, &until) {
            Ok(read) => window = read,
            Err(problem) if !from.is_empty() && !until.is_empty() => reading.refuse("window_end", problem),
            Err(_) => {}
        }
        let numbers: String = (1..=7).zip(DAYS).filter(|(_, (name, _))| typed.has(name)).map(|(number, _)| number.to_string()).collect();
        let days = SendDays::read(&numbers);
        if days.is_none() {
            reading.refuse("day_1", "Choose a day on which it sends.");
        }
        let throttle = reading.some_number("throttle", 0, THROTTLE_MAX).unwrap_or(0);
        let budget = reading.some_amount("budget").unwrap_or(Inr::ZERO);
        let scheduled = reading.some_moment("scheduled");
        if let (Some(at), Some(days)) = (scheduled, days)
            && let Err(problem) = begins_well(at, window, days, now)
        {
            reading.refuse("scheduled", problem);
        }
        reading.done()?;
        let (Some(plan), Some(days)) = (plan, days) else { return Err(Vec::new()) };
        Ok(Draft { title, query, plan, steps, window, days, throttle, budget, scheduled })
    }

    fn audience(&self, reading: &mut Reading<'_>) -> String {
        let known = self.views.iter().map(|(id, _, query)| (id.clone(), query.clone()));
        let view = reading.some_choice("view", known);
        let typed = reading.some_line("query", QUERY_MAX);
        let asked = match (view, typed) {
            (Some(_), Some(_)) => {
                reading.refuse("query", "Choose a view or write filters, and not both.");
                return String::new();
            }
            (Some(query), None) | (None, Some(query)) => query,
            (None, None) => {
                reading.refuse("query", "Choose a view, or write filters here.");
                return String::new();
            }
        };
        match kept_query(&asked, "", "") {
            Ok(query) => query.text(),
            Err(problem) => {
                reading.refuse("query", problem);
                String::new()
            }
        }
    }

    fn steps(&self, reading: &mut Reading<'_>, waterfall: bool) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (index, (text, wait, when)) in STEPS.into_iter().enumerate() {
            let known = self.texts.iter().map(|text| (text.name.clone(), Some((text.name.clone(), text.channel.code().to_owned()))));
            let chosen = match index {
                0 => reading.required(text, |reading| reading.some_choice(text, known)),
                _ => reading.some_choice(text, known).flatten(),
            };
            let waits = waterfall && index > 0;
            let hours = reading.some_number(wait, 0, WAIT_MAX).filter(|_| waits).unwrap_or(0);
            let conditions = StepCondition::ALL.iter().map(|code| (code.code().to_owned(), code.clone()));
            let condition = reading.some_choice(when, conditions);
            let Some((template, channel)) = chosen else { continue };
            if steps.iter().any(|step| step.channel == channel) {
                reading.refuse(text, "This channel is among the others already.");
            }
            let go_on_when = if waits { condition.unwrap_or(StepCondition::Undelivered) } else { StepCondition::Always };
            steps.push(Step { channel, template, wait_hours: hours, go_on_when });
        }
        steps
    }
}

/// Whether a campaign can begin at this time.
///
/// # Errors
/// In a sentence, what stands against it.
pub fn begins_well((day, minute): (Day, u16), window: SendWindow, days: SendDays, (today, now): (Day, u16)) -> Result<(), &'static str> {
    if (day, minute) < (today, now) {
        return Err("This has passed.");
    }
    if !days.holds(day) {
        return Err("It does not send on this day.");
    }
    if window.holds(minute) { Ok(()) } else { Err("This is outside its hours.") }
}

fn coded<'a>(codes: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    codes.map(|(code, words)| (code.to_owned(), words.to_owned())).collect()
}

/// A moment on the institution's wall clock, on the site's; `None` for one that a change of the clocks left out.
pub fn wall_clock(site: &Site, (day, minute): (Day, u16)) -> Option<Value> {
    let date: Date = day.iso().parse().ok()?;
    let time = Time::new(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0).ok()?;
    let there = date.to_datetime(time).to_zoned(site.tenant.time_zone.clone()).ok()?;
    Some(Value::LocalTime(there.with_time_zone(site.zone.clone()).datetime()))
}

/// Today and the minute of the day where the institution is.
pub fn now(site: &Site) -> (Day, u16) {
    let now = jiff::Timestamp::now().to_zoned(site.tenant.time_zone.clone());
    let minute = u16::from(now.hour().unsigned_abs()) * 60 + u16::from(now.minute().unsigned_abs());
    (site_time::today(&site.tenant), minute)
}

impl Draft {
    /// As the record keeps it; `None` where the clocks leave out when it is to begin.
    pub fn written(&self, site: &Site) -> Option<Changes> {
        let (from, until) = self.window.texts();
        let scheduled = match self.scheduled {
            Some(at) => wall_clock(site, at)?,
            None => Value::Nothing,
        };
        let step = |(index, step): (usize, &Step)| {
            // Registered, and with a proof of delivery: what evidence of service is made of.
            let flags = if step.channel == "SPEED_POST" { "RP" } else { "" };
            json!({
                "channel": step.channel, "template": step.template, "step_order": index + 1, "wait_hours": step.wait_hours,
                "go_on_when": step.go_on_when.code(), "speed_post_flags": flags,
            })
        };
        let steps: Vec<Json> = self.steps.iter().enumerate().map(step).collect();
        let changes = Changes::new()
            .set(Column::new("title"), self.title.as_str())
            .set(Column::new("plan"), self.plan.code())
            .set(Column::new("steps"), Value::Json(Json::Array(steps)))
            .set(Column::new("audience_query"), self.query.as_str())
            .set(Column::new("window_start"), from)
            .set(Column::new("window_end"), until)
            .set(Column::new("send_days"), self.days.text())
            .set(Column::new("throttle_per_hour"), self.throttle)
            .set(Column::new("budget"), self.budget)
            .set(Column::new("scheduled_at"), scheduled);
        Some(changes)
    }

    /// For the trail.
    pub fn said(&self) -> Json {
        let (from, until) = self.window.texts();
        let texts: Vec<&str> = self.steps.iter().map(|step| step.template.as_str()).collect();
        json!({
            "audience_query": self.query, "plan": self.plan.code(), "texts": texts, "window": format!("{from}-{until}"),
            "send_days": self.days.text(), "throttle_per_hour": self.throttle, "budget": self.budget.exact(),
        })
    }
}

/// The settings as they would have been typed.
pub fn filled(work: &CampaignWork, site: &Site) -> Typed {
    let scheduled = work.scheduled_at.instant(site);
    let scheduled = scheduled.and_then(|at| Some(format!("{}T{}", at.day()?.iso(), at.clock()))).unwrap_or_default();
    let budget = if work.budget.0 > Inr::ZERO { work.budget.0.exact().replace('₹', "") } else { String::new() };
    let throttle = if work.throttle_per_hour > 0 { work.throttle_per_hour.to_string() } else { String::new() };
    let texts = [
        ("title", work.title.clone()),
        ("query", CaseQuery::from_params(&work.audience_query, "", "", "").text()),
        ("plan", work.plan.clone()),
        ("window_start", work.window_start.clone()),
        ("window_end", work.window_end.clone()),
        ("throttle", throttle),
        ("budget", budget),
        ("scheduled", scheduled),
    ];
    let days =
        (1..=7).zip(DAYS).filter(|(number, _)| work.send_days.contains(&number.to_string())).map(|(_, (name, _))| (name, "1".to_owned()));
    let mut rows: Vec<_> = work.steps.iter().collect();
    rows.sort_by_key(|row| row.step_order);
    let steps = STEPS.into_iter().zip(rows).flat_map(|((text, wait, when), row)| {
        [(text, row.template.clone()), (wait, row.wait_hours.to_string()), (when, row.go_on_when.clone())]
    });
    Typed::from(texts.into_iter().chain(days).chain(steps).map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_begins_within_its_hours_on_one_of_its_days_and_not_in_the_past() {
        let (window, days) = (SendWindow::read("09:00", "18:00").unwrap(), SendDays::read("12345").unwrap());
        let day = |text: &str| Day::parse(text).unwrap();
        let begins = |on: &str, minute| begins_well((day(on), minute), window, days, (day("2026-11-26"), 600));
        assert_eq!(begins("2026-11-26", 600), Ok(()));
        assert_eq!([begins("2026-11-26", 599), begins("2026-11-25", 700)], [Err("This has passed."); 2]);
        assert_eq!([begins("2026-11-28", 700), begins("2027-01-26", 700)], [Err("It does not send on this day."); 2]);
        assert_eq!([begins("2026-11-27", 539), begins("2026-11-27", 1_080)], [Err("This is outside its hours."); 2]);
    }
}
