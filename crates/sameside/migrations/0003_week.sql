-- Hours: what members have, what tasks take and took, what asking takes and is worth.
alter table member add column week_hours {real};
alter table task add column hours_low {real};
alter table task add column hours_likely {real};
alter table task add column hours_high {real};
alter table task add column hours_taken {real};
alter table assessment add column ask_value {real} not null default 0;
alter table assessment add column ask_hours {real} not null default 0;

-- What an hour of a member is worth, drawn from the plan of a week once a week; until then the workspace's own figure counts.
create table hour_value (
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  week {text} not null,
  value {real} not null,
  primary key (workspace_id, member_id)
) {table};

-- Where a member's hours go this week; made anew from the records every day, so it has no history.
create table week_plan (
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  week {text} not null,
  made_at {int} not null,
  document {text} not null,
  primary key (workspace_id, member_id)
) {table};

-- What estimates of tasks have meant so far; made anew from the tasks that are done.
create table promise (
  workspace_id {id} primary key references workspace (id),
  fitted_at {int} not null,
  as_of {text} not null,
  n {int} not null,
  model {text} not null
) {table};
