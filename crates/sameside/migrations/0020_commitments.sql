-- What both sides promise each other up to the result, with days; and what such a plan is made of, product by product.
create table commitment (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  side {text} not null,
  title {text} not null,
  note {text},
  owner_id {id} references member (id),
  contact_id {id} references contact (id),
  due_on {text},
  promised_on {text},
  asked_on {text},
  asked_because {text},
  moved_because {text},
  after_id {id} references commitment (id),
  hours_low {real},
  hours_likely {real},
  hours_high {real},
  chance {real},
  confirmed_on {text},
  done_on {text},
  done_note {text}
) {table};
create index commitment_deal on commitment (deal_id, due_on);
create index commitment_owner on commitment (owner_id, due_on);
create index commitment_day on commitment (workspace_id, due_on, id);

create table plan_step (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  product_id {id} not null references product (id),
  side {text} not null,
  title {text} not null,
  place {int} not null,
  days {int} not null,
  hours_low {real},
  hours_likely {real},
  hours_high {real}
) {table};
create index plan_step_product on plan_step (product_id, place);
