-- Documents of a deal. Their bytes are in a folder beside the database, under `stored_id`; `swept_at` says since when they are
-- not there any more, long after the document was removed.
create table attachment (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  title {text} not null,
  name {text} not null,
  media {text} not null,
  size {int} not null,
  sha256 {text} not null,
  stored_id {id} not null,
  shared_at {int},
  swept_at {int}
) {table};
create index attachment_deal on attachment (deal_id, created_at);
create index attachment_removed on attachment (workspace_id, removed_at);
create unique index attachment_stored on attachment (stored_id);
