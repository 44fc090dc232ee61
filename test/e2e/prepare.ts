import { prepare } from './machine.ts';

prepare({ browser: true });
