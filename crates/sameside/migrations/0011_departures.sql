-- Deals that ended without an agreement: why, what was said to them, and what would bring the deal back.
create table departure (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  way {text} not null,
  side {text},
  reason {text} not null,
  learnt {text},
  message {text},
  referral {text},
  hours_saved {real} not null,
  watch_on {text},
  watch_parameter {text},
  watch_above {real},
  watch_below {real},
  watch_product {text},
  noticed_at {int},
  noticed {text},
  settled_at {int},
  settled_because {text}
) {table};
create index departure_deal on departure (deal_id, created_at);
create index departure_watched on departure (workspace_id, id) where settled_at is null and noticed_at is null and removed_at is null;
create index departure_noticed on departure (workspace_id, noticed_at, id) where settled_at is null and noticed_at is not null and removed_at is null;
