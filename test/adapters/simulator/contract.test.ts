import { SimulatedOperator, SimulatedReader } from '../../../src/adapters/simulator/direct.ts';
import { poolContract } from '../pool-contract.ts';

for (const version of ['2013', '2015', '2019'] as const) {
  poolContract('a simulated pool asked directly', version, async (pools) => ({
    reader: new SimulatedReader(pools),
    operator: new SimulatedOperator(pools),
    close: async () => {},
  }));
}
