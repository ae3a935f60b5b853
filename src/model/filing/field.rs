//! What a filing file may say of a case and its respondents, with the headings that institutions give it. It must not know how a value is
//! read.

/// How a field's words are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilingKind {
    /// The number of the loan.
    Lan,
    /// Words of one line.
    Line,
    /// Rupees.
    Amount,
    /// A date.
    Day,
    /// Yes or no.
    YesNo,
    /// A product.
    Product,
    /// A branch of the institution.
    Branch,
    /// What shows consent to a tribunal.
    Consent,
    /// What somebody is in the loan.
    Role,
    /// Kind of person or body.
    Entity,
    /// A language.
    Language,
    /// A mobile number.
    Mobile,
    /// An e-mail address.
    Email,
    /// A permanent account number.
    Pan,
    /// A state of India.
    State,
    /// A PIN code.
    Pincode,
}

/// Something that a column may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilingField {
    /// Its code, as a mapping has it.
    pub code: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Whether every row must say it.
    pub required: bool,
    /// What must be known to fill it in.
    pub help: &'static str,
    /// Headings that mean it, a blank between them: letters and digits alone, small, without what stands in brackets.
    pub aliases: &'static str,
    /// How it is read.
    pub kind: FilingKind,
}

impl FilingField {
    /// The field of a code.
    pub fn of(code: &str) -> Option<&'static Self> {
        FIELDS.iter().find(|field| field.code == code)
    }
}

const fn must(code: &'static str, label: &'static str, kind: FilingKind, help: &'static str, aliases: &'static str) -> FilingField {
    FilingField { code, label, required: true, help, aliases, kind }
}

const fn may(code: &'static str, label: &'static str, kind: FilingKind, help: &'static str, aliases: &'static str) -> FilingField {
    FilingField { code, label, required: false, help, aliases, kind }
}

use FilingKind::{Amount, Branch, Consent, Day, Email, Entity, Lan, Language, Line, Mobile, Pan, Pincode, Product, Role, State, YesNo};

const AMOUNT: &str = "Rupees in digits, as 1,23,456.78.";
const DATE: &str = "Day, month and year, as 21/11/2026.";
const TICK: &str = "Yes or No; empty is No.";
const MOBILE: &str = "Ten digits; one number.";
const PIN: &str = "Six digits. An address needs its PIN code.";
const ROLE: &str = "Co-borrower, guarantor, POA holder or legal heir. Empty is what the heading of the name says, or co-borrower.";

/// Everything that a file may say, in the order in which it is asked.
pub static FIELDS: &[FilingField] = &[
    must(
        "lan",
        "Loan account number",
        Lan,
        "As the lender writes it, with leading zeros: a column formatted as text.",
        "lan lanno lannumber loanno loannumber loanaccountno loanaccountnumber loanacno loanacnumber loanaccno loanaccount \
         loanac loanid loan accountno accountnumber acno acnumber accno account loancode loanaccountid loanreferenceno \
         loanrefno ऋणखातासंख्या",
    ),
    must(
        "product",
        "Product",
        Product,
        "Code or name, as Personal loan or TWO_WHEELER.",
        "product producttype productname productcode loantype loanproduct typeofloan scheme schemename segment portfolio \
         facility facilitytype",
    ),
    must(
        "branch",
        "Branch",
        Branch,
        "Code or name of an active branch.",
        "branch branchcode branchname branchid homebranch brcode brname sol solid branchsol शाखा",
    ),
    may(
        "agreement_no",
        "Agreement number",
        Line,
        "",
        "agreementno agreementnumber agreement agrno agmtno agmtnumber loanagreementno loanagreementnumber contractno \
         contractnumber",
    ),
    may(
        "agreement_on",
        "Agreement date",
        Day,
        DATE,
        "agreementdate agreementdt dateofagreement loanagreementdate agmtdate agrdate agreementon contractdate \
         agreementexecutiondate",
    ),
    may(
        "clause",
        "The agreement has an arbitration clause",
        YesNo,
        TICK,
        "arbitrationclause arbclause clause hasarbitrationclause arbitrationclauseavailable arbitrationclausepresent",
    ),
    may(
        "institution_named",
        "The clause names the institution",
        YesNo,
        TICK,
        "institutionnamed clausenamesinstitution namedinstitution arbitralinstitutionnamed",
    ),
    may(
        "electronic",
        "It allows notices by e-mail, SMS and WhatsApp",
        YesNo,
        TICK,
        "electronic electronicnotice electronicnoticeclause electronicservice enotice enoticeclause digitalnotice",
    ),
    may(
        "consent_basis",
        "What shows consent to a tribunal",
        Consent,
        "Named in clause, agreed after dispute, S.11 order or none. Empty is none.",
        "consentbasis consent basisofconsent appointmentbasis",
    ),
    may(
        "default_on",
        "Date of default",
        Day,
        DATE,
        "defaultdate dateofdefault firstdefaultdate dateoffirstdefault defaulton defaultdt overduesince",
    ),
    may("npa_on", "Date of classification as NPA", Day, DATE, "npadate dateofnpa npadt npaon npaclassificationdate"),
    must(
        "pos",
        "Principal outstanding",
        Amount,
        AMOUNT,
        "pos principaloutstanding principalos principal prinos prinoutstanding principalbalance principaldue principaldues \
         outstandingprincipal posamt principaloverdue osprincipal balanceprincipal मूलधन",
    ),
    may(
        "interest_overdue",
        "Interest overdue",
        Amount,
        AMOUNT,
        "interestoverdue overdueinterest interest interestdue interestdues intoverdue intdue interestos interestoutstanding \
         outstandinginterest accruedinterest intos ब्याज",
    ),
    may(
        "penal_charges",
        "Penal charges",
        Amount,
        AMOUNT,
        "penalcharges penalcharge penal penalinterest penalty penaltycharges latepaymentcharges lpc lpp latepaymentpenalty \
         odcharges overduecharges penaldues",
    ),
    may(
        "bounce_charges",
        "Bounce charges",
        Amount,
        AMOUNT,
        "bouncecharges bouncecharge bounce chequebouncecharges cbc nachbouncecharges bouncingcharges returncharges \
         dishonourcharges",
    ),
    may(
        "legal_charges",
        "Legal charges",
        Amount,
        AMOUNT,
        "legalcharges legalcharge legal legalcost legalcosts legalexpenses legalfees othercharges",
    ),
    may(
        "total_dues",
        "Total dues",
        Amount,
        "Only compared: it must be the sum of principal, interest and charges.",
        "totaldues totaldue total totaloutstanding totalos tos totaloverdue outstanding outstandingamount outstandingdues dues \
         totalamountdue foreclosureamount amountdue totalpayable कुलबकाया",
    ),
    must(
        "dues_on",
        "Dues as of",
        Day,
        DATE,
        "duesason duesasof duesdate dueson asondate ason asofdate asof osason outstandingason outstandingdate \
         outstandingasondate cutoffdate statementdate soadate posason duesasondate",
    ),
    may("claim", "Claim", Amount, "Where it is empty the dues are claimed.", "claim claimamount claimamt amountclaimed claimvalue"),
    must(
        "name",
        "Borrower’s name",
        Line,
        "As in the agreement.",
        "name borrowername borrower nameofborrower nameoftheborrower customername customer custname nameofcustomer \
         nameofthecustomer applicantname applicant mainapplicant mainapplicantname primaryborrower primaryborrowername \
         respondentname respondent clientname partyname debtorname leadborrower leadborrowername ग्राहककानाम नाम",
    ),
    may(
        "entity",
        "Kind of borrower",
        Entity,
        "Individual, proprietor, partnership, company or other. Empty is individual.",
        "entity entitytype constitution borrowertype customertype custtype kindofborrower applicanttype",
    ),
    may("language", "Language of notices", Language, "As Marathi or mr.", "language preferredlanguage noticelanguage lang भाषा"),
    may(
        "mobile",
        "Mobile",
        Mobile,
        MOBILE,
        "mobile mobileno mobilenumber mob mobno phone phoneno phonenumber contactno contactnumber contact cellno cell \
         primarymobile mobile1 registeredmobile registeredmobileno borrowermobile borrowermobileno customermobile \
         customermobileno custmobile मोबाइल",
    ),
    may(
        "email",
        "E-mail",
        Email,
        "One address.",
        "email emailid emailaddress mail mailid borroweremail borroweremailid customeremail customeremailid registeredemail \
         registeredemailid",
    ),
    may(
        "pan",
        "PAN",
        Pan,
        "Five letters, four digits, one letter.",
        "pan panno pannumber pancard pancardno borrowerpan customerpan permanentaccountnumber",
    ),
    may(
        "address",
        "Address",
        Line,
        "House, street, locality. It needs a PIN code.",
        "address address1 addressline1 addr addr1 add1 borroweraddress borroweraddress1 customeraddress custaddress \
         currentaddress residenceaddress residentialaddress communicationaddress mailingaddress correspondenceaddress \
         fulladdress presentaddress पता",
    ),
    may("address_2", "Address, second line", Line, "", "address2 addressline2 addr2 add2 borroweraddress2"),
    may("address_3", "Address, third line", Line, "", "address3 addressline3 addr3 add3 landmark borroweraddress3"),
    may("city", "Town", Line, "", "city town cityname citytown village location borrowercity customercity शहर"),
    may("state", "State", State, "Its name.", "state statename borrowerstate customerstate राज्य"),
    may(
        "pincode",
        "PIN code",
        Pincode,
        PIN,
        "pincode pin pinno postalcode zip zipcode postcode borrowerpincode customerpincode pincodeno पिनकोड",
    ),
    may(
        "co1_role",
        "First co-borrower or guarantor: role",
        Role,
        ROLE,
        "co1role coborrowerrole coborrower1role coapplicantrole coapplicant1role coborrowertype",
    ),
    may(
        "co1_name",
        "First co-borrower or guarantor: name",
        Line,
        "",
        "co1name coborrower coborrower1 coborrowername coborrower1name coborrowername1 nameofcoborrower coapplicant \
         coapplicant1 coapplicantname coapplicant1name coapplicantname1 cobname coappname cob1name",
    ),
    may(
        "co1_mobile",
        "First co-borrower or guarantor: mobile",
        Mobile,
        MOBILE,
        "co1mobile coborrowermobile coborrowermobileno coborrower1mobile coborrower1mobileno coapplicantmobile \
         coapplicantmobileno coapplicant1mobile coapplicant1mobileno",
    ),
    may(
        "co1_email",
        "First co-borrower or guarantor: e-mail",
        Email,
        "",
        "co1email coborroweremail coborroweremailid coborrower1email coborrower1emailid coapplicantemail coapplicantemailid \
         coapplicant1email coapplicant1emailid",
    ),
    may(
        "co1_address",
        "First co-borrower or guarantor: address",
        Line,
        "",
        "co1address coborroweraddress coborrower1address coapplicantaddress coapplicant1address",
    ),
    may(
        "co1_pincode",
        "First co-borrower or guarantor: PIN code",
        Pincode,
        PIN,
        "co1pincode co1pin coborrowerpincode coborrowerpin coborrower1pincode coborrower1pin coapplicantpincode coapplicantpin \
         coapplicant1pincode coapplicant1pin",
    ),
    may("co2_role", "Second co-borrower or guarantor: role", Role, ROLE, "co2role coborrower2role coapplicant2role"),
    may(
        "co2_name",
        "Second co-borrower or guarantor: name",
        Line,
        "",
        "co2name coborrower2 coborrower2name coborrowername2 coapplicant2 coapplicant2name coapplicantname2 guarantor \
         guarantor1 guarantorname guarantor1name guarantorname1 nameofguarantor cob2name",
    ),
    may(
        "co2_mobile",
        "Second co-borrower or guarantor: mobile",
        Mobile,
        MOBILE,
        "co2mobile coborrower2mobile coborrower2mobileno coapplicant2mobile coapplicant2mobileno guarantormobile \
         guarantormobileno guarantor1mobile guarantor1mobileno",
    ),
    may(
        "co2_email",
        "Second co-borrower or guarantor: e-mail",
        Email,
        "",
        "co2email coborrower2email coborrower2emailid coapplicant2email coapplicant2emailid guarantoremail guarantoremailid \
         guarantor1email guarantor1emailid",
    ),
    may(
        "co2_address",
        "Second co-borrower or guarantor: address",
        Line,
        "",
        "co2address coborrower2address coapplicant2address guarantoraddress guarantor1address",
    ),
    may(
        "co2_pincode",
        "Second co-borrower or guarantor: PIN code",
        Pincode,
        PIN,
        "co2pincode co2pin coborrower2pincode coborrower2pin coapplicant2pincode coapplicant2pin guarantorpincode guarantorpin \
         guarantor1pincode guarantor1pin",
    ),
];
