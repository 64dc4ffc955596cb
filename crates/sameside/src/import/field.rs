//! What a row can be, and what its columns can say about it.

use serde::{Deserialize, Serialize};

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody of ours: owners of deals. They come without the right to sign in.
    Member,
    /// A company.
    Company,
    /// Something we offer.
    Product,
    /// A person of a company.
    Contact,
    /// A deal.
    Deal,
    /// Which person has a part in which deal.
    DealContact,
    /// Something that happened: a call, a meeting, an e-mail, a note, a service request.
    Activity,
    /// Something to do.
    Task,
}

impl Kind {
    /// All kinds, each after those it refers to: the order they are brought in.
    pub const ALL: [Kind; 8] = [
        Kind::Member,
        Kind::Company,
        Kind::Product,
        Kind::Contact,
        Kind::Deal,
        Kind::DealContact,
        Kind::Activity,
        Kind::Task,
    ];

    /// The word of the report: `deal`.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Member => "member",
            Kind::Company => "company",
            Kind::Product => "product",
            Kind::Contact => "contact",
            Kind::Deal => "deal",
            Kind::DealContact => "deal_contact",
            Kind::Activity => "activity",
            Kind::Task => "task",
        }
    }

    /// For people, in the plural: `Deals`.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Member => "Members",
            Kind::Company => "Companies",
            Kind::Product => "Products",
            Kind::Contact => "Contacts",
            Kind::Deal => "Deals",
            Kind::DealContact => "Contacts of deals",
            Kind::Activity => "Activities",
            Kind::Task => "Tasks",
        }
    }
}

/// How the values of a field are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it stands.
    Text,
    /// A day or a moment.
    Date,
    /// A number.
    Number,
    /// Money.
    Money,
    /// Yes or no.
    Flag,
}

macro_rules! fields {
    ($($(#[doc = $doc:literal])+ $name:ident = $label:literal, $shape:ident, [$($kind:ident)*];)+) => {
        /// What a column says of the row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[doc = $doc])+ $name),+ }

        impl Field {
            /// Every field, in the order a person would look for it.
            pub const ALL: &[Field] = &[$(Field::$name),+];

            /// What people read.
            pub fn label(self) -> &'static str {
                match self { $(Field::$name => $label),+ }
            }

            /// How its values are read.
            pub fn shape(self) -> Shape {
                match self { $(Field::$name => Shape::$shape),+ }
            }

            /// The kinds of row that have it.
            pub fn kinds(self) -> &'static [Kind] {
                match self { $(Field::$name => &[$(Kind::$kind),*]),+ }
            }
        }
    };
}

fields! {
    /// The other system's own key of the row.
    Id = "Record id", Text, [Member Company Product Contact Deal DealContact Activity Task];
    /// The name.
    Name = "Name", Text, [Member Company Product Contact Deal];
    /// First name.
    FirstName = "First name", Text, [Contact Member];
    /// Last name.
    LastName = "Last name", Text, [Contact Member];
    /// Mr, Dr.
    Salutation = "Salutation", Text, [Contact];
    /// The first e-mail address.
    Email = "E-mail", Text, [Member Contact Company];
    /// More e-mail addresses, any number.
    OtherEmails = "Other e-mails", Text, [Contact];
    /// The first telephone number.
    Phone = "Phone", Text, [Member Contact Company];
    /// Mobile telephone number.
    Mobile = "Mobile phone", Text, [Contact];
    /// Another telephone number.
    OtherPhone = "Other phone", Text, [Contact];
    /// What the person does there.
    JobTitle = "Job title", Text, [Contact Member];
    /// Department.
    Department = "Department", Text, [Contact];
    /// Language the person likes to be spoken to in.
    Language = "Language", Text, [Contact];
    /// Date of birth.
    Birthday = "Date of birth", Date, [Contact];
    /// Web address.
    Website = "Website", Text, [Company];
    /// Domain of the company.
    Domain = "Domain", Text, [Company];
    /// Page on LinkedIn.
    LinkedIn = "LinkedIn", Text, [Company Contact];
    /// Street and number.
    Street = "Street", Text, [Company Contact];
    /// City.
    City = "City", Text, [Company Contact];
    /// State or region.
    Region = "State or region", Text, [Company Contact];
    /// Postal code.
    Postcode = "Postal code", Text, [Company Contact];
    /// Country.
    Country = "Country", Text, [Company Contact];
    /// Industry.
    Industry = "Industry", Text, [Company];
    /// Count of people there.
    Employees = "Employees", Number, [Company];
    /// Revenue a year.
    Revenue = "Revenue a year", Money, [Company];
    /// Year it was founded.
    Founded = "Founded", Number, [Company];
    /// The company it belongs to, by name.
    Parent = "Parent company", Text, [Company];
    /// The company it belongs to, by the other system's key.
    ParentId = "Parent company id", Text, [Company];
    /// The team a member is in.
    Team = "Team", Text, [Member];
    /// The member's manager, by name.
    Manager = "Manager", Text, [Member];
    /// Regional office.
    Office = "Office", Text, [Member];
    /// Whether the member still works here, or the product is still sold.
    Active = "Active", Flag, [Member Product];
    /// Our code of a product.
    Code = "Product code", Text, [Product];
    /// Family of products.
    Category = "Category", Text, [Product];
    /// Usual price.
    Price = "Price", Money, [Product];
    /// Value of a deal.
    Amount = "Value", Money, [Deal];
    /// Currency of the row's amounts.
    Currency = "Currency", Text, [Deal Product Company];
    /// Stage of the pipeline.
    Stage = "Stage", Text, [Deal];
    /// Open, won, lost, where it stands beside the stage.
    Status = "Status", Text, [Deal Activity Task];
    /// Whether it was won.
    Won = "Won", Flag, [Deal];
    /// Whether it is closed.
    Closed = "Closed", Flag, [Deal Task Activity];
    /// Name of the pipeline.
    Pipeline = "Pipeline", Text, [Deal];
    /// The other system's chance, in percent.
    Probability = "Probability", Number, [Deal];
    /// When the deal began.
    OpenedOn = "Begun on", Date, [Deal];
    /// When it was closed, or is expected to be: which of both, the standing tells.
    CloseOn = "Close date", Date, [Deal];
    /// When it is expected to close.
    ExpectedOn = "Expected close date", Date, [Deal];
    /// When it was closed.
    ClosedOn = "Closed on", Date, [Deal];
    /// When it was won.
    WonOn = "Won on", Date, [Deal];
    /// When it was lost.
    LostOn = "Lost on", Date, [Deal];
    /// Why it was lost.
    LostReason = "Reason it ended", Text, [Deal];
    /// Next step.
    NextStep = "Next step", Text, [Deal];
    /// Where it came from.
    Origin = "Source", Text, [Deal Contact Company];
    /// Type of the deal.
    DealType = "Type of deal", Text, [Deal];
    /// Product, by name.
    Product = "Product", Text, [Deal];
    /// Product, by the other system's key.
    ProductId = "Product id", Text, [Deal];
    /// Company, by name.
    Company = "Company", Text, [Contact Deal Activity Task];
    /// Company, by the other system's key.
    CompanyId = "Company id", Text, [Contact Deal Activity Task];
    /// Person, by name.
    Contact = "Contact", Text, [Deal DealContact Activity Task];
    /// Person, by the other system's key.
    ContactId = "Contact id", Text, [Deal DealContact Activity Task];
    /// Person, by e-mail address.
    ContactEmail = "Contact's e-mail", Text, [Deal DealContact Activity Task];
    /// Deal, by name.
    Deal = "Deal", Text, [DealContact Activity Task];
    /// Deal, by the other system's key.
    DealId = "Deal id", Text, [DealContact Activity Task];
    /// A record of any kind, by the other system's key.
    RelatedId = "Related record id", Text, [Activity Task];
    /// Part the person has in the deal.
    Role = "Role", Text, [DealContact];
    /// The first person of the deal.
    Primary = "First contact", Flag, [DealContact];
    /// What an activity or a task is called.
    Subject = "Subject", Text, [Activity Task];
    /// Its text.
    Body = "Text", Text, [Activity Task];
    /// Call, meeting, e-mail, note.
    ActivityType = "Type of activity", Text, [Activity Task];
    /// When it happened.
    At = "Happened on", Date, [Activity];
    /// When it is due.
    Due = "Due on", Date, [Task Activity];
    /// Time of day, where it has a column of its own.
    DueTime = "Due at", Text, [Task Activity];
    /// How long it took.
    Duration = "Duration", Text, [Activity];
    /// Whether it is done.
    Done = "Done", Flag, [Task Activity];
    /// When it was done.
    DoneAt = "Done on", Date, [Task Activity];
    /// Priority.
    Priority = "Priority", Text, [Task Activity];
    /// Owner, by name or e-mail address.
    Owner = "Owner", Text, [Company Product Contact Deal Activity Task];
    /// Owner, by the other system's key.
    OwnerId = "Owner id", Text, [Company Product Contact Deal Activity Task];
    /// Labels.
    Tags = "Tags", Text, [Company Contact Deal];
    /// Anything written about it.
    Description = "Description", Text, [Company Product Contact Deal];
    /// When the other system first had it.
    CreatedAt = "Created on", Date, [Member Company Product Contact Deal Activity Task];
    /// When the other system last changed it.
    UpdatedAt = "Changed on", Date, [Member Company Product Contact Deal Activity Task];
    /// Deleted in the other system.
    Deleted = "Deleted", Flag, [Member Company Product Contact Deal DealContact Activity Task];
    /// When it was deleted in the other system.
    DeletedAt = "Deleted on", Date, [Member Company Product Contact Deal DealContact Activity Task];
}

impl Field {
    /// Whether several columns may go into it; of others the first that holds something counts.
    pub fn takes_several(self) -> bool {
        matches!(
            self,
            Field::OtherEmails | Field::OtherPhone | Field::Street | Field::Tags | Field::Description
        )
    }

    /// Whether a row of `kind` has it.
    pub fn of(self, kind: Kind) -> bool {
        self.kinds().contains(&kind)
    }
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The four files of a published sample of a fictional seller's pipeline.
    CrmPipeline,
    /// HubSpot.
    Hubspot,
    /// Salesforce.
    Salesforce,
    /// Pipedrive.
    Pipedrive,
    /// Twenty.
    Twenty,
    /// Anything else: a spreadsheet of one's own.
    Any,
}

impl Source {
    /// Its name.
    pub fn label(self) -> &'static str {
        match self {
            Source::CrmPipeline => "Sales pipeline sample",
            Source::Hubspot => "HubSpot",
            Source::Salesforce => "Salesforce",
            Source::Pipedrive => "Pipedrive",
            Source::Twenty => "Twenty",
            Source::Any => "a table",
        }
    }

    /// The word it is stored by.
    pub fn word(self) -> &'static str {
        match self {
            Source::CrmPipeline => "crm_pipeline",
            Source::Hubspot => "hubspot",
            Source::Salesforce => "salesforce",
            Source::Pipedrive => "pipedrive",
            Source::Twenty => "twenty",
            Source::Any => "any",
        }
    }
}

/// What a stage's or a status' name means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// Open, and we are getting to know what they want to do.
    Hear,
    /// Open, and the problem is being understood.
    Diagnose,
    /// Open, with a proposal.
    Propose,
    /// Open, and terms are being agreed.
    Agree,
    /// They said yes.
    Won,
    /// It ended without a yes.
    Lost,
}

impl Meaning {
    /// What people choose from.
    pub const ALL: [Meaning; 6] =
        [Meaning::Hear, Meaning::Diagnose, Meaning::Propose, Meaning::Agree, Meaning::Won, Meaning::Lost];

    /// Whether the deal goes on.
    pub fn is_open(self) -> bool {
        !matches!(self, Meaning::Won | Meaning::Lost)
    }
}
