import { chmod, lstat, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { geteuid } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../cli/log.ts';
import { hasCode, isAbsent } from '../host/errors.ts';
import type { Host } from '../host/host.ts';
import type { Collector } from '../scrape/collector.ts';
