-- What this instance knows of itself; one row at most, never part of a backup.
create table instance (
  generation {int} primary key
) {table};

-- Who: workspaces, teams, members, how they come in.
create table workspace (
  id {id} primary key,
  name {text} not null,
  currency {text} not null,
  time_zone {text} not null,
  locale {text} not null,
  settings {text} not null,
  version {int} not null,
  created_at {int} not null
) {table};

create table team (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null
) {table};
create index team_name on team (workspace_id, name);

create table member (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  name_folded {text} not null,
  email {text},
  role {text} not null,
  sees {text} not null,
  team_id {id} references team (id),
  time_zone {text},
  locale {text},
  disabled_at {int}
) {table};
create unique index member_email on member (workspace_id, email);
create index member_by_email on member (email);
create index member_name on member (workspace_id, name_folded);

create table credential (
  member_id {id} primary key references member (id),
  password_hash {text} not null,
  changed_at {int} not null
) {table};

create table session (
  token_hash {bytes} primary key,
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  created_at {int} not null,
  seen_at {int} not null,
  expires_at {int} not null,
  agent {text} not null,
  address {text} not null
) {table};
create index session_member on session (member_id, seen_at);

create table pass (
  token_hash {bytes} primary key,
  workspace_id {id} not null references workspace (id),
  member_id {id} not null references member (id),
  purpose {text} not null,
  created_at {int} not null,
  expires_at {int} not null,
  used_at {int}
) {table};
create index pass_member on pass (member_id, purpose);

-- What happened, and what is to be done about it.
create table history (
  seq {seq},
  workspace_id {id} not null,
  at {int} not null,
  actor_id {id},
  via {text} not null,
  import_id {id},
  kind {text} not null,
  subject_id {id} not null,
  about_id {id},
  verb {text} not null,
  title {text} not null,
  changes {text} not null,
  undoes {int}
) {table};
create index history_subject on history (subject_id, seq);
create index history_about on history (about_id, seq);
create index history_workspace on history (workspace_id, seq);
create index history_import on history (import_id, seq);

create table job (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  name {text} not null,
  dedup {text} not null,
  payload {text} not null,
  state {text} not null,
  attempts {int} not null,
  run_at {int} not null,
  lease_until {int},
  error {text},
  created_at {int} not null,
  finished_at {int}
) {table};
create unique index job_once on job (workspace_id, name, dedup) where state = 'ready';
create index job_ready on job (run_at, id) where state = 'ready';
create index job_running on job (lease_until) where state = 'running';
create index job_state on job (workspace_id, state, created_at);

-- Clients and what we offer.
create table company (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  name_folded {text} not null,
  owner_id {id} references member (id),
  parent_id {id} references company (id),
  domain {text},
  phone {text},
  address {text},
  city {text},
  country {text},
  industry {text},
  employees {int},
  revenue_minor {int},
  currency {text} not null,
  founded_year {int},
  matters {text},
  note {text},
  other {text} not null
) {table};
create index company_name on company (workspace_id, name_folded, id);
create index company_recent on company (workspace_id, changed_at, id);
create index company_owner on company (workspace_id, owner_id, name_folded, id);
create index company_removed on company (workspace_id, removed_at, id) where removed_at is not null;
create index company_parent on company (parent_id);
create index company_domain on company (workspace_id, domain);

create table contact (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  name_folded {text} not null,
  company_id {id} references company (id),
  owner_id {id} references member (id),
  email {text},
  phone {text},
  job_title {text},
  matters {text},
  manner {text},
  note {text},
  other {text} not null
) {table};
create index contact_name on contact (workspace_id, name_folded, id);
create index contact_recent on contact (workspace_id, changed_at, id);
create index contact_owner on contact (workspace_id, owner_id, name_folded, id);
create index contact_removed on contact (workspace_id, removed_at, id) where removed_at is not null;
create index contact_company on contact (company_id, name_folded);
create index contact_email on contact (workspace_id, email);

create table product (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  name_folded {text} not null,
  family {text},
  price_minor {int},
  currency {text} not null,
  note {text},
  other {text} not null
) {table};
create index product_name on product (workspace_id, name_folded, id);
create index product_removed on product (workspace_id, removed_at, id) where removed_at is not null;

-- Deals.
create table pipeline (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  name {text} not null,
  position {int} not null
) {table};
create index pipeline_position on pipeline (workspace_id, position);

create table stage (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  pipeline_id {id} not null references pipeline (id),
  name {text} not null,
  phase {text} not null,
  position {int} not null
) {table};
create index stage_position on stage (pipeline_id, position);

create table deal (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  title {text} not null,
  title_folded {text} not null,
  price_sort {int} not null,
  expected_sort {text} not null,
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  product_id {id} references product (id),
  owner_id {id} references member (id),
  pipeline_id {id} not null references pipeline (id),
  stage_id {id} not null references stage (id),
  phase {text} not null,
  standing {text} not null,
  price_minor {int},
  currency {text} not null,
  horizon_months {int} not null,
  refund_share {real} not null,
  opened_on {text},
  expected_on {text},
  agreed_on {text},
  closed_on {text},
  revisit_on {text},
  reason {text},
  moved_at {int} not null,
  goal {text},
  goal_source {text},
  goal_by {text},
  goal_on {text},
  other {text} not null
) {table};
create index deal_recent on deal (workspace_id, standing, changed_at, id);
create index deal_title on deal (workspace_id, standing, title_folded, id);
create index deal_price on deal (workspace_id, standing, price_sort, id);
create index deal_expected on deal (workspace_id, standing, expected_sort, id);
create index deal_stage on deal (stage_id, standing, moved_at, id);
create index deal_owner on deal (owner_id, standing, changed_at, id);
create index deal_company on deal (company_id, changed_at);
create index deal_contact on deal (contact_id, changed_at);

create table figure (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  deal_id {id} references deal (id),
  product_id {id} references product (id),
  parameter {text} not null,
  low {real} not null,
  likely {real} not null,
  high {real} not null,
  source {text} not null,
  said_by {text},
  said_on {text},
  note {text}
) {table};
create index figure_deal on figure (deal_id, parameter);
create index figure_product on figure (product_id, parameter);

create table activity (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  kind {text} not null,
  title {text} not null,
  note {text},
  deal_id {id} references deal (id),
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  owner_id {id} references member (id),
  happened_at {int} not null,
  minutes {int}
) {table};
create index activity_recent on activity (workspace_id, happened_at, id);
create index activity_removed on activity (workspace_id, removed_at, id) where removed_at is not null;
create index activity_deal on activity (deal_id, happened_at);
create index activity_company on activity (company_id, happened_at);
create index activity_contact on activity (contact_id, happened_at);

create table task (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  version {int} not null,
  created_at {int} not null,
  changed_at {int} not null,
  removed_at {int},
  title {text} not null,
  note {text},
  deal_id {id} references deal (id),
  company_id {id} references company (id),
  contact_id {id} references contact (id),
  owner_id {id} references member (id),
  due_on {text},
  done_at {int},
  due_key {text} not null
) {table};
create index task_open on task (workspace_id, due_key, id) where done_at is null and removed_at is null;
create index task_owner on task (workspace_id, owner_id, due_key, id) where done_at is null and removed_at is null;
create index task_done on task (workspace_id, done_at, id) where done_at is not null and removed_at is null;
create index task_done_owner on task (workspace_id, owner_id, done_at, id) where done_at is not null and removed_at is null;
create index task_removed on task (workspace_id, removed_at, id) where removed_at is not null;
create index task_deal on task (deal_id, due_on);
create index task_company on task (company_id, due_on);
create index task_contact on task (contact_id, due_on);

-- What the engine says of a deal; made anew from the records at any time, so it has no history.
create table assessment (
  deal_id {id} primary key references deal (id),
  workspace_id {id} not null references workspace (id),
  owner_id {id},
  deal_version {int} not null,
  assessed_at {int} not null,
  verdict {text} not null,
  reason {text} not null,
  client_chance {real} not null,
  company_chance {real} not null,
  decision_value {real} not null,
  hours_ahead {real} not null,
  hours_wasted {real} not null,
  assumed {int} not null,
  document {text} not null
) {table};
create index assessment_verdict on assessment (workspace_id, verdict, hours_wasted, deal_id);
create index assessment_client on assessment (workspace_id, client_chance, deal_id);
create index assessment_company on assessment (workspace_id, company_chance, deal_id);
create index assessment_value on assessment (workspace_id, decision_value, deal_id);

-- How deals with a product went so far, counted from the closed ones; product_key is empty for all of them.
create table track_record (
  workspace_id {id} not null references workspace (id),
  product_key {text} not null,
  agreed {int} not null,
  ended {int} not null,
  days_p10 {int} not null,
  days_p50 {int} not null,
  days_p90 {int} not null,
  counted_at {int} not null,
  primary key (workspace_id, product_key)
) {table};

-- Imports, and which foreign key became which record.
create table import_run (
  id {id} primary key,
  workspace_id {id} not null references workspace (id),
  member_id {id},
  state {text} not null,
  title {text} not null,
  created_at {int} not null,
  changed_at {int} not null,
  finished_at {int},
  undone_at {int},
  rows_total {int} not null,
  rows_done {int} not null,
  mapping {text} not null,
  report {text} not null
) {table};
create index import_recent on import_run (workspace_id, created_at);

create table external_key (
  workspace_id {id} not null references workspace (id),
  kind {text} not null,
  source {text} not null,
  external_id {text} not null,
  record_id {id} not null,
  import_id {id},
  digest {int} not null,
  primary key (workspace_id, kind, source, external_id)
) {table};
create index external_record on external_key (record_id);
create index external_import on external_key (import_id);

create table import_refusal (
  import_id {id} not null references import_run (id),
  place {int} not null,
  file {text} not null,
  line {int} not null,
  reason {text} not null,
  row_text {text} not null,
  primary key (import_id, place)
) {table};

-- The words of records, for finding one by any of them. Made from the records in the background, and again at any
-- time; search_place says up to which event of the history, and by which rules.
create table search_word (
  workspace_id {id} not null,
  word {text} not null,
  kind {text} not null,
  record_id {id} not null,
  primary key (workspace_id, word, kind, record_id)
) {table};
create index search_record on search_word (record_id, word);
create table search_place (
  name {text} primary key,
  rules {int} not null,
  seq {int} not null
) {table};
