//! The kinds of records.

use crate::base::codes;

codes! {
    /// What a record is.
    pub enum Kind {
        /// A client that is an organisation.
        Company = "company", "Company";
        /// A person.
        Contact = "contact", "Contact";
        /// What we offer.
        Product = "product", "Product";
        /// An engagement.
        Deal = "deal", "Deal";
        /// A figure of a deal or of a product's profile, with its evidence.
        Figure = "figure", "Figure";
        /// Something the client wants, in its words.
        Want = "want", "Want";
        /// Something it needs.
        Need = "need", "Need";
        /// Something it could do instead.
        Alternative = "alternative", "Alternative";
        /// When a product does not help.
        Contraindication = "contraindication", "Limit of what it is for";
        /// Whether that is so in a deal.
        Bearing = "bearing", "Answer whether we can help";
        /// A part of what the problem costs them.
        CostPart = "cost_part", "Part of what the problem costs";
        /// What somebody on their side has to say.
        Voice = "voice", "Voice in the decision";
        /// A step until they decide.
        Step = "step", "Step";
        /// Why something was proposed early.
        Early = "early", "Reason to propose early";
        /// A question of our own, asked of every deal.
        Question = "question", "Question";
        /// One of its answers.
        Level = "level", "Answer to choose";
        /// What a deal says to it.
        Answer = "answer", "Answer to a question";
        /// What was done: a call, a meeting, an e-mail, a note.
        Activity = "activity", "Activity";
        /// What is to be done.
        Task = "task", "Task";
        /// Something a client asks us to help with.
        Request = "request", "Request";
        /// What was said inside one.
        Message = "message", "Word";
        /// How a contact felt.
        Pulse = "pulse", "Pulse";
        /// How often one client is to be heard from.
        Cadence = "cadence", "Cadence";
        /// A text to answer with.
        Template = "template", "Text to answer with";
        /// A dated promise of either side.
        Commitment = "commitment", "Promise";
        /// A step that plans about a product begin with.
        PlanStep = "plan_step", "Step of the usual plan";
        /// Hours or money that went into a deal.
        Effort = "effort", "Entry";
        /// The hours that may go into a deal.
        Budget = "budget", "Budget";
        /// The answer to the question whether to go on.
        Decision = "decision", "Decision";
        /// How a deal was left.
        Departure = "departure", "Departure";
        /// A client that we do not serve any longer.
        Goodbye = "goodbye", "Goodbye";
        /// Something given beyond the offer.
        Concession = "concession", "Concession";
        /// What is to change for them, as a figure.
        Measure = "measure", "Measure";
        /// What became of a deal.
        Outcome = "outcome", "Result";
        /// How glad they were to pay.
        Gladness = "gladness", "Gladness";
        /// Who says yes for whom.
        Delegation = "delegation", "Stand-in";
        /// What could be in a deal, and what that is worth to both.
        Negotiation = "negotiation", "Table";
        /// Offers that were made at once.
        Offering = "offering", "Offers";
        /// A link to the page of a client.
        ClientLink = "client_link", "Client link";
        /// Something a client is asked on their page.
        ClientQuestion = "client_question", "Question to the client";
        /// What a client reports of the result.
        ClientReport = "client_report", "Report of the client";
        /// A document of a deal.
        Attachment = "attachment", "Document";
        /// A version of a proposal.
        Proposal = "proposal", "Proposal";
        /// What a client allowed us to tell.
        Story = "story", "Story";
        /// What was said in the weekly review.
        Meeting = "meeting", "Notes of a meeting";
        /// An answer to what an advocate found.
        Reply = "reply", "Answer";
        /// An order of stages.
        Pipeline = "pipeline", "Pipeline";
        /// A step of a pipeline.
        Stage = "stage", "Stage";
        /// Somebody of ours.
        Member = "member", "Member";
        /// Members who share what they see.
        Team = "team", "Team";
        /// A company's own Sameside, with its settings: no record, but its changes are in the history too.
        Workspace = "workspace", "Workspace";
    }
}

impl Kind {
    /// Where its records live: `/deals`; none for those shown as part of another.
    pub const fn path(self) -> Option<&'static str> {
        match self {
            Self::Company => Some("/companies"),
            Self::Contact => Some("/contacts"),
            Self::Product => Some("/products"),
            Self::Deal => Some("/deals"),
            Self::Activity => Some("/activities"),
            Self::Task => Some("/tasks"),
            Self::Concession => Some("/concessions"),
            Self::Request => Some("/service"),
            Self::Template => Some("/settings/templates"),
            Self::Question => Some("/settings/questions"),
            Self::Pipeline => Some("/settings/pipelines"),
            Self::Member => Some("/settings/members"),
            Self::Team => Some("/settings/teams"),
            Self::Workspace => Some("/settings"),
            Self::Figure
            | Self::Want
            | Self::Need
            | Self::Alternative
            | Self::Contraindication
            | Self::Bearing
            | Self::CostPart
            | Self::Early
            | Self::Voice
            | Self::Step
            | Self::Level
            | Self::Answer
            | Self::Stage
            | Self::Message
            | Self::Pulse
            | Self::Cadence
            | Self::Commitment
            | Self::PlanStep
            | Self::Effort
            | Self::Budget
            | Self::Decision
            | Self::Departure
            | Self::Goodbye
            | Self::Delegation
            | Self::Negotiation
            | Self::Offering
            | Self::Proposal
            | Self::ClientLink
            | Self::ClientQuestion
            | Self::ClientReport
            | Self::Attachment
            | Self::Story
            | Self::Measure
            | Self::Outcome
            | Self::Gladness
            | Self::Meeting
            | Self::Reply => None,
        }
    }

    /// The page of one record.
    pub fn page(self, id: uuid::Uuid) -> Option<String> {
        match self {
            Self::Workspace => Some("/settings".into()),
            // They have a list and no page each.
            Self::Concession => Some("/concessions".into()),
            Self::Template => Some("/settings/service".into()),
            _ => self.path().map(|path| format!("{path}/{id}")),
        }
    }
}
