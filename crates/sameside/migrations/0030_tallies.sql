-- Counters kept with the writes: what the records of a workspace come to, by month, whose deals, product, pipeline, currency.
-- An empty key is for none. Made anew from the records when the rules by which they are counted change.
create table tally (
  workspace_id {id} not null references workspace (id),
  name {text} not null,
  month {text} not null,
  owner_key {text} not null,
  product_key {text} not null,
  pipeline_key {text} not null,
  currency {text} not null,
  detail {text} not null,
  n {int} not null,
  total {int} not null,
  primary key (workspace_id, name, month, owner_key, product_key, pipeline_key, currency, detail)
) {table};

-- By which rules they were counted, and up to which record, while that is under way.
create table tally_place (
  workspace_id {id} primary key references workspace (id),
  rules {int} not null,
  deal_id {id},
  activity_id {id},
  is_done {int} not null
) {table};
insert into tally_place (workspace_id, rules, is_done) select id, 0, 0 from workspace;

-- The deals behind a figure, by the day they ended or were agreed.
create index deal_closed on deal (workspace_id, closed_on, id) where closed_on is not null;
create index deal_agreed on deal (workspace_id, agreed_on, id) where agreed_on is not null;

-- The few among many: sales that were wrong, and what was learnt.
create index outcome_worse on outcome (workspace_id, deal_id) where client_gain < 0;
create index outcome_learnt on outcome (workspace_id, measured_on) where learnt is not null;
create index gladness_never on gladness (workspace_id, deal_id) where felt = 'would_not_again';
create index gladness_day on gladness (workspace_id, said_on, id);
create index departure_learnt on departure (workspace_id, deal_id) where learnt is not null;
