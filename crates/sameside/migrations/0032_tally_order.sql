-- Counters in the order in which they are added up, whole rows beside each other: a page reads them several times as fast.
-- They are made of the records, so they are counted anew.
drop table tally;
create table tally (
  workspace_id {id} not null references workspace (id),
  name {text} not null,
  month {text} not null,
  currency {text} not null,
  detail {text} not null,
  owner_key {text} not null,
  product_key {text} not null,
  pipeline_key {text} not null,
  n {int} not null,
  total {int} not null,
  primary key (workspace_id, name, month, currency, detail, owner_key, product_key, pipeline_key)
) {keyed};
update tally_place set rules = 0, deal_id = null, activity_id = null, is_done = 0;

-- In which time zone the days of moments are counted.
alter table tally_place add column zone {text} not null default '';

-- Promises: those not done, by the day they were promised for; and all of them, behind a figure.
create index commitment_undone on commitment (workspace_id, promised_on) where done_on is null and removed_at is null;
create index commitment_promised on commitment (workspace_id, promised_on, id);
