-- What they want and what they need, what else they could do, and whether we can help.
create table need (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  note {text}
) {table};
create index need_deal on need (deal_id, created_at);

create table want (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  said_by {text},
  said_on {text},
  answered {text},
  need_id {id} references need (id),
  because {text}
) {table};
create index want_deal on want (deal_id, created_at);

create table alternative (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  title {text} not null,
  worth_low {real} not null,
  worth_likely {real} not null,
  worth_high {real} not null,
  cost_low {real} not null,
  cost_likely {real} not null,
  cost_high {real} not null,
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text},
  best_at {int}
) {table};
create index alternative_deal on alternative (deal_id, created_at);

create table contraindication (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  product_id {id} not null references product (id),
  title {text} not null
) {table};
create index contraindication_product on contraindication (product_id, created_at);

create table bearing (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  contraindication_id {id} not null references contraindication (id),
  deal_id {id} not null references deal (id),
  title {text} not null,
  bears {text} not null,
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text}
) {table};
create index bearing_deal on bearing (deal_id, created_at);
create index bearing_contraindication on bearing (contraindication_id);
