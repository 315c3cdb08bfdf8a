limit=1048576
buckets=16384
before=1
