-- Requests for help: what was asked, what was promised, what was said, when it was answered and resolved; texts to answer with.
create table request (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  title {text} not null,
  said {text},
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  deal_id {id} references deal (id),
  task_id {id} references task (id),
  owner_id {id} references member (id),
  channel {text} not null,
  opened_at {int} not null,
  answer_hours {real} not null,
  resolve_hours {real} not null,
  answer_by {int} not null,
  resolve_by {int} not null,
  first_answered_at {int},
  answer_minutes {real},
  last_word_at {int} not null,
  turn {text} not null,
  theirs_since {int},
  theirs_minutes {real} not null,
  resolved_at {int},
  resolved_how {text},
  resolve_minutes {real},
  reopened {int} not null,
  due_at {int}
) {table};
create index request_due on request (workspace_id, due_at, id) where due_at is not null;
create index request_theirs on request (workspace_id, theirs_since, id) where theirs_since is not null;
create index request_resolved on request (workspace_id, resolved_at, id) where resolved_at is not null;
create index request_opened on request (workspace_id, opened_at, id);
create index request_removed on request (workspace_id, removed_at, id) where removed_at is not null;
create index request_company on request (company_id, last_word_at);
create index request_contact on request (contact_id, last_word_at);
create index request_deal on request (deal_id, last_word_at);

create table message (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  request_id {id} not null references request (id),
  side {text} not null,
  shown {text} not null,
  owner_id {id} references member (id),
  contact_id {id} references contact (id),
  text {text} not null,
  said_at {int} not null
) {table};
create index message_request on message (request_id, said_at, id);

create table template (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  text {text} not null,
  name_folded {text} not null
) {table};
create index template_name on template (workspace_id, name_folded, id);

alter table product add column answer_hours {real};
alter table product add column resolve_hours {real};
