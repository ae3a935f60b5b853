//! What is wrong with a row, in words, and what people do about it: rows with the same repair are mended together.
//!
//! Owns the codes. It must not know how a row is read.

/// Something that is wrong with a row, or odd about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What has to be done, `E_DATE`; one of [`Repair::ALL`].
    pub code: &'static str,
    /// The code of the field that it is about; empty where it is about the row.
    pub field: &'static str,
    /// What is wrong and what to do, in words.
    pub sentence: String,
    /// Whether the row cannot become a case with it.
    pub grave: bool,
}

impl Finding {
    /// One of this code; it is grave where the code says so.
    pub fn new(code: &'static str, field: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, field, sentence: sentence.into(), grave: code.starts_with("E_") }
    }
}

/// What is done about all findings of one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    code: &'static str,
    label: &'static str,
    help: &'static str,
}

impl Repair {
    /// Every repair, the grave ones first.
    pub const ALL: &'static [Self] = &[
        of(
            "E_REQUIRED",
            "Something is missing",
            "Fill in what every case needs: loan number, product, branch, principal, date of dues, name.",
        ),
        of(
            "E_COLUMN",
            "Cells without a heading",
            "A cell stands where no column has a heading; in a text file an unquoted separator moves cells to the right. Put them under their headings.",
        ),
        of("E_FORMULA", "Formulas and errors", "Copy the column and paste it as values, so that what is filed is what you saw."),
        of("E_DUPLICATE_LAN", "The same loan twice", "Keep one row of each loan; a loan has one open case."),
        of("E_LAN", "Loan account number", "Write the number as the lender does, in a column that is formatted as text."),
        of("E_PRODUCT", "Product", "Write the product's code or its name as the portal lists it."),
        of("E_BRANCH", "Branch", "Write the branch's code; it must be active and within your rows."),
        of("E_AMOUNT", "Amounts", "Write rupees in digits, as 1,23,456.78; no minus, no brackets, no lakh or crore."),
        of(
            "E_DUES",
            "The dues do not add up",
            "The total must be the sum of principal, interest and charges. Correct a part or the total.",
        ),
        of("E_DATE", "Dates", "Write day, month and year, as 21/11/2026; not after today, and in the order in which things happened."),
        of("E_YESNO", "Yes or no", "Write Yes or No."),
        of(
            "E_CONSENT",
            "Consent to a tribunal",
            "Write what shows consent: named in the clause, agreed after the dispute, S.11 order, or none.",
        ),
        of("E_NAME", "Names", "Write the name as in the agreement."),
        of("E_ROLE", "Who somebody is in the loan", "Write borrower, co-borrower, guarantor, POA holder or legal heir."),
        of("E_ENTITY", "Kind of person or body", "Write individual, proprietor, partnership, company or other."),
        of("E_LANGUAGE", "Language", "Write the language's English name, as Marathi."),
        of("E_MOBILE", "Mobile numbers", "Write one number of ten digits that begins with 6, 7, 8 or 9."),
        of("E_EMAIL", "E-mail addresses", "Write one address, as name@example.in."),
        of("E_PAN", "PAN", "Write five letters, four digits and a letter."),
        of("E_ADDRESS", "Addresses", "An address is its lines and its PIN code; fill in what is missing, or empty both."),
        of("E_PIN", "PIN codes", "Write six digits, the first of them not 0."),
        of("E_LENGTH", "Too long", "Shorten what is longer than the record can hold."),
        of("W_PIN_STATE", "PIN code of another state", "Look whether PIN code and state belong together: a notice goes by the PIN code."),
        of("W_STATE", "State", "The state is not known by this name, or stands without an address. It is left out."),
        of("W_ROUNDED", "Rounded to the paisa", "The amount has parts of a paisa. It is rounded; look whether it is the one you mean."),
        of(
            "W_LAN_DIGITS",
            "Long loan numbers stored as numbers",
            "Spreadsheets keep fifteen digits of a number. Look at the end of it; a column formatted as text keeps all.",
        ),
        of(
            "W_FORMULA_TEXT",
            "Text that looks like a formula",
            "The text begins as a formula does. It is kept as text; look whether it is what you mean.",
        ),
        of("W_OTHER", "Something else", "Look at the row."),
    ];

    /// The repair of a code; the last one for a code that is none of ours.
    pub fn of(code: &str) -> Self {
        Self::ALL.iter().find(|repair| repair.code == code).copied().unwrap_or(of("W_OTHER", "Something else", "Look at the row."))
    }

    /// Its code.
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// What is to be mended.
    pub const fn label(self) -> &'static str {
        self.label
    }

    /// How.
    pub const fn help(self) -> &'static str {
        self.help
    }

    /// Whether a row cannot become a case before.
    pub fn is_grave(self) -> bool {
        self.code.starts_with("E_")
    }
}

const fn of(code: &'static str, label: &'static str, help: &'static str) -> Repair {
    Repair { code, label, help }
}
