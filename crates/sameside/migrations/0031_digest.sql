-- What was told to a member on a day or for a week, kept as it stood; what each member chose; what was said in the weekly review.
create table digest (
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  span {text} not null,
  day {text} not null,
  made_at {int} not null,
  document {text} not null,
  primary key (member_id, span, day)
) {table};
create index digest_workspace on digest (workspace_id, day);

create table digest_choice (
  member_id {id} primary key references member (id),
  workspace_id {id} not null references workspace (id),
  choice {text} not null,
  changed_at {int} not null
) {table};
create index digest_choice_workspace on digest_choice (workspace_id);

create table meeting (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  week {text} not null,
  note {text} not null
) {table};
create index meeting_week on meeting (workspace_id, week);

-- What clients did by themselves, and what advocates were answered, are few among much.
create index history_client on history (workspace_id, at) where via = 'client';
create index reply_made on reply (workspace_id, created_at);
create index departure_made on departure (workspace_id, created_at);
