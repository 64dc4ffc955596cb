-- What was learned from the deals that ended, one row a workspace; made anew from the records, so it has no history.
create table forecast (
  workspace_id {id} primary key references workspace (id),
  fitted_at {int} not null,
  as_of {text} not null,
  n {int} not null,
  n_won {int} not null,
  is_better {int} not null,
  skill {text} not null,
  model {text} not null
) {table};

-- What the open deals will bring as of a day: all of them under the empty key, and what a team or a member sees.
create table outlook (
  workspace_id {id} not null references workspace (id),
  view_key {text} not null,
  as_of {text} not null,
  document {text} not null,
  primary key (workspace_id, view_key)
) {table};

-- Up to which day the work of every day was asked for.
create table morning (
  workspace_id {id} primary key references workspace (id),
  day {text} not null
) {table};
