-- What could be in a deal: issues with options and what they are worth to both sides; a product's own table; offers.
create table negotiation (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} references deal (id),
  product_id {id} references product (id),
  issues {text} not null,
  last_key {int} not null,
  our_least {real} not null,
  our_least_because {text},
  their_least {real} not null,
  their_least_because {text},
  current_package {text} not null,
  requested_package {text} not null,
  agreed_package {text} not null,
  agreed_on {text}
) {table};
create index negotiation_deal on negotiation (deal_id);
create index negotiation_product on negotiation (product_id);

create table offering (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} not null references deal (id),
  owner_id {id} references member (id),
  offers {text} not null,
  state {text} not null,
  picked {int},
  said {text},
  answered_at {int}
) {table};
create index offering_deal on offering (deal_id, created_at);
