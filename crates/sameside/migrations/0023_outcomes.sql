-- What was to change for them, what did, how glad they were; and what past results teach about the next estimate.
create table measure (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  unit {text} not null,
  baseline {real} not null,
  wished {real} not null,
  by_on {text},
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text}
) {table};
create index measure_deal on measure (deal_id, created_at);

create table outcome (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  measured_on {text} not null,
  reached {text} not null,
  achieved {real},
  share {real} not null,
  change_share {real},
  benefit {real},
  delay {real},
  adoption {real},
  delivery {real},
  service {real},
  hours {real},
  client_gain {real} not null,
  company_gain {real} not null,
  thought {text} not null,
  source {text} not null,
  said_by {text},
  note {text},
  learnt {text}
) {table};
create index outcome_deal on outcome (deal_id, created_at);
create index outcome_day on outcome (workspace_id, measured_on, id);

create table gladness (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  moment {text} not null,
  whose {text} not null,
  felt {text} not null,
  because {text},
  said_by {text},
  said_on {text} not null
) {table};
create index gladness_deal on gladness (deal_id, created_at);

create table lesson (
  workspace_id {id} not null references workspace (id),
  subject {text} not null,
  document {text} not null,
  learned_at {int} not null,
  primary key (workspace_id, subject)
) {table};
