-- What a client is asked on their page, and what they report of the result.
create table client_question (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  title {text} not null,
  question_id {id} references question (id),
  parameter {text},
  said {text},
  answered_at {int}
) {table};
create index client_question_deal on client_question (deal_id, created_at);

create table client_report (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  reached {text} not null,
  achieved {real},
  said_by {text},
  said_on {text} not null,
  note {text}
) {table};
create index client_report_deal on client_report (deal_id, created_at);
