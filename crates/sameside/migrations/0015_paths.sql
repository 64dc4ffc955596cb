-- What the problem costs in parts, who decides and how, and the steps until they do.
create table cost_part (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  times_low {real} not null,
  times_likely {real} not null,
  times_high {real} not null,
  each_low {real} not null,
  each_likely {real} not null,
  each_high {real} not null,
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text}
) {table};
create index cost_part_deal on cost_part (deal_id, created_at);

create table voice (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  contact_id {id} not null references contact (id),
  title {text} not null,
  part {text} not null,
  note {text}
) {table};
create index voice_deal on voice (deal_id, created_at);
create index voice_contact on voice (contact_id);

create table step (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  position {int} not null,
  hours_low {real},
  hours_likely {real},
  hours_high {real},
  went_on {real},
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text},
  passed_at {int}
) {table};
create index step_deal on step (deal_id, position);
