-- A goodbye to a client may wait for a product to change, too; what came is kept in words.
alter table goodbye add column product_id {id} references product (id);
alter table goodbye add column watch_product {text};
alter table goodbye add column noticed {text};
drop index goodbye_watched;
create index goodbye_watched on goodbye (workspace_id, id)
  where ended_at is null and noticed_at is null and removed_at is null and (watch_on is not null or watch_product is not null);
