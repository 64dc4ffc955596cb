-- The promise of a deal's plan that answers a request.
alter table request add column commitment_id {id};
create index request_commitment on request (commitment_id) where commitment_id is not null;
