//! Makes sure the embedded pages exist: a placeholder stands in for one that was not built.

use std::path::Path;
use std::{fs, io};

const PAGES: &[(&str, &str, &str)] = &[
    (
        "dashboard",
        "index.html",
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Frontdesk</title>\
         <p>The dashboard was not built. Run <code>make build</code>.</p></html>\n",
    ),
    (
        "booking",
        "index.html",
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Frontdesk</title>\
         <p>The booking page was not built. Run <code>make build</code>.</p></html>\n",
    ),
    ("widget", "widget.js", "console.warn('Frontdesk: the widget was not built; run make build');\n"),
];

fn main() -> io::Result<()> {
    for (package, file, placeholder) in PAGES {
        let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web").join(package).join("dist");
        if !dist.join(file).exists() {
            fs::create_dir_all(&dist)?;
            fs::write(dist.join(file), placeholder)?;
        }
        println!("cargo:rerun-if-changed={}", dist.display());
    }
    Ok(())
}
