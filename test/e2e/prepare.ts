import { prepare } from './machine.ts';

prepare();
