-- The page that is shared with a client: links, their secrets, who came in with a passcode, and what was done there.
create table client_link (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  contact_id {id} references contact (id),
  owner_id {id} references member (id),
  title {text} not null,
  language {text},
  expires_at {int} not null,
  revoked_at {int}
) {table};
create index client_link_deal on client_link (deal_id, created_at);

create table client_key (
  link_id {id} primary key references client_link (id),
  workspace_id {id} not null references workspace (id),
  secret_hash {bytes} not null,
  passcode_hash {text},
  tries {int} not null
) {table};
create unique index client_key_secret on client_key (secret_hash);

create table client_entry (
  token_hash {bytes} primary key,
  link_id {id} not null references client_link (id),
  expires_at {int} not null
) {table};
create index client_entry_link on client_entry (link_id, expires_at);

create table client_visit (
  seq {seq},
  workspace_id {id} not null references workspace (id),
  link_id {id} not null references client_link (id),
  at {int} not null,
  what {text} not null,
  address {text} not null,
  agent {text} not null
) {table};
create index client_visit_link on client_visit (link_id, seq);

alter table history add column contact_id {id};
