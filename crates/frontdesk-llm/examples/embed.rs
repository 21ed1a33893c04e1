//! Embeds the lines of standard input with a local model and prints one JSON vector per line, then the time taken on
//! standard error: `cargo run -p frontdesk-llm --example embed DIRECTORY < texts.txt`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::io::BufRead as _;
use std::time::Instant;

use frontdesk_llm::embed::{EmbedPurpose, Embedder as _};
use frontdesk_llm::local::LocalEmbedder;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).ok_or("name the model's directory")?;
    let started = Instant::now();
    let embedder = LocalEmbedder::load(directory)?;
    eprintln!("{} loaded in {:?}", embedder.name(), started.elapsed());
    let texts: Vec<String> = std::io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let started = Instant::now();
    let vectors = embedder.embed(&texts, EmbedPurpose::Passage).await?;
    eprintln!("{} texts in {:?} together", texts.len(), started.elapsed());
    let started = Instant::now();
    for text in &texts {
        embedder.embed(std::slice::from_ref(text), EmbedPurpose::Query).await?;
    }
    eprintln!("{:?} each, one by one", started.elapsed() / u32::try_from(texts.len().max(1))?);
    for vector in vectors {
        println!("{}", serde_json::to_string(&vector)?);
    }
    Ok(())
}
