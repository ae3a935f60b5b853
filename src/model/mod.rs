//! The vocabulary: plain types and pure rules that both halves of the crate share.
//!
//! Owns what a case, a stage, an amount and a permission *are*, and every rule that needs no socket to be decided. It
//! must not know how anything is stored, fetched, rendered or signed: no I/O, no clock, no environment. The rules of the process
//! (`transition`, `clock_rules`) are the server's alone: the browser is told in words what may be done.

#[cfg(feature = "ssr")]
mod access;
mod address;
#[cfg(feature = "ssr")]
mod approval;
mod audit;
#[cfg(feature = "ssr")]
mod campaign;
mod case;
#[cfg(feature = "ssr")]
pub mod case_draft;
mod case_file;
mod case_known;
mod case_query;
mod case_table;
#[cfg(feature = "ssr")]
pub mod clock_rules;
mod codes;
#[cfg(feature = "ssr")]
pub mod contact;
#[cfg(feature = "ssr")]
pub mod calendar;
mod cursor;
#[cfg(feature = "ssr")]
mod enforceability;
mod dashboard;
#[cfg(feature = "ssr")]
mod deed;
mod diary;
mod document;
mod error;
#[cfg(feature = "ssr")]
pub mod filing;
mod find;
#[cfg(feature = "ssr")]
mod form;
mod frame;
mod hearings;
mod me;
mod money;
mod money_book;
#[cfg(feature = "ssr")]
mod notice_text;
#[cfg(feature = "ssr")]
mod notices;
mod particular;
#[cfg(feature = "ssr")]
pub mod party_draft;
#[cfg(feature = "ssr")]
mod portfolio;
#[cfg(feature = "ssr")]
mod portfolio_outcome;
#[cfg(feature = "ssr")]
mod preflight;
#[cfg(feature = "ssr")]
mod ready_view;
mod role;
#[cfg(feature = "ssr")]
mod service_rule;
#[cfg(feature = "ssr")]
mod saved_view;
#[cfg(feature = "ssr")]
mod send_window;
#[cfg(feature = "ssr")]
pub mod settlement;
mod sheet;
mod table_look;
mod term;
mod time;
#[cfg(feature = "ssr")]
pub mod transition;
#[cfg(feature = "ssr")]
pub mod vendor;

#[cfg(feature = "ssr")]
pub use access::{ACCESS_FIELDS, Access};
pub use address::LocalPath;
#[cfg(feature = "ssr")]
pub use address::address_with;
#[cfg(feature = "ssr")]
pub use approval::{ApprovalPage, ApprovalQuery, ApprovalRow};
pub use audit::{AuditPage, AuditQuery, AuditRow};
#[cfg(feature = "ssr")]
pub use calendar::{Calendar, CalendarEntry};
#[cfg(feature = "ssr")]
pub use campaign::{CampaignAct, CampaignBy, CampaignCaller, NotDone, UNENDED, is_legal, is_makers_own, judge_campaign, makes};
pub use case::{CaseId, CaseList, CaseRow, CaseTotals, PageLinks};
pub use case_file::{
    AppointmentRow, CaseFile, Checklist, ChecklistItem, ClockRow, CommentRow, Comments, DefectRow, Due, EventRow, HearingRow, OrderRow,
    ParticularRow, PartyLine, ServiceCell, ServiceMatrix, TaskEntry, TaskPage, TaskRow, Timeline, Tribunal,
};
pub use case_known::{Known, KnownGroup, KnownValue};
pub use case_query::{Bound, CaseQuery, CaseSort, Cursor, CursorValue, Filter, Position, QueryProblem};
pub use case_table::{CaseTable, Choice};
#[cfg(feature = "ssr")]
pub use clock_rules::{ClockLengths, ClockRule, WARNING_DAYS, warning_due};
#[cfg(feature = "ssr")]
pub use codes::notices::{
    CampaignState, Channel, ChannelPlan, DeliveryState, Eligibility, FailureReason, FailureSide, PreflightCode, StepCondition,
};
#[cfg(feature = "ssr")]
pub use codes::process::{
    Actor, ApprovalKind, ClockCode, ClockSide, ClockState, ConsentBasis, EventKind, InterimTrack, NoticeType, Outcome, ReturnReason,
    ServiceState, SettlementTrack, TaskKind,
};
pub use codes::{AuditKind, AuditResult, Bucket, Hold, ParticularKind, Product, ServiceStatus, Stage, Status, UnmaskPurpose};
pub use cursor::TimeCursor;
pub use dashboard::{
    Change, ClocksAtRisk, Difference, Figure, FigureStrip, FigureValue, HearingsAhead, MoveLine, Queue, RATE_FLOOR, RiskRow, StageLine,
    StageMix, StageMoves, Throughput, WeekFlow, median,
};
#[cfg(feature = "ssr")]
pub use deed::Deed;
pub use diary::{DayCount, Diary, DiaryQuery, DiarySheet, DiaryView};
pub use document::{CaseDocuments, DocumentId, DocumentInCase, DocumentList, DocumentQuery, DocumentRow, Withheld};
#[cfg(feature = "ssr")]
pub use enforceability::{Enforceability, Grounds, cure};
pub use error::{ErrorCode, FieldError, PortalError};
pub use find::{Found, FoundBy, FoundCase};
#[cfg(feature = "ssr")]
pub use form::{Answered, Button, Field, FieldKind, Form, FormPage, Live, REASON_MAX_CHARS, Reading, Typed};
pub use frame::{Brand, Frame, KeysPage, SignInPage, SignInProblem, SignInStep, Theme, Waiting};
pub use hearings::{HearingCursor, HearingPage, HearingsQuery};
pub use me::Me;
pub use money::Inr;
pub use money_book::{CostRow, InstalmentRow, MoneyBook, OfferRow, PaymentRow};
#[cfg(feature = "ssr")]
pub use notice_text::{Insert, Piece, TextVariable, inserts, language_name, longest_value, merged, missing, pieces, variables};
#[cfg(feature = "ssr")]
pub use notices::{
    CampaignAbout, CampaignId, CampaignList, CampaignQuery, CampaignRow, ChannelFigures, ChannelMonths, ChannelQuery, ChannelTable, Curve,
    CurveLine, Failures, Funnels, MessageIs, Overlap, Part, Reasons, Recipient, RecipientFilter, RecipientPlace, RecipientQuery,
    Recipients, SentInMonth, SentMessage, Steps, bucket_seconds, step_of,
};
pub use particular::{MaskedParticular, ParticularId, RevealPage, RevealStep, UnmaskReason, Unmasked};
#[cfg(feature = "ssr")]
pub use portfolio::{
    Bottleneck, Bottlenecks, Cohort, Cohorts, Cover, EnforceabilityMix, Matrix, MatrixLine, Measured, Measures, Narrowing, ProceedingRow,
    Proceedings, ProceedingsAsked, Tally, Told, Workload, proceedings_href, quantile,
};
#[cfg(feature = "ssr")]
pub use portfolio_outcome::{
    AdvocateScore, AwardCohort, AwardRates, AwardsOver, AwardsWithin, Costs, NoticePaid, PaidAfterNotice, Rated, Scorecard,
};
#[cfg(feature = "ssr")]
pub use preflight::{CampaignFacts, CaseFacts, Finding, PartyFacts, Preflight, TextFacts, estimate, of_hold, preflight, unit_cost};
#[cfg(feature = "ssr")]
pub use ready_view::{award_at_risk, limitation_at_risk, ready_views};
pub use role::{AuditReach, CodeSet, Names, Permission, Role, RowLimit, Scopes};
#[cfg(feature = "ssr")]
pub use saved_view::{SavedView, SavedViews, Sharing, VIEW_TITLE_MAX, kept_query, save_view_href};
#[cfg(feature = "ssr")]
pub use send_window::{SendDays, SendWindow};
#[cfg(feature = "ssr")]
pub use service_rule::{EVIDENCE, NOT_SERVED, READINGS, RULED_NOTICES, ServiceTerms, needed_notice, status_of_service};
pub use sheet::{Board, Cell, Fact, FactGroup, FileForm, Heading, Sheet, SheetForm, Sum, Tone};
pub use table_look::{Column, TableLook};
pub use term::Term;
pub use time::{Day, Instant};
#[cfg(feature = "ssr")]
pub use transition::{
    Caller, Carrier, CaseDate, Effect, Facts, FourEyes, Guard, HOLDS, INTERIM, Move, Need, Offer, Person, Request, SERVICE, SETTLEMENT,
    Same, Service, Somebody, Start, Step, To, Transition, Verdict, WhyNot, actions_for, judge,
};
