import { parentPort, workerData } from 'node:worker_threads';
import { DURATIONS } from '../adapters/simulator/placement.ts';
import type { Rehearsable, Rehearsed } from '../domain/rehearsal.ts';
import { playAhead } from './rehearsed-walk.ts';

/** What a thread of its own does: `rehearsal.ts` starts it with what is to be played, and ends it. */
const asked: Rehearsable = workerData;
const { drain, patch, restart, catchUp } = DURATIONS;
const rehearsed: Rehearsed = {
  kind: 'rehearsed',
  earliest: await playAhead(asked, 0),
  likely: await playAhead(asked, 0.5),
  assumed: { drain, patch, restart, replicas: catchUp },
};
parentPort?.postMessage(rehearsed);
