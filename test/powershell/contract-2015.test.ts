import { onThisMachine, throughPowerShell } from '../../src/adapters/simulator/through-powershell.ts';
import { poolContract } from '../adapters/pool-contract.ts';
import { powershell, skip } from './find.ts';

poolContract('a pool through PowerShell', '2015', (pools) => throughPowerShell(pools, onThisMachine(powershell)), skip);
