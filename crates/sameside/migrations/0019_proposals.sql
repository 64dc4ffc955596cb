-- Proposals in versions, and what clients allowed us to tell of what they reached.
create table proposal (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  number {int} not null,
  lines {text} not null,
  because {text},
  content {text} not null,
  offering_id {id} references offering (id),
  issued_on {text},
  promised {real},
  reach {real}
) {table};
create index proposal_deal on proposal (deal_id, number);

create table story (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  told {text} not null
) {table};
create index story_deal on story (deal_id);
