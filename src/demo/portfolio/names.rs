//! Invented names of people and firms, in the scripts that their states write.
//!
//! Knows spelling alone; who owes what is decided elsewhere. Any likeness to a person is chance.

use super::random::Random;

/// A name as an agreement has it, and in the local script where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// Latin letters.
    pub latin: String,
    /// The local script, or empty.
    pub local: String,
}

type Pairs = &'static [(&'static str, &'static str)];

/// Given names and surnames of one part of the country.
struct Pool {
    given: Pairs,
    family: Pairs,
}

static HINDI: Pool = Pool {
    given: &[
        ("Ramesh", "रमेश"),
        ("Sunita", "सुनीता"),
        ("Amit", "अमित"),
        ("Pooja", "पूजा"),
        ("Rajesh", "राजेश"),
        ("Kavita", "कविता"),
        ("Vikas", "विकास"),
        ("Neha", "नेहा"),
        ("Manoj", "मनोज"),
        ("Geeta", "गीता"),
        ("Sanjay", "संजय"),
        ("Rekha", "रेखा"),
        ("Imran", "इमरान"),
        ("Shabana", "शबाना"),
        ("Deepak", "दीपक"),
        ("Anita", "अनीता"),
    ],
    family: &[
        ("Sharma", "शर्मा"),
        ("Verma", "वर्मा"),
        ("Gupta", "गुप्ता"),
        ("Yadav", "यादव"),
        ("Singh", "सिंह"),
        ("Mishra", "मिश्रा"),
        ("Khan", "ख़ान"),
        ("Agarwal", "अग्रवाल"),
        ("Chauhan", "चौहान"),
        ("Kumari", "कुमारी"),
        ("Ansari", "अंसारी"),
        ("Tiwari", "तिवारी"),
    ],
};

static MARATHI: Pool = Pool {
    given: &[
        ("Sachin", "सचिन"),
        ("Snehal", "स्नेहल"),
        ("Prakash", "प्रकाश"),
        ("Vaishali", "वैशाली"),
        ("Ganesh", "गणेश"),
        ("Manisha", "मनीषा"),
        ("Nilesh", "निलेश"),
        ("Swati", "स्वाती"),
        ("Tushar", "तुषार"),
        ("Ashwini", "अश्विनी"),
    ],
    family: &[
        ("Patil", "पाटील"),
        ("Deshmukh", "देशमुख"),
        ("Jadhav", "जाधव"),
        ("Kulkarni", "कुलकर्णी"),
        ("Shinde", "शिंदे"),
        ("Pawar", "पवार"),
        ("Gaikwad", "गायकवाड"),
        ("More", "मोरे"),
        ("Shaikh", "शेख"),
    ],
};

static TAMIL: Pool = Pool {
    given: &[
        ("Karthik", "கார்த்திக்"),
        ("Lakshmi", "லட்சுமி"),
        ("Murugan", "முருகன்"),
        ("Selvi", "செல்வி"),
        ("Arun", "அருண்"),
        ("Priya", "பிரியா"),
        ("Senthil", "செந்தில்"),
        ("Meena", "மீனா"),
    ],
    family: &[
        ("Subramanian", "சுப்பிரமணியன்"),
        ("Ramanathan", "ராமநாதன்"),
        ("Krishnan", "கிருஷ்ணன்"),
        ("Pandian", "பாண்டியன்"),
        ("Rajan", "ராஜன்"),
        ("Natarajan", "நடராஜன்"),
    ],
};

static BENGALI: Pool = Pool {
    given: &[
        ("Subrata", "সুব্রত"),
        ("Mousumi", "মৌসুমী"),
        ("Arindam", "অরিন্দম"),
        ("Sharmila", "শর্মিলা"),
        ("Debashis", "দেবাশিস"),
        ("Ruma", "রুমা"),
        ("Abdul", "আব্দুল"),
    ],
    family: &[("Ghosh", "ঘোষ"), ("Banerjee", "ব্যানার্জী"), ("Das", "দাস"), ("Mondal", "মণ্ডল"), ("Chatterjee", "চ্যাটার্জী"), ("Rahman", "রহমান")],
};

static TELUGU: Pool = Pool {
    given: &[("Srinivas", "శ్రీనివాస్"), ("Padma", "పద్మ"), ("Ravi", "రవి"), ("Lavanya", "లావణ్య"), ("Venkat", "వెంకట్"), ("Swapna", "స్వప్న")],
    family: &[("Reddy", "రెడ్డి"), ("Rao", "రావు"), ("Naidu", "నాయుడు"), ("Chowdary", "చౌదరి"), ("Goud", "గౌడ్")],
};

static KANNADA: Pool = Pool {
    given: &[("Manjunath", "ಮಂಜುನಾಥ್"), ("Shilpa", "ಶಿಲ್ಪಾ"), ("Basavaraj", "ಬಸವರಾಜ್"), ("Roopa", "ರೂಪಾ"), ("Kiran", "ಕಿರಣ್")],
    family: &[("Gowda", "ಗೌಡ"), ("Hegde", "ಹೆಗ್ಡೆ"), ("Shetty", "ಶೆಟ್ಟಿ"), ("Patil", "ಪಾಟೀಲ್")],
};

static GUJARATI: Pool = Pool {
    given: &[("Hitesh", "હિતેશ"), ("Jignesh", "જીગ્નેશ"), ("Bhavna", "ભાવના"), ("Paresh", "પરેશ"), ("Komal", "કોમલ")],
    family: &[("Patel", "પટેલ"), ("Shah", "શાહ"), ("Mehta", "મહેતા"), ("Desai", "દેસાઈ"), ("Solanki", "સોલંકી")],
};

static PUNJABI: Pool = Pool {
    given: &[("Gurpreet", "ਗੁਰਪ੍ਰੀਤ"), ("Harjit", "ਹਰਜੀਤ"), ("Simran", "ਸਿਮਰਨ"), ("Balwinder", "ਬਲਵਿੰਦਰ")],
    family: &[("Singh", "ਸਿੰਘ"), ("Kaur", "ਕੌਰ"), ("Gill", "ਗਿੱਲ"), ("Sandhu", "ਸੰਧੂ")],
};

static MALAYALAM: Pool = Pool {
    given: &[("Anoop", "അനൂപ്"), ("Sreeja", "ശ്രീജ"), ("Biju", "ബിജു"), ("Divya", "ദിവ്യ")],
    family: &[("Nair", "നായർ"), ("Menon", "മേനോൻ"), ("Thomas", "തോമസ്"), ("Pillai", "പിള്ള")],
};

fn pool(language: &str) -> &'static Pool {
    match language {
        "mr" => &MARATHI,
        "ta" => &TAMIL,
        "bn" => &BENGALI,
        "te" => &TELUGU,
        "kn" => &KANNADA,
        "gu" => &GUJARATI,
        "pa" => &PUNJABI,
        "ml" => &MALAYALAM,
        _ => &HINDI,
    }
}

/// A person of a part of the country: mostly given name and surname; some have initials, some one name only. A third
/// are known in their own script too.
pub fn person(random: &mut Random, language: &str) -> Name {
    let pool = pool(language);
    let (given, given_local) = *random.pick(pool.given);
    let (family, family_local) = *random.pick(pool.family);
    let form = random.unit();
    let (latin, local) = if form < 0.04 {
        (given.to_owned(), given_local.to_owned())
    } else if form < 0.14 {
        let initial = |random: &mut Random| char::from(b'A' + u8::try_from(random.below(22)).unwrap_or(0));
        (format!("{}. {}. {family}", initial(random), initial(random)), String::new())
    } else {
        (format!("{given} {family}"), format!("{given_local} {family_local}"))
    };
    Name { latin, local: if random.chance(33.0) { local } else { String::new() } }
}

/// A firm of the kind that borrows for its business: `(name, borrower_type)`.
pub fn firm(random: &mut Random, language: &str) -> (Name, &'static str) {
    const TRADES: &[&str] =
        &["Traders", "Enterprises", "Textiles", "Agro Foods", "Electricals", "Roadlines", "Steel Works", "Garments", "Medicos"];
    const GODS: &[&str] = &["Shree Ganesh", "Sri Balaji", "Jai Ambe", "New Bharat", "Al Noor", "Om Sai", "Annapurna", "Royal"];
    let family = random.pick(pool(language).family).0;
    let (latin, kind) = match random.below(10) {
        0..=4 => (format!("M/s {} {}", random.pick(GODS), random.pick(TRADES)), "PROPRIETOR"),
        5..=7 => (format!("{family} & Sons {}", random.pick(TRADES)), "PARTNERSHIP"),
        _ => (format!("{family} {} Private Limited", random.pick(TRADES)), "COMPANY"),
    };
    (Name { latin, local: String::new() }, kind)
}
