-- What is promised and not done: tasks of ours, and the commitments of both sides.
create view open_work as
  select id, workspace_id, deal_id, owner_id, 'company' as side, title, hours_low, hours_likely, hours_high, due_on
    from task where done_at is null and removed_at is null
  union all
  select id, workspace_id, deal_id, owner_id, side, title, hours_low, hours_likely, hours_high, due_on
    from commitment where done_on is null and removed_at is null;
