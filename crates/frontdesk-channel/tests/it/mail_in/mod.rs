//! Mail that comes in: replies by the labelled corpus, whole mails by theirs, and what hostile bytes do.

mod corpus;
mod hostile;
mod replies;
