import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing, skip } from './find.ts';

if (skip !== false) process.stderr.write(`${missing}\n`);

test('there is a PowerShell to run the scripts on', { skip }, () => assert.equal(skip, false));
