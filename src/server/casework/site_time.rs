//! The site's naive wall-clock times, read and written once.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use crate::{
    model::{Day, Instant},
    registry::Tenant,
};

/// A site's naive time as an instant on the institution's wall clock; `None` for a text that is no time.
pub fn instant(text: &str, site: &TimeZone, tenant: &Tenant) -> Option<Instant> {
    let naive: DateTime = text.trim().parse().ok()?;
    Some(at(site.to_ambiguous_zoned(naive).compatible().ok()?.timestamp(), tenant))
}

/// A moment on the institution's wall clock.
pub fn at(moment: Timestamp, tenant: &Tenant) -> Instant {
    let offset_minutes = tenant.time_zone.to_offset(moment).seconds() / 60;
    Instant { unix_s: moment.as_second(), offset_minutes: i16::try_from(offset_minutes).unwrap_or(0) }
}

/// Now, on the institution's wall clock.
pub fn now(tenant: &Tenant) -> Instant {
    at(Timestamp::now(), tenant)
}

/// Today on the institution's wall clock.
pub fn today(tenant: &Tenant) -> Day {
    let date = Timestamp::now().to_zoned(tenant.time_zone.clone()).date();
    Day::new(date.year(), date.month().unsigned_abs(), date.day().unsigned_abs()).unwrap_or(Day::EPOCH)
}
