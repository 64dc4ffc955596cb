-- A promise to look at the result together, on the day that the measure says.
alter table commitment add column measure_id {id} references measure (id);
create index commitment_measure on commitment (deal_id) where measure_id is not null;
