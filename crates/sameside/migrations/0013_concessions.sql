-- What was given beyond the offer, what came back, and who may say yes while somebody is away.
create table concession (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  title {text} not null,
  cost_low {real} not null,
  cost_likely {real} not null,
  cost_high {real} not null,
  cost_source {text} not null,
  worth_low {real},
  worth_likely {real},
  worth_high {real},
  worth_source {text},
  came_back {text},
  nothing_because {text},
  share {real} not null,
  state {text} not null,
  decided_by_id {id} references member (id),
  decided_at {int},
  decided_because {text}
) {table};
create index concession_deal on concession (deal_id, created_at);
create index concession_state on concession (workspace_id, state, created_at, id);
create index concession_owner on concession (workspace_id, owner_id, created_at);

create table delegation (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  owner_id {id} not null references member (id),
  to_id {id} not null references member (id),
  from_on {text} not null,
  until_on {text} not null
) {table};
create index delegation_to on delegation (to_id, until_on);
create index delegation_owner on delegation (owner_id, until_on);
