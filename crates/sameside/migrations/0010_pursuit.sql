-- Pursuing a deal: what went into it, how much may, and what was decided at a stop.
create table effort (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  title {text} not null,
  worked_on {text} not null,
  minutes {int},
  spent_minor {int},
  currency {text} not null
) {table};
create index effort_deal on effort (deal_id, worked_on);

create table budget (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  hours {real} not null,
  reason {text} not null
) {table};
create index budget_deal on budget (deal_id, changed_at);

create table decision (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  choice {text} not null,
  reason {text} not null,
  asked {text} not null,
  hours_spent {real} not null,
  worth {real},
  verdict {text}
) {table};
create index decision_deal on decision (deal_id, created_at);

-- A clock that runs for one member, until it is ended and noted.
create table timer (
  member_id {id} primary key references member (id),
  workspace_id {id} not null references workspace (id),
  deal_id {id} not null references deal (id),
  started_at {int} not null
) {table};
create index timer_deal on timer (deal_id);

-- Which deals ask to be thought over, and why; made anew from the records at any time.
create table pursuit_stop (
  deal_id {id} primary key references deal (id),
  workspace_id {id} not null references workspace (id),
  asked_at {int} not null,
  points {text} not null
) {table};
create index pursuit_stop_asked on pursuit_stop (workspace_id, asked_at, deal_id);

-- How long deals stayed in a stage, counted from the history of moves.
create table stage_stay (
  stage_id {id} primary key references stage (id),
  workspace_id {id} not null references workspace (id),
  stays {int} not null,
  days_p50 {int} not null,
  days_p90 {int} not null,
  counted_at {int} not null
) {table};
create index stage_stay_workspace on stage_stay (workspace_id);
