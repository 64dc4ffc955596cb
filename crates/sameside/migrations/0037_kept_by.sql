-- What became of promises by who has them: a client's people are many, so their counters are read in the order of the person.
create index tally_person on tally (workspace_id, name, detail, month, owner_key, product_key, pipeline_key, n)
  where name in ('promise_ours', 'promise_theirs');
