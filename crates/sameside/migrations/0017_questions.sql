-- Questions of a workspace's own, their levels, and how deals answer them.
create table question (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  title {text} not null,
  why {text},
  how {text},
  position {int} not null
) {table};
create index question_workspace on question (workspace_id, position);

create table level (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  question_id {id} not null references question (id),
  name {text} not null,
  position {int} not null
) {table};
create index level_question on level (question_id, position);

create table answer (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  question_id {id} not null references question (id),
  title {text} not null,
  level_id {id} references level (id),
  not_known_at {int},
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text},
  trail {text} not null
) {table};
create unique index answer_deal on answer (deal_id, question_id);
create index answer_question on answer (question_id);
