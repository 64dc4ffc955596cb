-- How contacts felt, and how often each client is to be heard from.
create table pulse (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} references deal (id),
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  activity_id {id} references activity (id),
  whose {text} not null,
  owner_id {id} references member (id),
  mood {text} not null,
  word {text},
  felt_at {int} not null
) {table};
create index pulse_deal on pulse (deal_id, felt_at);
create index pulse_company on pulse (company_id, felt_at);
create index pulse_contact on pulse (contact_id, felt_at);
create index pulse_activity on pulse (activity_id, whose);

-- Links that ask one person how a contact felt; only the hash of each is kept.
create table pulse_ask (
  token_hash {bytes} primary key,
  workspace_id {id} not null references workspace (id),
  contact_id {id} not null references contact (id),
  company_id {id} references company (id),
  deal_id {id} references deal (id),
  activity_id {id} references activity (id),
  asked_by_id {id} references member (id),
  asked_at {int} not null,
  ends_at {int} not null,
  pulse_id {id} references pulse (id)
) {table};
create index pulse_ask_contact on pulse_ask (contact_id, asked_at);

create table cadence (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  days {int} not null,
  because {text} not null
) {table};
create index cadence_company on cadence (company_id);
create index cadence_contact on cadence (contact_id);

-- Of each client: when somebody last spoke to it, and by when somebody should again; made anew from the records.
create table care (
  client_id {id} primary key,
  workspace_id {id} not null references workspace (id),
  kind {text} not null,
  owner_id {id} references member (id),
  last_at {int},
  cadence_days {int} not null,
  due_at {int} not null
) {table};
create index care_due on care (workspace_id, due_at, client_id);

-- How long clients wait, by their size; made anew every day.
create table fairness (
  workspace_id {id} primary key references workspace (id),
  made_at {int} not null,
  document {text} not null
) {table};
