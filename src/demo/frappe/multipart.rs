//! `multipart/form-data` taken apart. Knows bytes and headers, not what a part is for.

use bytes::Bytes;

/// One part of a form.
pub(super) struct Part {
    pub(super) name: String,
    /// Given for files.
    pub(super) file_name: Option<String>,
    pub(super) content: Bytes,
}

/// The parts of a body, in order; none where the content type names no boundary.
pub(super) fn parts(content_type: &str, body: &[u8]) -> Vec<Part> {
    let Some((_, boundary)) = content_type.split_once("boundary=") else { return Vec::new() };
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    let delimiter = format!("--{boundary}").into_bytes();
    let mut found = Vec::new();
    let mut starts = positions(body, &delimiter).into_iter().peekable();
    while let Some(at) = starts.next() {
        let start = at + delimiter.len();
        let Some(end) = starts.peek().copied() else { break };
        // Each part lies between two line ends that belong to the delimiters.
        let part = body.get(start + 2..end.saturating_sub(2)).unwrap_or_default();
        let Some(split) = positions(part, b"\r\n\r\n").first().copied() else { continue };
        let head = String::from_utf8_lossy(&part[..split]).into_owned();
        let disposition = head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:")).unwrap_or_default();
        let quoted = |key: &str| Some(disposition.split_once(&format!("; {key}=\""))?.1.split('"').next()?.to_owned());
        if let Some(name) = quoted("name") {
            found.push(Part { name, file_name: quoted("filename"), content: Bytes::copy_from_slice(&part[split + 4..]) });
        }
    }
    found
}

fn positions(text: &[u8], wanted: &[u8]) -> Vec<usize> {
    let Some(first) = wanted.first() else { return Vec::new() };
    let starts = text.iter().enumerate().filter(|(_, byte)| *byte == first).map(|(at, _)| at);
    starts.filter(|at| text[*at..].starts_with(wanted)).collect()
}

#[test]
fn a_form_with_a_field_and_a_file_comes_apart() {
    let body = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"p\xc3\xa9.txt\"\r\nContent-Type: text/plain\r\n\r\nline\n\r\n--x--\r\n";
    let found = parts("multipart/form-data; boundary=x", body);
    let seen: Vec<_> = found.iter().map(|part| (part.name.as_str(), part.file_name.as_deref(), &part.content[..])).collect();
    assert_eq!(seen, [("a", None, &b"1"[..]), ("file", Some("pé.txt"), &b"line\n"[..])]);
}
