//! What a row is judged against: where and for what cases may be filed, and today. It must not know the row.

use std::collections::HashMap;

use crate::model::{Day, case_draft::CaseChoices};

/// What is known of the institution while its file is read.
#[derive(Clone, Debug)]
pub struct Known {
    /// Branches and products within the person's rows.
    pub choices: CaseChoices,
    /// Today at the institution.
    pub today: Day,
    /// Branches by their codes and names, folded; the number of a name that several have is `None`.
    branches: HashMap<String, Option<usize>>,
}

impl Known {
    /// Of these choices. The words of a branch are its code, or its name before or after ` · `.
    pub fn of(choices: CaseChoices, today: Day) -> Self {
        let mut branches: HashMap<String, Option<usize>> = HashMap::new();
        for (index, (code, label)) in choices.branches.iter().enumerate() {
            for name in label.split(" · ").chain([label.as_str()]).filter(|name| *name != code.as_str()) {
                let known = branches.entry(folded(name)).or_insert(Some(index));
                *known = known.filter(|known| *known == index);
            }
        }
        // A code is a code whatever another branch is called.
        for (index, (code, _)) in choices.branches.iter().enumerate() {
            branches.insert(folded(code), Some(index));
        }
        Self { choices, today, branches }
    }

    /// The branch that is meant: its code; `Err` where several have the name, `None` where none has.
    pub(super) fn branch(&self, words: &str) -> Result<Option<&str>, Several> {
        match self.branches.get(&folded(words)) {
            None => Ok(None),
            Some(None) => Err(Several),
            Some(Some(index)) => Ok(self.choices.branches.get(*index).map(|(code, _)| code.as_str())),
        }
    }
}

/// Several branches are called that.
pub(super) struct Several;

/// Words as they are compared: small letters and digits.
pub(super) fn folded(words: &str) -> String {
    let counts = |c: &char| c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{dff}');
    words.chars().filter(counts).flat_map(char::to_lowercase).collect()
}
