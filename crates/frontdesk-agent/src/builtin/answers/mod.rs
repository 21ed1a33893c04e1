//! What a question can be answered from besides the documents: the business's own facts and opening hours.

pub mod facts;
pub mod hours;
