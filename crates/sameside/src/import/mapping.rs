//! Which column is which field: guessed, shown, corrected by a person, kept for the next time.

use super::field::{Field, Kind, Meaning, Shape, Source};
use super::fold::key;
use super::values::{DateOrder, DecimalMark};
use serde::{Deserialize, Serialize};

/// How sure we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// From the values, or from little.
    Guess,
    /// The header is a usual word for it.
    Likely,
    /// The source is known and this is its word for it.
    Certain,
    /// A person said so.
    Said,
}

/// A decision about how values are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice<T> {
    /// What is taken.
    pub value: T,
    /// Whether the values (or a person) settle it. If not, a person is to be asked.
    pub settled: bool,
    /// A value that can be read both ways.
    pub example: Option<String>,
}

impl<T> Choice<T> {
    /// A decision nobody needs to be asked about.
    pub fn settled(value: T) -> Choice<T> {
        Choice { value, settled: true, example: None }
    }
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its header as it stands in the file.
    pub header: String,
    /// The field it goes to. Without one its values are kept beside the record, under the header.
    pub field: Option<Field>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Of several columns for one field the lowest rank that holds something counts.
    pub rank: u8,
    /// How its dates are written.
    pub dates: Choice<DateOrder>,
    /// How its numbers are written.
    pub mark: Choice<DecimalMark>,
    /// What its numbers are multiplied by (1,000,000 for a column of millions).
    pub times: u32,
    /// Its first values, for people.
    pub samples: Vec<String>,
    /// Cells that hold something.
    pub filled: u64,
}

/// What one name of a stage or a status means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageMeaning {
    /// The name as it stands in the file.
    pub name: String,
    /// Rows that have it.
    pub rows: u64,
    /// What it means.
    pub meaning: Meaning,
    /// Whether the name is known to mean it, or a person said so.
    pub settled: bool,
}

/// What happened, if the table says it of all its rows and not in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityForm {
    /// A telephone call.
    Call,
    /// A meeting.
    Meeting,
    /// An e-mail.
    Email,
    /// A note.
    Note,
    /// Somebody asked for service.
    Service,
}

/// How a table is read. Can be stored and given again for the next file of the same form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    /// The table it was made for.
    pub file: String,
    /// Where the table comes from.
    pub source: Source,
    /// What its rows are; nothing if that has to be asked.
    pub kind: Option<Kind>,
    /// How sure source and kind are.
    pub confidence: Confidence,
    /// Its columns, in the order of the file.
    pub columns: Vec<Column>,
    /// What its stages mean, the most frequent first.
    pub stages: Vec<StageMeaning>,
    /// The currency (ISO code) of amounts that name none themselves; nothing if that is to be asked.
    pub currency: Option<String>,
    /// What activities are that name no type.
    pub activity: ActivityForm,
}

/// Something a person should say before the import.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "question", rename_all = "snake_case")]
pub enum Question {
    /// What the rows of the table are.
    Kind {
        /// The table.
        file: String,
    },
    /// Which number of the dates is the month.
    DateOrder {
        /// The table.
        file: String,
        /// The column's header.
        column: String,
        /// A value that can be read both ways.
        example: String,
        /// What is taken unless somebody says otherwise.
        suggested: DateOrder,
    },
    /// Whether 1,234 is a thousand or one and a bit.
    DecimalMark {
        /// The table.
        file: String,
        /// The column's header.
        column: String,
        /// A value that can be read both ways.
        example: String,
        /// What is taken unless somebody says otherwise.
        suggested: DecimalMark,
    },
    /// Which currency amounts without one are in.
    Currency {
        /// The table.
        file: String,
    },
    /// What a stage means.
    Stage {
        /// The table.
        file: String,
        /// The stage's name.
        name: String,
        /// Rows that have it.
        rows: u64,
        /// What is taken unless somebody says otherwise.
        suggested: Meaning,
    },
}

impl Question {
    /// Whether a wrong guess would falsify values, so that nothing is imported before somebody answers. The other questions have a
    /// harmless answer: an unknown stage is an open one, and amounts are in the workspace's own currency.
    pub fn must_be_answered(&self) -> bool {
        matches!(self, Question::Kind { .. } | Question::DateOrder { .. } | Question::DecimalMark { .. })
    }
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Question::Kind { file } => write!(
                f,
                "What are the rows of {file}: deals, companies, contacts, products, members, activities or tasks?"
            ),
            Question::DateOrder { file, column, example, .. } => {
                write!(
                    f,
                    "In {file}, “{column}” has dates such as {example}: does the day come first, or the month?"
                )
            }
            Question::DecimalMark { file, column, example, .. } => {
                write!(
                    f,
                    "In {file}, “{column}” has numbers such as {example}: is the mark a decimal one, or does it part thousands?"
                )
            }
            Question::Currency { file } => write!(f, "In which currency are the amounts of {file}?"),
            Question::Stage { file, name, rows, .. } => {
                write!(f, "In {file}, {rows} rows are at “{name}”: is such a deal open, won or lost?")
            }
        }
    }
}

impl Mapping {
    /// The index of the columns that go to `field`, the first choice first.
    pub fn columns_of(&self, field: Field) -> Vec<usize> {
        let mut found: Vec<(u8, usize)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.field == Some(field))
            .map(|(index, column)| (column.rank, index))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, index)| index).collect()
    }

    /// The column that names stages: the stage, or the status if there is no stage.
    pub fn stage_column(&self) -> Option<usize> {
        let first = |field| self.columns_of(field).first().copied();
        first(Field::Stage).or_else(|| first(Field::Status))
    }

    /// What a person should be asked, the weightiest first.
    pub fn questions(&self) -> Vec<Question> {
        let file = || self.file.clone();
        let Some(kind) = self.kind else { return vec![Question::Kind { file: file() }] };
        let mut questions = Vec::new();
        let of_shape = |shape: Shape| {
            self.columns.iter().filter(move |column| {
                column.field.is_some_and(|field| field.of(kind) && field.shape() == shape)
            })
        };
        for column in of_shape(Shape::Date).filter(|column| !column.dates.settled) {
            questions.push(Question::DateOrder {
                file: file(),
                column: column.header.clone(),
                example: column.dates.example.clone().unwrap_or_default(),
                suggested: column.dates.value,
            });
        }
        for column in
            of_shape(Shape::Money).chain(of_shape(Shape::Number)).filter(|column| !column.mark.settled)
        {
            questions.push(Question::DecimalMark {
                file: file(),
                column: column.header.clone(),
                example: column.mark.example.clone().unwrap_or_default(),
                suggested: column.mark.value,
            });
        }
        if self.currency.is_none()
            && of_shape(Shape::Money).next().is_some()
            && self.columns_of(Field::Currency).is_empty()
        {
            questions.push(Question::Currency { file: file() });
        }
        if kind == Kind::Deal {
            for stage in self.stages.iter().filter(|stage| !stage.settled) {
                let name = stage.name.clone();
                questions.push(Question::Stage {
                    file: file(),
                    name,
                    rows: stage.rows,
                    suggested: stage.meaning,
                });
            }
        }
        questions
    }

    /// A person says which field a column goes to, or none. Answers whether there is such a column and the kind has that field.
    pub fn say_field(&mut self, header: &str, field: Option<Field>) -> bool {
        let fits = field.is_none_or(|field| self.kind.is_none_or(|kind| field.of(kind)));
        let Some(column) = self.columns.iter_mut().find(|column| column.header == header).filter(|_| fits)
        else {
            return false;
        };
        column.field = field;
        column.confidence = Confidence::Said;
        column.rank = 0;
        true
    }

    /// A person says in which order the dates of a column, or of all columns, are written.
    pub fn say_dates(&mut self, header: Option<&str>, order: DateOrder) {
        for column in
            self.columns.iter_mut().filter(|column| header.is_none_or(|header| column.header == header))
        {
            column.dates = Choice::settled(order);
        }
    }

    /// A person says which decimal mark a column, or all columns, have.
    pub fn say_mark(&mut self, header: Option<&str>, mark: DecimalMark) {
        for column in
            self.columns.iter_mut().filter(|column| header.is_none_or(|header| column.header == header))
        {
            column.mark = Choice::settled(mark);
        }
    }

    /// A person says what a stage means.
    pub fn say_stage(&mut self, name: &str, meaning: Meaning) {
        let name = key(name);
        for stage in self.stages.iter_mut().filter(|stage| key(&stage.name) == name) {
            stage.meaning = meaning;
            stage.settled = true;
        }
    }
}
