//! What a customer may want with a sentence. One more intent is a line here, examples in `data/intents.*.toml`, and a
//! place in the policy.

use std::fmt;

macro_rules! intents {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a customer wants with a sentence.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Intent { $($(#[$doc])* $name,)* }

        impl Intent {
            /// Every intent.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in data files and records.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

intents! {
    /// Says hello.
    Greeting = "greeting",
    /// Says goodbye.
    Goodbye = "goodbye",
    /// Says thanks.
    Thanks = "thanks",
    /// Asks how we are.
    HowAreYou = "how_are_you",
    /// Asks who is answering.
    WhoAreYou = "who_are_you",
    /// Asks whether a machine is answering.
    AreYouBot = "are_you_bot",
    /// Asks what can be asked.
    Help = "help",
    /// Asks something about the business.
    Question = "question",
    /// Wants an offer, to be contacted, or to become a customer.
    Lead = "lead",
    /// Wants an appointment or a reservation.
    Booking = "booking",
    /// Wants to change, cancel or look up an appointment.
    BookingChange = "booking_change",
    /// Describes a problem the business may solve.
    Need = "need",
    /// Leaves a name, an address or a number.
    GiveDetails = "give_details",
    /// Corrects what was said or understood.
    Correction = "correction",
    /// Says yes.
    Affirm = "affirm",
    /// Says no.
    Deny = "deny",
    /// Wants a person.
    Human = "human",
    /// Is unhappy.
    Complaint = "complaint",
    /// Is in danger.
    Emergency = "emergency",
    /// Wants no more messages.
    OptOut = "opt_out",
    /// Wants messages again.
    OptIn = "opt_in",
    /// Takes it back.
    NeverMind = "never_mind",
    /// Wants to hear it again.
    Repeat = "repeat",
    /// Wants another language.
    Language = "language",
    /// Does not want to give a detail.
    Refuse = "refuse",
    /// Asks why a detail is needed.
    WhyAsk = "why_ask",
    /// Insults.
    Abuse = "abuse",
    /// Asks for what no front desk does, orders to the machine included.
    OutOfScope = "out_of_scope",
    /// No words in any language.
    Gibberish = "gibberish",
}

impl Intent {
    /// The intent with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|intent| intent.as_str() == name)
    }

    /// Whether it is courtesy that goes along with what a message is really about.
    pub const fn is_courtesy(self) -> bool {
        matches!(self, Self::Greeting | Self::Thanks | Self::HowAreYou | Self::Goodbye)
    }
}

impl fmt::Display for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
