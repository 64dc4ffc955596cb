-- What members were told of, so that what is looked at again and again is told once; when clients last did something on
-- their page, which counts as contact like any other.
create table told (
  member_id {id} not null references member (id),
  mark {text} not null,
  at {int} not null,
  primary key (member_id, mark)
) {table};
create index told_at on told (at);

create table client_heard (
  deal_id {id} primary key references deal (id),
  workspace_id {id} not null references workspace (id),
  at {int} not null
) {table};
