//! Knowledge: what is searchable is whole, current and the workspace's own, whatever happens while it is read.

mod crawl;
mod ingest;
mod kit;
mod library;
