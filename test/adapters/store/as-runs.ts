import type { OpenedStore } from '../../../src/adapters/store/opened.ts';

/** The journals of operations, behind the names of those of runs: what holds of one has to hold of the other. */
export const operationsAsRuns = (store: OpenedStore): OpenedStore =>
  ({
    ...store,
    openRun: store.openOperation,
    read: store.readOperation,
    append: store.appendOperation,
    activeRuns: store.activeOperations,
    runsOf: store.operationsOf,
  }) as unknown as OpenedStore;
