-- Finds what was begun and never finished: the process that was at it has ended.
create index inbox_started on inbox (consumer, changed_at) where state = 'started';
