limit=134217728
before=1
