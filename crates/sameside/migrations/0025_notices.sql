-- What members are told of, and when they want to be left in peace.
create table notice (
  seq {seq},
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  at {int} not null,
  source {text} not null,
  words {text} not null,
  path {text} not null,
  about_id {id},
  read_at {int}
) {table};
create index notice_member on notice (member_id, seq);
create index notice_unread on notice (member_id, read_at, at);

create table quiet (
  member_id {id} primary key references member (id),
  from_minute {int},
  until_minute {int},
  weekends {int} not null
) {table};
