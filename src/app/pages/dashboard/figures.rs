//! Figures with what they are made of: the formula on hover and to a screen reader, and the rows behind each one click away.

use leptos::prelude::*;

use crate::{
    app::ui::{AsOf, Money, grouped},
    model::{Figure, FigureStrip, FigureValue, RATE_FLOOR},
};

/// The figures in a row, and of when they are.
#[component]
pub fn Figures(strip: FigureStrip) -> impl IntoView {
    view! {
        <FigureList figures=strip.figures />
        <AsOf at=strip.as_of />
    }
}

/// The figures in a row.
#[component]
pub fn FigureList(figures: Vec<Figure>) -> impl IntoView {
    view! { <dl class="figures">{figures.into_iter().map(figure).collect_view()}</dl> }
}

fn figure(figure: Figure) -> AnyView {
    let value = match figure.href {
        Some(href) => view! { <a href=href>{shown(figure.value)}</a> }.into_any(),
        None => shown(figure.value),
    };
    let spoken = figure.formula.clone();
    view! {
        <div title=figure.formula>
            <dt>{figure.label}</dt>
            <dd>{value}<span class="sr">". "{spoken}</span></dd>
        </div>
    }
    .into_any()
}

fn shown(value: FigureValue) -> AnyView {
    match value {
        FigureValue::Count(count) => view! { <span class="num">{grouped(count)}</span> }.into_any(),
        FigureValue::Money(amount) => view! { <Money amount /> }.into_any(),
        FigureValue::Share { part, whole } if whole < RATE_FLOOR => {
            view! { <span class="num">{grouped(part)}" of "{grouped(whole)}</span> }.into_any()
        }
        FigureValue::Share { part, whole } => {
            // Tenths of a per cent, rounded half up, without floating point.
            let tenths = (part * 2000 + whole) / (whole * 2);
            view! {
                <span class="num">{tenths / 10}"."{tenths % 10}" %"<span class="sub">{grouped(part)}" of "{grouped(whole)}</span></span>
            }
            .into_any()
        }
        FigureValue::Days(Some(days)) => view! { <span class="num">{grouped(u64::from(days))}" days"</span> }.into_any(),
        FigureValue::Days(None) => view! { <span class="muted">"No award yet"</span> }.into_any(),
    }
}
