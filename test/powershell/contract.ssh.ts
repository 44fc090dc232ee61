import { throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { poolContract } from '../adapters/pool-contract.ts';
import { overSsh } from './sshd.ts';

poolContract('a pool over SSH', '2015', (pools) => throughPowerShell(pools, overSsh));
