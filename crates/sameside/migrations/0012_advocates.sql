-- What the two advocates find in a deal; made anew from the records at any time. What people answered is kept.
create table finding (
  deal_id {id} not null references deal (id),
  rule {text} not null,
  workspace_id {id} not null references workspace (id),
  side {text} not null,
  evidence {text} not null,
  mark {text} not null,
  found_at {int} not null,
  primary key (deal_id, rule)
) {table};
create index finding_found on finding (workspace_id, found_at, deal_id);

create table reply (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  rule {text} not null,
  mark {text} not null,
  evidence {text} not null,
  choice {text} not null,
  reason {text}
) {table};
create index reply_deal on reply (deal_id, created_at);
