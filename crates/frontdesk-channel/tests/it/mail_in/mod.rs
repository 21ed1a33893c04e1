//! Mail that comes in: replies by the labelled corpus, whole mails by theirs, what hostile bytes do, a real mailbox.

mod corpus;
mod hostile;
mod imap;
mod replies;
mod resend;
