//! Each kind of file as people upload it.

use crate::make;
use frontdesk_knowledge::language::Language;
use frontdesk_knowledge::parse::html::{Robots, links, robots};
use frontdesk_knowledge::parse::{Block, BlockKind, Document, Format, Limits, parse};

fn read(format: Format, bytes: &[u8]) -> Document {
    parse(format, bytes, &Limits::default()).unwrap()
}

fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|block| block.text.as_str()).collect()
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

#[test]
fn pdf_pages_keep_their_numbers_and_lose_running_headers() {
    let page = |number: u32, body: &str| lines(&["Acme Handbook", body, &format!("Page {number} of 3")]);
    let bytes = make::pdf(&[
        page(1, "Our office opens at nine every weekday."),
        page(2, "Parking costs two euros per hour behind the house."),
        page(3, "Dogs are welcome in the garden but not inside."),
    ]);
    let document = read(Format::Pdf, &bytes);
    assert_eq!(
        texts(&document),
        [
            "Our office opens at nine every weekday.",
            "Parking costs two euros per hour behind the house.",
            "Dogs are welcome in the garden but not inside."
        ]
    );
    assert_eq!(
        document.blocks.iter().map(|block| block.place.page).collect::<Vec<_>>(),
        [Some(1), Some(2), Some(3)]
    );
    assert_eq!(document.language, Language::English);
}

#[test]
fn pdf_headings_tables_and_lists_are_found_by_their_layout() {
    let line =
        |size: u32, x: u32, y: u32, text: &str| format!("BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET\n");
    let content = [
        line(18, 72, 700, "Studio Fern"),
        line(14, 72, 670, "Prices"),
        line(10, 72, 650, "Service"),
        line(10, 200, 650, "Duration"),
        line(10, 300, 650, "Price"),
        line(10, 72, 636, "Haircut"),
        line(10, 200, 636, "30 minutes"),
        line(10, 300, 636, "$45"),
        line(14, 72, 610, "Rules"),
        line(10, 72, 590, "Please arrive on time, since we cannot always wait for guests who are"),
        line(10, 72, 578, "late by more than a quarter of an hour."),
        line(10, 72, 550, "Walk-ins are welcome before noon on every weekday of the year."),
        line(16, 72, 530, "-"),
        line(10, 90, 530, "Bring a towel"),
    ];
    let document = read(Format::Pdf, &make::pdf_with_contents(&[content.concat()], ""));
    let found: Vec<(&str, Option<&str>)> = document
        .blocks
        .iter()
        .map(|block| (block.text.as_str(), block.place.heading_path.last().map(String::as_str)))
        .collect();
    assert_eq!(
        found,
        [
            ("Studio Fern", None),
            ("Prices", Some("Studio Fern")),
            ("Service: Haircut; Duration: 30 minutes; Price: $45", Some("Prices")),
            ("Rules", Some("Studio Fern")),
            (
                "Please arrive on time, since we cannot always wait for guests who are late by more than a quarter of an hour.",
                Some("Rules")
            ),
            ("Walk-ins are welcome before noon on every weekday of the year.", Some("Rules")),
            ("Bring a towel", Some("Rules")),
        ]
    );
}

#[test]
fn word_headings_are_found_in_any_language_of_word() {
    let styles = r#"<w:styles><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="Eigene"><w:name w:val="Eigene"/><w:basedOn w:val="berschrift1"/></w:style></w:styles>"#;
    let body = [
        make::paragraph(Some("berschrift1"), "Preise"),
        make::paragraph(None, "Der Haarschnitt kostet 40 &amp; mehr Euro."),
        make::paragraph(Some("Eigene"), "Zeiten"),
        make::paragraph(Some("Listenabsatz"), "Montag bis Freitag"),
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Samstag</w:t></w:r><w:del><w:r><w:t>weg</w:t></w:r></w:del></w:p>".to_owned(),
    ];
    let document = read(Format::Docx, &make::docx(&body.concat(), Some(styles)));
    let kinds: Vec<&BlockKind> = document.blocks.iter().map(|block| &block.kind).collect();
    assert_eq!(document.blocks[0].kind, BlockKind::Heading { level: 1 });
    assert_eq!(document.blocks[1].text, "Der Haarschnitt kostet 40 & mehr Euro.");
    assert_eq!(document.blocks[2].kind, BlockKind::Heading { level: 1 });
    assert_eq!(document.blocks[4].kind, BlockKind::ListItem, "{kinds:?}");
    assert_eq!(document.blocks[4].text, "Samstag");
    assert_eq!(document.blocks[4].place.heading_path, ["Zeiten"]);
}

#[test]
fn word_tables_keep_their_columns() {
    let cell = |text: &str| format!("<w:tc>{}</w:tc>", make::paragraph(None, text));
    let row = |cells: [&str; 3]| format!("<w:tr>{}</w:tr>", cells.map(cell).concat());
    let table = format!(
        "<w:tbl>{}{}{}</w:tbl>",
        row(["Room", "Beds", "Price"]),
        row(["Garden", "one", "£115"]),
        row(["Lake", "two", "£165"])
    );
    let document = read(Format::Docx, &make::docx(&table, None));
    assert_eq!(
        texts(&document),
        ["Room: Garden; Beds: one; Price: £115", "Room: Lake; Beds: two; Price: £165"]
    );
    assert_eq!(document.blocks[1].place.row, Some(2));
}

#[test]
fn a_web_page_gives_its_content_and_not_its_frame() {
    let page = r#"<!doctype html><html><head><title>Spa &amp; Sauna</title><style>p{}</style></head><body>
        <nav><a href="/home">Home</a></nav><div class="cookie-banner">We use cookies</div>
        <h1>Our spa</h1><p>The <b>sauna</b> opens at&nbsp;4&nbsp;pm.<script>alert(1)</script></p>
        <ul><li>Towels are free.</li><li>Robes cost <i>five</i> euros.</li></ul>
        <table><tr><th>Treatment</th><th>Price</th></tr><tr><td>Massage</td><td>60 €</td></tr></table>
        <h2>Can I bring children?</h2><p>From the age of ten.</p>
        <details><summary>Is there parking?</summary>Yes, behind the house.</details>
        <dl><dt>Phone</dt><dd>0123 456</dd></dl>
        <footer>Imprint <address>Lake Road 1</address></footer></body></html>"#;
    let document = read(Format::Html, page.as_bytes());
    assert_eq!(document.title.as_deref(), Some("Spa & Sauna"));
    let all = texts(&document).join("|");
    assert_eq!(
        all,
        "Our spa|The sauna opens at 4 pm.|Towels are free.|Robes cost five euros.|Treatment: Massage; Price: 60 €|From the age of ten.|Yes, behind the house.|Phone: 0123 456"
    );
    let question =
        |block: &Block| matches!(&block.kind, BlockKind::Faq { question } if question == "Is there parking?");
    assert!(document.blocks.iter().any(question), "{:?}", document.blocks);
}

#[test]
fn links_are_absolute_followable_and_unique() {
    let base = "https://example.org/a/b.html".parse().unwrap();
    let page = r#"<a href="c.html#part">c</a><a href="/d">d</a><a href="c.html">again</a><a href="mailto:x@y.z">m</a>
        <a rel="nofollow" href="/hidden">h</a><a href="https://other.org/">o</a><a href="javascript:void(0)">j</a>"#;
    let found: Vec<String> = links(&base, page).into_iter().map(Into::into).collect();
    assert_eq!(found, ["https://example.org/a/c.html", "https://example.org/d", "https://other.org/"]);
    assert_eq!(
        robots("<meta name=ROBOTS content='NoIndex, follow'>", "frontdesk"),
        Robots { noindex: true, nofollow: false }
    );
    assert_eq!(
        robots("<meta name=frontdesk content=none>", "frontdesk"),
        Robots { noindex: true, nofollow: true }
    );
    assert_eq!(robots("<p>hello</p>", "frontdesk"), Robots::default());
}

#[test]
fn csv_rows_and_pairs() {
    let document = read(Format::Csv, "Artikel;Preis\nSeife;3,50 €\nKamm;5 €\n".as_bytes());
    assert_eq!(texts(&document), ["Artikel: Seife; Preis: 3,50 €", "Artikel: Kamm; Preis: 5 €"]);
    let document = read(
        Format::Csv,
        b"id,Question,Answer\n1,Do you ship?,\"Yes, worldwide.\"\n2,Refunds?,Within 30 days.\n",
    );
    assert_eq!(document.blocks[0].kind, BlockKind::Faq { question: "Do you ship?".into() });
    assert_eq!(document.blocks[0].text, "Yes, worldwide.");
    assert_eq!(document.blocks[1].place.row, Some(2));
}

#[test]
fn plain_text_shows_its_headings_lists_and_pairs() {
    let text = "OPENING HOURS\nMonday to Friday, nine to five.\n\nServices\n\n- Cleaning of teeth\n- Whitening\n\nQ: Do you take cards?\nA: Yes, all of them.\nQ: Is it painful?\nA: No.\n";
    let document = read(Format::Text, text.as_bytes());
    assert_eq!(document.blocks[0].kind, BlockKind::Heading { level: 2 });
    assert_eq!(document.blocks[3].kind, BlockKind::ListItem);
    assert_eq!(document.blocks[3].place.heading_path, ["Services"]);
    let pairs: Vec<(&str, &str)> = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Faq { question } => Some((question.as_str(), block.text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(pairs, [("Do you take cards?", "Yes, all of them."), ("Is it painful?", "No.")]);
}

#[test]
fn markdown_front_matter_names_the_document() {
    let document = read(
        Format::Markdown,
        b"---\ntitle: \"House rules\"\n---\n\nNo *smoking* in [rooms](x).\n\n> Quiet after ten.\n",
    );
    assert_eq!(document.title.as_deref(), Some("House rules"));
    assert_eq!(texts(&document), ["No smoking in rooms.", "Quiet after ten."]);
}
