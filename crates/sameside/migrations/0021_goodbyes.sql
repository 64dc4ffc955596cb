-- Clients that we do not serve any longer: why, what was said to them, and the day on which we look again.
create table goodbye (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  company_id {id} not null references company (id),
  owner_id {id} references member (id),
  way {text} not null,
  side {text},
  reason {text} not null,
  learnt {text},
  message {text},
  referral {text},
  hours_saved {real} not null,
  watch_on {text},
  noticed_at {int},
  settled_because {text},
  ended_at {int}
) {table};
create index goodbye_company on goodbye (company_id, created_at);
create index goodbye_watched on goodbye (workspace_id, watch_on, id) where ended_at is null and noticed_at is null and removed_at is null;
