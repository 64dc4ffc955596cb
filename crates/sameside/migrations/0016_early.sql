-- Why something was proposed before the diagnosis was complete.
create table early (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  title {text} not null,
  missing {text} not null
) {table};
create index early_deal on early (deal_id, created_at);
