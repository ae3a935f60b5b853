//! An institution's own stylesheet: its accent, corrected until text in it can be read.
//!
//! A strict policy forbids inline styles, so the accent comes as a file of its own, under an address that changes with it.

use axum::response::{IntoResponse as _, Response};
use http::header;

use crate::{registry::Tenant, server::context::InTenant};

/// The portal's own accent, for institutions without one.
const DEFAULT_ACCENT: Rgb = Rgb([0x1f, 0x5f, 0xbf]);
/// The surfaces on which accent-coloured text stands; the stylesheet's tokens have the same values.
const LIGHT_SURFACE: Rgb = Rgb([0xff, 0xff, 0xff]);
const DARK_SURFACE: Rgb = Rgb([0x1c, 0x1f, 0x26]);
/// WCAG 2.2 AA for text, with a little to spare for raised surfaces.
const CONTRAST: f64 = 4.8;

/// `GET /brand.css`
pub async fn serve(InTenant(scope): InTenant) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "private, max-age=3600"), (header::VARY, "Host")];
    (headers, stylesheet(scope.tenant())).into_response()
}

/// The stylesheet's text.
pub fn stylesheet(tenant: &Tenant) -> String {
    let accent = tenant.branding.accent.as_deref().and_then(Rgb::parse).unwrap_or(DEFAULT_ACCENT);
    let light = variables(accent, LIGHT_SURFACE);
    let dark = variables(accent, DARK_SURFACE);
    format!(
        ":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}\n:root[data-theme=dark]{{{dark}}}\n"
    )
}

fn variables(accent: Rgb, surface: Rgb) -> String {
    let dark = surface.luminance() < 0.5;
    let readable = accent.until_contrast(surface, dark);
    let strong = if dark { readable.mixed(Rgb([255; 3]), 0.15) } else { readable.mixed(Rgb([0; 3]), 0.15) };
    // What is written on a button of the accent's colour.
    let text = if contrast(readable, Rgb([255; 3])) >= 4.5 { Rgb([255; 3]) } else { Rgb([0x10, 0x12, 0x16]) };
    format!("--accent:{};--accent-strong:{};--accent-text:{}", readable.css(), strong.css(), text.css())
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Rgb([u8; 3]);

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
        Some(Self([byte(0)?, byte(2)?, byte(4)?]))
    }

    fn css(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Relative luminance as WCAG defines it.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|byte| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn mixed(self, other: Self, share: f64) -> Self {
        let mut mixed = [0; 3];
        for (target, (own, other)) in mixed.iter_mut().zip(self.0.into_iter().zip(other.0)) {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mix of two bytes is within 0..=255")]
            let byte = f64::from(own).mul_add(1.0 - share, f64::from(other) * share).round() as u8;
            *target = byte;
        }
        Self(mixed)
    }

    /// Darker, or lighter on a dark surface, until it can be read.
    fn until_contrast(self, surface: Self, lighter: bool) -> Self {
        let end = Self([if lighter { 255 } else { 0 }; 3]);
        (0..=50).map(|step| self.mixed(end, f64::from(step) / 50.0)).find(|colour| contrast(*colour, surface) >= CONTRAST).unwrap_or(end)
    }
}

/// The contrast ratio as WCAG defines it.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (one.luminance(), other.luminance());
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_accent_can_be_read_on_both_surfaces_and_on_buttons() {
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255).step_by(51) {
                    for surface in [LIGHT_SURFACE, DARK_SURFACE] {
                        let readable = Rgb([red, green, blue]).until_contrast(surface, surface == DARK_SURFACE);
                        assert!(contrast(readable, surface) >= 4.5, "{readable:?} on {surface:?}");
                        let text = if contrast(readable, Rgb([255; 3])) >= 4.5 { Rgb([255; 3]) } else { Rgb([0x10, 0x12, 0x16]) };
                        assert!(contrast(readable, text) >= 4.5, "{text:?} on {readable:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_colour_never_reaches_the_stylesheet() {
        for text in ["red", "#12345", "#1234567", "#12345g", "#१२", "}body{display:none", ""] {
            assert_eq!(Rgb::parse(text), None, "{text}");
        }
    }
}
