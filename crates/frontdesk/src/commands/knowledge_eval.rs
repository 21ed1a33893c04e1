//! `frontdesk knowledge eval`: measures on a test set how well questions find their documents, and how fast.
//!
//! Needs no database and changes nothing. The files are JSON lines, as `frontdesk_knowledge::eval` describes.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use frontdesk_knowledge::eval;
use frontdesk_llm::embed::Embedder;
use frontdesk_llm::local::LocalEmbedder;

use super::print;

/// What to measure.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Documents: one JSON object per line, {"id", "title", "text"}
    #[arg(long, value_name = "FILE")]
    corpus: PathBuf,
    /// Questions: one JSON object per line, {"question", "relevant": [ids]}
    #[arg(long, value_name = "FILE")]
    questions: PathBuf,
    /// A sentence-transformers directory; words alone decide when absent
    #[arg(long, value_name = "DIR")]
    embeddings: Option<PathBuf>,
}

/// Measures and prints the report as JSON.
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let corpus = open(&args.corpus)?;
    let questions = open(&args.questions)?;
    let embedder = args.embeddings.as_deref().map(load).transpose()?;
    let report = eval::run(corpus, questions, embedder).await?;
    print(&serde_json::to_string_pretty(&report)?);
    Ok(ExitCode::SUCCESS)
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(BufReader::new(file))
}

fn load(dir: &Path) -> anyhow::Result<Arc<dyn Embedder>> {
    let model = LocalEmbedder::load(dir)
        .with_context(|| format!("the embedding model in {} cannot be used", dir.display()))?;
    Ok(Arc::new(model))
}
