//! The table of routes: what each answers to every kind of caller that it must tell apart. It must not know how it is asked.

/// A route, an address of it, and what arrives.
pub struct Row {
    pub method: &'static str,
    pub pattern: &'static str,
    pub address: &'static str,
    /// Without a session; with another institution's the very same.
    pub nobody: &'static str,
    pub signed_in: &'static str,
    pub wrong_origin: &'static str,
    pub unknown_host: &'static str,
    pub suspended: &'static str,
}

const PAGE: Row = Row {
    method: "GET",
    pattern: "",
    address: "",
    nobody: "303 -> /sign-in",
    signed_in: "200 text/html",
    // A page may be linked to from anywhere.
    wrong_origin: "303 -> /sign-in",
    unknown_host: "404 There is nothing at this address",
    suspended: "403 Access is suspended",
};
const FUNCTION: Row = Row {
    nobody: "401 signed_out",
    signed_in: "200 application/json",
    wrong_origin: "403 wrong_origin",
    unknown_host: "404 not_found",
    suspended: "403 suspended",
    ..PAGE
};
/// Of the JSON API: read from anywhere that holds the cookie, and every refusal a problem.
const JSON: Row = Row {
    nobody: "401 application/problem+json",
    signed_in: "200 application/json",
    wrong_origin: "401 application/problem+json",
    unknown_host: "404 application/problem+json",
    suspended: "403 application/problem+json",
    ..PAGE
};
const FORM: Row =
    Row { method: "POST", nobody: "303 -> /sign-in", signed_in: "303 -> /sign-in", wrong_origin: "403 This is not allowed", ..PAGE };
/// Sent for a view that is nobody's, which is what anybody else's is too.
const FORM_OF_VIEW: Row = Row { nobody: "401 You are signed out", signed_in: "404 There is nothing at this address", ..FORM };
/// Nobody's in particular: without tenant, cookie or origin.
const FILE: Row = Row {
    nobody: "200 image/svg+xml",
    signed_in: "200 image/svg+xml",
    wrong_origin: "200 image/svg+xml",
    unknown_host: "200 image/svg+xml",
    suspended: "200 image/svg+xml",
    ..PAGE
};
const fn file(kind: &'static str) -> Row {
    Row { nobody: kind, signed_in: kind, wrong_origin: kind, unknown_host: kind, suspended: kind, ..FILE }
}
const fn at(pattern: &'static str, row: Row) -> Row {
    Row { pattern, address: pattern, ..row }
}

/// A section's first page: signing in leads back to it.
const fn section(nobody: &'static str) -> Row {
    Row { nobody, wrong_origin: nobody, ..PAGE }
}

/// Asked for a case that is nobody's, which is what anybody else's case is too.
const fn of_case(pattern: &'static str, address: &'static str) -> Row {
    Row { pattern, address, signed_in: "404 not_found", ..FUNCTION }
}
const fn page_of_case(pattern: &'static str, address: &'static str, nobody: &'static str) -> Row {
    Row { pattern, address, nobody, wrong_origin: nobody, signed_in: "404 There is no such case", ..PAGE }
}

/// Of a filing that is nobody's, for programs and files.
const fn of_filing(pattern: &'static str, address: &'static str) -> Row {
    Row {
        pattern,
        address,
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    }
}

/// The table.
pub const ROWS: &[Row] = &[
    at("/", PAGE),
    at("/api/approvals/list", FUNCTION),
    at("/api/audit/list", FUNCTION),
    of_case("/api/cases/audit", "/api/cases/audit?id=0000000000"),
    of_case("/api/cases/clocks", "/api/cases/clocks?id=0000000000"),
    of_case("/api/cases/deeds", "/api/cases/deeds?id=0000000000"),
    of_case("/api/cases/document", "/api/cases/document?id=0000000000&doc=0000000000"),
    of_case("/api/cases/documents", "/api/cases/documents?id=0000000000"),
    at("/api/cases/find", FUNCTION),
    of_case("/api/cases/glance", "/api/cases/glance?id=0000000000"),
    of_case("/api/cases/hearings", "/api/cases/hearings?id=0000000000"),
    at("/api/cases/list", FUNCTION),
    of_case("/api/cases/money", "/api/cases/money?id=0000000000"),
    of_case("/api/cases/particulars", "/api/cases/particulars?id=0000000000"),
    of_case("/api/cases/service", "/api/cases/service?id=0000000000"),
    of_case("/api/cases/show", "/api/cases/show?id=0000000000"),
    of_case("/api/cases/tasks", "/api/cases/tasks?id=0000000000"),
    of_case("/api/cases/timeline", "/api/cases/timeline?id=0000000000"),
    at("/api/cases/totals", FUNCTION),
    of_case("/api/cases/tribunal", "/api/cases/tribunal?id=0000000000"),
    at("/api/dashboard/clocks", FUNCTION),
    at("/api/dashboard/hearings", FUNCTION),
    at("/api/dashboard/moves", FUNCTION),
    at("/api/dashboard/portfolio", FUNCTION),
    at("/api/dashboard/queue", FUNCTION),
    at("/api/dashboard/stages", FUNCTION),
    at("/api/dashboard/throughput", FUNCTION),
    at("/api/documents/list", FUNCTION),
    at("/api/frame/show", FUNCTION),
    at("/api/hearings/diary", FUNCTION),
    Row { address: "/api/notices/panel?panel=list", ..at("/api/notices/panel", FUNCTION) },
    Row { address: "/api/portfolio/panel?panel=products", ..at("/api/portfolio/panel", FUNCTION) },
    at("/api/session/stay", Row { method: "POST", ..FUNCTION }),
    at("/api/sign-in/show", Row { nobody: "200 application/json", ..FUNCTION }),
    at("/api/v1/cases", JSON),
    Row { pattern: "/api/v1/cases/{id}", address: "/api/v1/cases/0000000000", signed_in: "404 application/problem+json", ..JSON },
    at("/api/v1/dashboard", JSON),
    Row {
        pattern: "/api/v1/documents/{id}/content",
        address: "/api/v1/documents/0000000000/content",
        signed_in: "404 application/problem+json",
        ..JSON
    },
    at("/api/v1/hearings", JSON),
    at("/api/v1/me", JSON),
    at("/api/v1/openapi.json", JSON),
    at("/approvals", section("303 -> /sign-in?next=%2Fapprovals")),
    Row {
        pattern: "/approvals/{id}",
        address: "/approvals/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fapprovals%2F0000000000")
    },
    Row { pattern: "/approvals/{id}", address: "/approvals/0000000000", ..FORM_OF_VIEW },
    at("/audit", section("303 -> /sign-in?next=%2Faudit")),
    Row {
        nobody: "401 You are signed out",
        signed_in: "200 text/csv",
        wrong_origin: "401 You are signed out",
        ..at("/audit/export", PAGE)
    },
    at("/brand.css", Row { nobody: "200 text/css", signed_in: "200 text/css", wrong_origin: "200 text/css", ..PAGE }),
    Row {
        nobody: "404 There is nothing at this address",
        signed_in: "404 There is nothing at this address",
        wrong_origin: "404 There is nothing at this address",
        ..at("/calendar.ics", PAGE)
    },
    at("/cases", section("303 -> /sign-in?next=%2Fcases")),
    at("/cases/bulk", section("303 -> /sign-in?next=%2Fcases%2Fbulk")),
    // Sent for no case.
    at("/cases/bulk", Row { nobody: "401 You are signed out", signed_in: "422 Act on several cases", ..FORM }),
    at("/cases/columns", Row { nobody: "303 -> /cases", signed_in: "303 -> /cases", ..FORM }),
    Row {
        address: "/cases/export?format=csv",
        nobody: "401 You are signed out",
        signed_in: "200 text/csv",
        wrong_origin: "401 You are signed out",
        ..at("/cases/export", PAGE)
    },
    Row {
        signed_in: "403 This is not allowed",
        nobody: "303 -> /sign-in?next=%2Fcases%2Fnew",
        wrong_origin: "303 -> /sign-in?next=%2Fcases%2Fnew",
        ..at("/cases/new", PAGE)
    },
    at("/cases/new", Row { nobody: "401 You are signed out", signed_in: "403 This is not allowed", ..FORM }),
    page_of_case("/cases/{id}", "/cases/0000000000", "303 -> /sign-in?next=%2Fcases%2F0000000000"),
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case("/cases/{id}/do/{deed}", "/cases/0000000000/do/hold", "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fdo%2Fhold")
    },
    Row {
        pattern: "/cases/{id}/do/{deed}",
        address: "/cases/0000000000/do/hold",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    Row {
        pattern: "/cases/{id}/documents.zip",
        address: "/cases/0000000000/documents.zip",
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    },
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case(
            "/cases/{id}/documents/new",
            "/cases/0000000000/documents/new",
            "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fdocuments%2Fnew",
        )
    },
    Row {
        pattern: "/cases/{id}/documents/new",
        address: "/cases/0000000000/documents/new",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    Row {
        signed_in: "404 There is nothing at this address",
        ..page_of_case(
            "/cases/{id}/reveal/{particular}",
            "/cases/0000000000/reveal/0000000000",
            "303 -> /sign-in?next=%2Fcases%2F0000000000%2Freveal%2F0000000000",
        )
    },
    Row {
        pattern: "/cases/{id}/reveal/{particular}",
        address: "/cases/0000000000/reveal/0000000000",
        nobody: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..FORM
    },
    page_of_case("/cases/{id}/{part}", "/cases/0000000000/money", "303 -> /sign-in?next=%2Fcases%2F0000000000%2Fmoney"),
    at("/documents", Row { nobody: "303 -> /sign-in?next=%2Fdocuments", wrong_origin: "303 -> /sign-in?next=%2Fdocuments", ..PAGE }),
    Row {
        pattern: "/documents/{id}/content",
        address: "/documents/0000000000/content",
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    },
    at("/favicon.svg", FILE),
    Row { pattern: "/fonts/{*path}", address: "/fonts/inter-latin-5.woff2", ..file("200 font/woff2") },
    at("/filing", section("303 -> /sign-in?next=%2Ffiling")),
    // A head decides on filings and prepares none.
    at("/filing/new", Row { signed_in: "403 This is not allowed", ..section("303 -> /sign-in?next=%2Ffiling%2Fnew") }),
    at("/filing/new", Row { nobody: "401 You are signed out", signed_in: "403 This is not allowed", ..FORM }),
    Row {
        pattern: "/filing/{id}",
        address: "/filing/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Ffiling%2F0000000000")
    },
    Row {
        pattern: "/filing/{id}/do/{deed}",
        address: "/filing/0000000000/do/pause",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Ffiling%2F0000000000%2Fdo%2Fpause")
    },
    Row { pattern: "/filing/{id}/do/{deed}", address: "/filing/0000000000/do/pause", ..FORM_OF_VIEW },
    of_filing("/filing/{id}/progress", "/filing/0000000000/progress"),
    Row {
        pattern: "/filing/{id}/rejects",
        address: "/filing/0000000000/rejects",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Ffiling%2F0000000000%2Frejects")
    },
    Row {
        pattern: "/filing/{id}/rejects",
        address: "/filing/0000000000/rejects",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    of_filing("/filing/{id}/rejects.xlsx", "/filing/0000000000/rejects.xlsx"),
    of_filing("/filing/{id}/result.xlsx", "/filing/0000000000/result.xlsx"),
    Row {
        pattern: "/filing/{id}/rows/{row}",
        address: "/filing/0000000000/rows/0000000000",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Ffiling%2F0000000000%2Frows%2F0000000000")
    },
    Row {
        pattern: "/filing/{id}/rows/{row}",
        address: "/filing/0000000000/rows/0000000000",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    at("/find", section("303 -> /sign-in?next=%2Ffind")),
    at("/hearings", section("303 -> /sign-in?next=%2Fhearings")),
    at("/hearings/cause-list", section("303 -> /sign-in?next=%2Fhearings%2Fcause-list")),
    at("/hearings/feeds", section("303 -> /sign-in?next=%2Fhearings%2Ffeeds")),
    at("/hearings/feeds", Row { nobody: "401 You are signed out", signed_in: "400 This request was not carried out", ..FORM }),
    Row {
        pattern: "/hearings/feeds/{id}/revoke",
        address: "/hearings/feeds/0000000000/revoke",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fhearings%2Ffeeds%2F0000000000%2Frevoke")
    },
    Row { pattern: "/hearings/feeds/{id}/revoke", address: "/hearings/feeds/0000000000/revoke", ..FORM_OF_VIEW },
    at("/icons.svg", FILE),
    at("/keys", section("303 -> /sign-in")),
    at("/notices", section("303 -> /sign-in?next=%2Fnotices")),
    at("/notices/channels", section("303 -> /sign-in?next=%2Fnotices%2Fchannels")),
    Row {
        pattern: "/notices/{id}",
        address: "/notices/0000000000",
        signed_in: "404 Campaign",
        ..section("303 -> /sign-in?next=%2Fnotices%2F0000000000")
    },
    Row {
        pattern: "/notices/{id}/recipients",
        address: "/notices/0000000000/recipients",
        signed_in: "404 Recipients",
        ..section("303 -> /sign-in?next=%2Fnotices%2F0000000000%2Frecipients")
    },
    Row {
        pattern: "/notices/{id}/recipients/export",
        address: "/notices/0000000000/recipients/export",
        nobody: "401 You are signed out",
        wrong_origin: "401 You are signed out",
        signed_in: "404 There is nothing at this address",
        ..PAGE
    },
    // A head releases campaigns and makes none.
    at("/notices/new", Row { signed_in: "403 This is not allowed", ..section("303 -> /sign-in?next=%2Fnotices%2Fnew") }),
    Row {
        pattern: "/notices/new/{notice}",
        address: "/notices/new/LRN",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Fnotices%2Fnew%2FLRN")
    },
    Row {
        pattern: "/notices/new/{notice}",
        address: "/notices/new/LRN",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    Row {
        pattern: "/notices/{id}/do/{deed}",
        address: "/notices/0000000000/do/stop",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fnotices%2F0000000000%2Fdo%2Fstop")
    },
    Row { pattern: "/notices/{id}/do/{deed}", address: "/notices/0000000000/do/stop", ..FORM_OF_VIEW },
    Row {
        pattern: "/notices/{id}/make",
        address: "/notices/0000000000/make",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fnotices%2F0000000000%2Fmake")
    },
    Row {
        pattern: "/notices/{id}/rendering",
        address: "/notices/0000000000/rendering",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fnotices%2F0000000000%2Frendering")
    },
    at("/people", section("303 -> /sign-in?next=%2Fpeople")),
    // A head decides on people and prepares nothing.
    at("/people/new", Row { signed_in: "403 This is not allowed", ..section("303 -> /sign-in?next=%2Fpeople%2Fnew") }),
    at("/people/new", Row { nobody: "401 You are signed out", signed_in: "403 This is not allowed", ..FORM }),
    Row {
        pattern: "/people/{id}",
        address: "/people/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fpeople%2F0000000000")
    },
    Row {
        pattern: "/people/{id}/do/{deed}",
        address: "/people/0000000000/do/disable",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Fpeople%2F0000000000%2Fdo%2Fdisable")
    },
    Row {
        pattern: "/people/{id}/do/{deed}",
        address: "/people/0000000000/do/disable",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    Row { pattern: "/pkg/{*path}", address: "/pkg/nothing.js", ..file("404") },
    at("/portfolio", section("303 -> /sign-in?next=%2Fportfolio")),
    at("/progress.js", file("200 text/javascript")),
    at("/robots.txt", file("200 text/plain")),
    at("/settings", section("303 -> /sign-in?next=%2Fsettings")),
    Row {
        pattern: "/settings/rules/{notice}",
        address: "/settings/rules/S21",
        ..section("303 -> /sign-in?next=%2Fsettings%2Frules%2FS21")
    },
    // A head approves rules and proposes none.
    Row {
        pattern: "/settings/rules/{notice}/new",
        address: "/settings/rules/S21/new",
        signed_in: "403 This is not allowed",
        ..section("303 -> /sign-in?next=%2Fsettings%2Frules%2FS21%2Fnew")
    },
    Row {
        pattern: "/settings/rules/{notice}/new",
        address: "/settings/rules/S21/new",
        nobody: "401 You are signed out",
        signed_in: "403 This is not allowed",
        ..FORM
    },
    at("/sign-in", Row { nobody: "200 text/html", signed_in: "303 -> /", wrong_origin: "200 text/html", ..PAGE }),
    at("/sign-in", FORM),
    at("/sign-in/code", FORM),
    at("/sign-in/restart", FORM),
    at("/sign-out", FORM),
    at("/sign-out/everywhere", FORM),
    at("/theme", Row { nobody: "303 -> /", signed_in: "303 -> /", ..FORM }),
    at("/upload.js", file("200 text/javascript")),
    at("/views/new", section("303 -> /sign-in?next=%2Fviews%2Fnew")),
    // Of no form that the portal has shown.
    at("/views/new", Row { nobody: "401 You are signed out", signed_in: "400 This request was not carried out", ..FORM }),
    Row {
        pattern: "/views/{id}",
        address: "/views/0000000000",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fviews%2F0000000000")
    },
    Row { pattern: "/views/{id}", address: "/views/0000000000", ..FORM_OF_VIEW },
    Row {
        pattern: "/views/{id}/delete",
        address: "/views/0000000000/delete",
        signed_in: "404 There is nothing at this address",
        ..section("303 -> /sign-in?next=%2Fviews%2F0000000000%2Fdelete")
    },
    Row { pattern: "/views/{id}/delete", address: "/views/0000000000/delete", ..FORM_OF_VIEW },
];
