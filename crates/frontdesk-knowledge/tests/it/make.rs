//! Makes the files that the tests read: PDF by hand, DOCX by zipping XML.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A PDF whose pages hold these lines of text, with a correct cross-reference table.
pub fn pdf(pages: &[Vec<String>]) -> Vec<u8> {
    let contents: Vec<String> = pages
        .iter()
        .map(|lines| {
            let mut stream = "BT /F1 12 Tf 14 TL 72 720 Td\n".to_owned();
            for line in lines {
                let escaped = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
                writeln!(stream, "({escaped}) Tj T*").unwrap();
            }
            stream + "ET"
        })
        .collect();
    pdf_with_contents(&contents, "")
}

/// A PDF with these content streams; `resources` is added to each page's resources.
pub fn pdf_with_contents(contents: &[String], resources: &str) -> Vec<u8> {
    let first_page = 4;
    let kids: String =
        (0..contents.len()).map(|n| format!("{} 0 R ", first_page + n * 2)).collect::<Vec<_>>().concat();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [{kids}] >>", contents.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    for (number, content) in contents.iter().enumerate() {
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> {resources} >> /Contents {} 0 R >>",
            first_page + number * 2 + 1
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let start = file.len();
    write!(file, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).unwrap();
    for offset in offsets {
        writeln!(file, "{offset:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
        .unwrap();
    file
}

/// A DOCX with this body and, when given, these styles.
pub fn docx(body: &str, styles: Option<&str>) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let mut parts = vec![("[Content_Types].xml", "<Types/>".to_owned()), ("word/document.xml", document)];
    if let Some(styles) = styles {
        parts.push(("word/styles.xml", styles.to_owned()));
    }
    archive(&parts.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect::<Vec<_>>())
}

/// A ZIP archive of these files.
pub fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word paragraph, in a style when given.
pub fn paragraph(style: Option<&str>, text: &str) -> String {
    let style =
        style.map(|style| format!("<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>")).unwrap_or_default();
    format!("<w:p>{style}<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>")
}
